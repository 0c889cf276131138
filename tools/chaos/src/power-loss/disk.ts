import type { Random } from '@ringside/random';

import type { DiskOperation } from './trace.js';

/** What a disk does by itself: a write of this many bytes, at a place that is a multiple of it, is done or not done. */
const sectorBytes = 512;

/** What may be left of the writes that no sync had covered when the power went. */
export const losses = ['none of them', 'all of them', 'any of them', 'the late ones alone', 'all but one sector'] as const;
export type Loss = (typeof losses)[number];

/** Files by their path; directories are those that they lie in. */
export type Image = ReadonlyMap<string, Buffer>;

interface Pending {
  readonly at: number;
  readonly offset: number;
  readonly bytes: Buffer;
}

interface File {
  durable: Buffer;
  /** Not covered by a sync, in the order in which they were made. */
  pending: (Pending | { readonly at: number; readonly size: number })[];
}

type NameChange =
  | { readonly at: number; readonly kind: 'make'; readonly path: string; readonly file: File | 'directory' }
  | { readonly at: number; readonly kind: 'rename'; readonly from: string; readonly to: string }
  | { readonly at: number; readonly kind: 'remove'; readonly path: string };

/**
 * A disk that keeps no more than POSIX and its own sectors promise. A file's bytes are safe once a sync that began after their write
 * has ended, or at once where they were written through `O_DSYNC`; a name is safe once its directory was synced. All else is there
 * or not, sector by sector and name by name, in any order.
 */
export class Disk {
  readonly #names = new Map<string, File | 'directory'>();
  readonly #durableNames = new Map<string, File | 'directory'>();
  readonly #pendingNames: NameChange[] = [];
  #count = 0;

  /** `directory`: where it was there from the start. */
  constructor(private readonly directory: string) {}

  apply(operation: DiskOperation): void {
    const at = this.#count++;
    switch (operation.kind) {
      case 'make': {
        const file: File | 'directory' = operation.directory ? 'directory' : { durable: Buffer.alloc(0), pending: [] };
        this.#names.set(operation.path, file);
        this.#pendingNames.push({ at, kind: 'make', path: operation.path, file });
        return;
      }
      case 'rename':
        this.#names.set(operation.to, this.#names.get(operation.from)!);
        this.#names.delete(operation.from);
        this.#pendingNames.push({ at, ...operation });
        return;
      case 'link': {
        const file = this.#fileAt(operation.from);
        this.#names.set(operation.to, file);
        this.#pendingNames.push({ at, kind: 'make', path: operation.to, file });
        return;
      }
      case 'remove':
        this.#names.delete(operation.path);
        this.#pendingNames.push({ at, ...operation });
        return;
      case 'write': {
        const { offset, bytes, durable, path } = operation;
        const file = this.#fileAt(path);
        if (durable) {
          file.pending = file.pending.flatMap((change) => outside(change, offset, offset + bytes.length));
          file.durable = written(file.durable, offset, bytes);
        } else file.pending.push({ at, offset, bytes });
        return;
      }
      case 'resize':
        this.#fileAt(operation.path).pending.push({ at, size: operation.bytes });
        return;
      case 'sync':
        this.#sync(operation.path, operation.since);
    }
  }

  /** How many writes and names are not safe now. */
  get unsafe(): number {
    const files = [...this.#names.values()].filter((file) => file !== 'directory');
    return this.#pendingNames.length + files.reduce((sum, { pending }) => sum + pending.length, 0);
  }

  /** What is found there if the power goes now. */
  image(loss: Loss, random: Random): Image {
    const names = this.#namesAfter(loss, random);
    const image = new Map<string, Buffer>();
    for (const [path, file] of names) {
      if (file === 'directory' || !this.#isReachable(path, names)) continue;
      image.set(path, bytesAfter(file, loss, random));
    }
    return image;
  }

  #fileAt(path: string): File {
    const file = this.#names.get(path);
    if (file === undefined || file === 'directory') throw new Error(`The trace writes to ${path}, which was never made.`);
    return file;
  }

  #sync(path: string, since: number): void {
    const file = this.#names.get(path);
    if (path === this.directory || file === 'directory') {
      const isOf = (change: NameChange): boolean => change.at < since && directoryOf(change) === path;
      for (const change of this.#pendingNames.filter(isOf)) applyName(this.#durableNames, change);
      this.#pendingNames.splice(0, Infinity, ...this.#pendingNames.filter((change) => !isOf(change)));
    } else if (file !== undefined) {
      for (const change of file.pending) if (change.at < since) file.durable = changed(file.durable, change);
      file.pending = file.pending.filter(({ at }) => at >= since);
    }
  }

  #namesAfter(loss: Loss, random: Random): ReadonlyMap<string, File | 'directory'> {
    const names = new Map(this.#durableNames);
    const changes = this.#pendingNames;
    const spared = random.below(Math.max(1, changes.length));
    changes.forEach((change, i) => {
      const stays: Readonly<Record<Loss, boolean>> = {
        'none of them': false,
        'all of them': true,
        'any of them': random.chance(0.5),
        'the late ones alone': 2 * i >= changes.length,
        'all but one sector': i !== spared,
      };
      if (stays[loss]) applyName(names, change);
    });
    return names;
  }

  #isReachable(path: string, names: ReadonlyMap<string, File | 'directory'>): boolean {
    for (let parent = parentOf(path); parent !== this.directory; parent = parentOf(parent)) {
      if (!names.has(parent)) return false;
    }
    return true;
  }
}

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));
const directoryOf = (change: NameChange): string => parentOf(change.kind === 'rename' ? change.to : change.path);

function applyName(names: Map<string, File | 'directory'>, change: NameChange): void {
  if (change.kind === 'make') return void names.set(change.path, change.file);
  if (change.kind === 'remove') return void names.delete(change.path);
  const file = names.get(change.from);
  if (file === undefined) return;
  names.set(change.to, file);
  names.delete(change.from);
}

function bytesAfter({ durable, pending }: File, loss: Loss, random: Random): Buffer {
  if (loss === 'none of them' || pending.length === 0) return durable;
  const sectors = new Map<number, Pending[]>();
  let bytes: Buffer = Buffer.from(durable);
  for (const change of pending) {
    if ('size' in change) {
      if (loss === 'all of them' || random.chance(0.5)) bytes = resized(bytes, change.size);
    } else
      for (const piece of sectorsOf(change)) {
        const sector = Math.floor(piece.offset / sectorBytes);
        sectors.set(sector, [...(sectors.get(sector) ?? []), piece]);
      }
  }
  const inOrder = [...sectors.values()].sort((a, b) => a.at(-1)!.at - b.at(-1)!.at);
  const spared = random.below(inOrder.length);
  inOrder.forEach((pieces, i) => {
    // A sector that is written holds what was written to it until then: some of the first ones, never a later one alone.
    const left = {
      'all of them': pieces.length,
      'any of them': random.below(pieces.length + 1),
      'the late ones alone': 2 * i >= inOrder.length ? pieces.length : 0,
      'all but one sector': i === spared ? 0 : pieces.length,
    };
    for (const piece of pieces.slice(0, left[loss])) bytes = written(bytes, piece.offset, piece.bytes);
  });
  return bytes;
}

/** The parts of a write that a disk does one by one. */
function sectorsOf({ at, offset, bytes }: Pending): readonly Pending[] {
  const pieces: Pending[] = [];
  for (let from = 0; from < bytes.length;) {
    const to = Math.min(bytes.length, from + sectorBytes - ((offset + from) % sectorBytes));
    pieces.push({ at, offset: offset + from, bytes: bytes.subarray(from, to) });
    from = to;
  }
  return pieces;
}

/** What is left of an earlier write where a later one is safe. */
function outside(change: File['pending'][number], from: number, to: number): File['pending'] {
  if ('size' in change) return [change];
  const { at, offset, bytes } = change;
  const end = offset + bytes.length;
  return [
    ...(offset < from ? [{ at, offset, bytes: bytes.subarray(0, Math.min(end, from) - offset) }] : []),
    ...(end > to ? [{ at, offset: Math.max(offset, to), bytes: bytes.subarray(Math.max(0, to - offset)) }] : []),
  ];
}

const changed = (before: Buffer, change: File['pending'][number]): Buffer =>
  'size' in change ? resized(before, change.size) : written(before, change.offset, change.bytes);

function written(before: Buffer, offset: number, bytes: Buffer): Buffer {
  const after = before.length < offset + bytes.length ? resized(before, offset + bytes.length) : before;
  bytes.copy(after, offset);
  return after;
}

function resized(before: Buffer, size: number): Buffer {
  const after = Buffer.alloc(size);
  before.copy(after);
  return after;
}
