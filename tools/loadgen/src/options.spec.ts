import { describe, expect, it } from '@jest/globals';
import { loadgenCommand, readOptions } from './options.js';

const read = (...args: readonly string[]) => readOptions(['node', 'loadgen', ...args]);

describe('the options of loadgen', () => {
  it('are shown with each default once, as it would be written', () => {
    const help = loadgenCommand().configureHelp({ helpWidth: 1_000 }).helpInformation();
    const mix = help.split('\n').find((line) => line.includes('--mix'))!;
    expect(mix).toMatch(/reported \(default: abuse=[\d.]+,cheating=[\d.]+,other=[\d.]+\)$/);
    for (const line of help.split('\n')) expect(line.split('(default').length).toBeLessThanOrEqual(2);
  });

  it('take the default that they show', () => {
    const help = loadgenCommand().configureHelp({ helpWidth: 1_000 }).helpInformation();
    const shown = /default: (abuse=[^)]+)\)/.exec(help)![1]!;
    expect(read('--mix', shown).mix).toEqual(read().mix);
  });

  it('name the services on the ports of npm start, or where they are', () => {
    expect(read('--port-base', '4000')).toMatchObject({
      url: 'http://127.0.0.1:4000',
      teams: ['http://127.0.0.1:4001', 'http://127.0.0.1:4002', 'http://127.0.0.1:4003'],
    });
    expect(read('--url', 'http://a/', '--team', 'http://b', 'http://c/')).toMatchObject({
      url: 'http://a',
      teams: ['http://b', 'http://c'],
    });
  });

  it('give bursts and batches a size where none is said', () => {
    expect(read()).toMatchObject({ burst: 0, batch: 1 });
    expect(read('--burst', '--batch')).toMatchObject({ burst: 5, batch: 100 });
    expect(read('--burst', '7', '--batch', '3')).toMatchObject({ burst: 7, batch: 3 });
  });
});
