import { createRequire } from 'node:module';

interface Bar {
  start(total: number, value: number, payload: { note: string }): void;
  update(value: number, payload: { note: string }): void;
  setTotal(total: number): void;
  stop(): void;
}

// The package has no types of its own; this is what is used of it.
const { SingleBar, Presets } = createRequire(import.meta.url)('cli-progress') as {
  SingleBar: new (options: object, preset: object) => Bar;
  Presets: { shades_classic: object };
};

export interface Progress {
  update(done: number, total: number, note?: string): void;
  stop(): void;
}

/** A progress bar on stderr; none where that is no terminal. */
export function showProgress(label: string, total: number): Progress {
  const format = `${label.padEnd(10)} {bar} {value}/{total} {note}`;
  const options = { format, stream: process.stderr, hideCursor: true, clearOnComplete: true, barsize: 30, fps: 5 };
  const bar = new SingleBar(options, Presets.shades_classic);
  bar.start(total, 0, { note: '' });
  return {
    update(done, ofTotal, note = '') {
      bar.setTotal(ofTotal);
      bar.update(done, { note });
    },
    stop: () => bar.stop(),
  };
}
