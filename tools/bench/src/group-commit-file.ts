import { open } from 'node:fs/promises';

/** A file that lines are appended to: as plain as durable storage can be. */
export interface GroupCommitFile {
  /** Resolves when the line is on disk. Whatever comes during one flush shares the next. */
  append(line: Buffer): Promise<void>;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

interface Waiting {
  readonly line: Buffer;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const lineEnd = Buffer.from('\n');

export async function openGroupCommitFile(path: string): Promise<GroupCommitFile> {
  const file = await open(path, 'a');
  let waiting: Waiting[] = [];
  let flushing: Promise<void> | undefined;

  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      try {
        await file.appendFile(Buffer.concat(group.flatMap(({ line }) => [line, lineEnd])));
        await file.datasync();
        for (const { resolve } of group) resolve();
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    flushing = undefined;
  }

  return {
    append: (line) =>
      new Promise((resolve, reject) => {
        waiting.push({ line, resolve, reject });
        flushing ??= flush();
      }),
    async close() {
      await flushing;
      await file.close();
    },
  };
}
