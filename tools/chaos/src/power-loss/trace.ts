/** What a process did to its files, in the order in which the kernel had done it. */
export type DiskOperation =
  /** A directory, or an empty file where there was none. */
  | { readonly kind: 'make'; readonly path: string; readonly directory: boolean }
  | {
      readonly kind: 'write';
      readonly path: string;
      readonly offset: number;
      readonly bytes: Buffer;
      readonly durable: boolean;
    }
  | { readonly kind: 'resize'; readonly path: string; readonly bytes: number }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  /** Another name for a file. */
  | { readonly kind: 'link'; readonly from: string; readonly to: string }
  | { readonly kind: 'remove'; readonly path: string }
  /** `since`: what was done before this operation is on disk. Of a directory: the names in it. */
  | { readonly kind: 'sync'; readonly path: string; readonly since: number };

/** The calls that {@link readTrace} has to see. */
export const tracedCalls =
  'openat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,unlink,unlinkat,rmdir,lseek,write,writev,pwrite64,pwritev,pwritev2,ftruncate,fallocate,' +
  'fsync,fdatasync,mmap,io_uring_setup,sync_file_range,copy_file_range';

/** How strace is to be called so that {@link readTrace} understands what it writes: all calls with their files, writes with their bytes. */
export const traceArguments = ['-f', '-y', '-s', '0', '-e', `trace=${tracedCalls}`, '-e', 'write=all', '-e', 'signal=none'];

interface Call {
  readonly name: string;
  readonly args: string;
  readonly result: number;
  /** Strace made the result up, and the kernel did nothing. */
  readonly injected: boolean;
  readonly bytes: Buffer;
  /** How many operations there were when it began. */
  readonly begunAt: number;
}

const line = /^\d+ +(\w+)\((.*)\) += (-?\d+)(.*)$/;
const unfinished = /^(\d+) +(\w+)\((.*) <unfinished \.\.\.>$/;
const resumed = /^(\d+) +<\.\.\. (\w+) resumed>(.*)$/;
/** Sixteen bytes, with a wider gap after eight; what they are as text follows. */
const dumped = /^ \| [0-9a-f]{5,} {2}(.{48})/;

/** Reads what strace wrote, as far as it is about files below the directory. Throws at a call that it cannot follow. */
export function readTrace(text: string, directory: string): readonly DiskOperation[] {
  const operations: DiskOperation[] = [];
  const disk = followerOf(directory, operations);
  const begun = new Map<string, { readonly args: string; readonly at: number }>();
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const start = unfinished.exec(lines[i]!);
    if (start !== null) {
      begun.set(start[1]!, { args: start[3]!, at: operations.length });
      continue;
    }
    const rest = resumed.exec(lines[i]!);
    const before = rest === null ? undefined : begun.get(rest[1]!);
    const whole = line.exec(rest === null ? lines[i]! : `${rest[1]} ${rest[2]}(${before?.args ?? ''}${rest[3]}`);
    if (whole === null) continue;
    const chunks: Buffer[] = [];
    for (; /^ [|*]/.test(lines[i + 1] ?? ''); i++) {
      const bytes = dumped.exec(lines[i + 1]!)?.[1];
      if (bytes !== undefined) chunks.push(Buffer.from(bytes.replaceAll(' ', ''), 'hex'));
    }
    const [, name = '', args = '', result, note = ''] = whole;
    const call = { name, args, result: Number(result), injected: note.includes('INJECTED') };
    disk({ ...call, bytes: Buffer.concat(chunks), begunAt: before?.at ?? operations.length });
  }
  return operations;
}

/** Turns calls into operations. Offsets of open files are its own to know: a plain write names none. */
function followerOf(directory: string, operations: DiskOperation[]): (call: Call) => void {
  const offsets = new Map<string, number>();
  const sizes = new Map<string, number>();
  const durable = new Set<string>();
  const isOurs = (path: string): boolean => path === directory || path.startsWith(`${directory}/`);

  function wrote(call: Call, offset: number): void {
    const { descriptor, path } = fileOf(call.args);
    if (call.injected || call.result <= 0) return;
    const bytes = call.bytes.subarray(0, call.result);
    if (bytes.length < call.result) throw new Error(`The trace lacks bytes of ${call.name} on ${path}.`);
    operations.push({ kind: 'write', path, offset, bytes, durable: durable.has(descriptor) });
    sizes.set(path, Math.max(sizes.get(path) ?? 0, offset + bytes.length));
  }

  function opened({ args, result, injected }: Call): void {
    const [, path = '', flags = ''] = /"([^"]*)", ([A-Z_|]+)/.exec(args) ?? [];
    if (result < 0 || injected || !isOurs(path) || flags.includes('O_DIRECTORY')) return;
    const descriptor = String(result);
    offsets.set(descriptor, flags.includes('O_APPEND') ? Infinity : 0);
    if (/O_D?SYNC/.test(flags)) durable.add(descriptor);
    else durable.delete(descriptor);
    if (flags.includes('O_CREAT') && !sizes.has(path)) {
      operations.push({ kind: 'make', path, directory: false });
      sizes.set(path, 0);
    } else if (flags.includes('O_TRUNC') && sizes.get(path) !== 0) {
      operations.push({ kind: 'resize', path, bytes: 0 });
      sizes.set(path, 0);
    }
  }

  function follow(call: Call): void {
    const { name, args, result, begunAt, injected } = call;
    const { descriptor, path } = fileOf(args);
    const last = (): number => Number(/(\d+)[^,]*$/.exec(args)?.[1]);
    switch (name) {
      case 'write':
      case 'writev': {
        const at = offsets.get(descriptor) ?? 0;
        const offset = at === Infinity ? (sizes.get(path) ?? 0) : at;
        wrote(call, offset);
        if (at !== Infinity) offsets.set(descriptor, offset + Math.max(0, result));
        return;
      }
      case 'pwrite64':
      case 'pwritev':
        return wrote(call, last());
      case 'lseek':
        offsets.set(descriptor, result);
        return;
      case 'fsync':
      case 'fdatasync':
        if (result === 0 && !injected) operations.push({ kind: 'sync', path, since: begunAt });
        return;
      case 'ftruncate':
        if (result === 0 && !injected) {
          operations.push({ kind: 'resize', path, bytes: last() });
          sizes.set(path, last());
        }
        return;
      case 'mmap':
        if (/PROT_WRITE.*MAP_SHARED/.test(args) && !path.endsWith('-lock')) break;
        return;
    }
    throw new Error(`The trace has a call that cannot be followed: ${name}(${args.slice(0, 200)}).`);
  }

  return (call) => {
    if (call.name === 'openat') return opened(call);
    const names = [...call.args.matchAll(/"([^"]*)"/g)].map(([, path]) => path!);
    if (call.name.startsWith('mkdir')) {
      if (call.result === 0 && isOurs(names[0]!)) operations.push({ kind: 'make', path: names[0]!, directory: true });
    } else if (call.name.startsWith('rename')) {
      const [from = '', to = ''] = names;
      if (call.result !== 0 || !isOurs(to)) return;
      operations.push({ kind: 'rename', from, to });
      sizes.set(to, sizes.get(from) ?? 0);
      sizes.delete(from);
    } else if (call.name.startsWith('link')) {
      const [from = '', to = ''] = names;
      if (call.result !== 0 || !isOurs(to)) return;
      operations.push({ kind: 'link', from, to });
      sizes.set(to, sizes.get(from) ?? 0);
    } else if (call.name.startsWith('unlink') || call.name === 'rmdir') {
      const [path = ''] = names;
      if (call.result !== 0 || !isOurs(path)) return;
      operations.push({ kind: 'remove', path });
      sizes.delete(path);
    } else if (isOurs(fileOf(call.args).path)) follow(call);
  };
}

/** Which file a call is about: `19</data/log/data.mdb>`, first or (of mmap) further on. */
function fileOf(args: string): { readonly descriptor: string; readonly path: string } {
  const [, descriptor = '', path = ''] = /(?:^|, )(\d+)<([^>]*)>/.exec(args) ?? [];
  return { descriptor, path };
}
