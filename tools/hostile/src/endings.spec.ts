import { describe, expect, it } from '@jest/globals';

import { createEndings } from './endings.js';

describe('endings', () => {
  it('end each thing once, whoever asks first', async () => {
    const endings = createEndings();
    const ended: string[] = [];
    const endOne = endings.add(async () => void ended.push('one'));
    endings.add(async () => void ended.push('two'));
    await endOne();
    expect(endings.signal.aborted).toBe(false);
    await endings.endAll();
    await endOne();
    expect(ended).toEqual(['one', 'two']);
    expect(endings.signal.aborted).toBe(true);
  });

  it('wait for what is under way', async () => {
    const endings = createEndings();
    let finish!: () => void;
    const endOne = endings.add(() => new Promise((resolve) => (finish = resolve)));
    const [asked, all] = [endOne(), endings.endAll()];
    let isOver = false;
    void all.then(() => (isOver = true));
    await new Promise(setImmediate);
    expect(isOver).toBe(false);
    finish();
    await Promise.all([asked, all]);
  });

  it('end the rest where one fails, and tell it', async () => {
    const endings = createEndings();
    const ended: string[] = [];
    endings.add(() => Promise.reject(new Error('busy')));
    endings.add(async () => void ended.push('two'));
    await expect(endings.endAll()).rejects.toThrow('busy');
    expect(ended).toEqual(['two']);
  });
});
