import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { StartupError } from '@ringside/core';

/*
 * LMDB reads through a memory map, and a read behind the end of the file kills the process (SIGBUS). So the file is looked
 * at with plain reads before it is mapped. Layout: LMDB 0.9.90, data version 2 (mdb.c: MDB_page_header, MDB_meta, MDB_db,
 * MDB_node); integers have the byte order and width of the machine, which is little-endian and 64 bits wherever
 * lmdb-js has a build.
 */
const pageHeaderBytes = 24;
const magic = 0xbeefc0de;
const noPage = 0xffff_ffff_ffff_ffffn;
const flag = { branch: 0x01, leaf: 0x02, meta: 0x08, leaf2: 0x20, bigData: 0x01, subTable: 0x02 };

interface Meta {
  readonly pageBytes: number;
  readonly roots: readonly bigint[];
  readonly lastPage: number;
  readonly transaction: bigint;
}

/** Throws `StartupError` unless the file begins as an LMDB file does and every page that is in use lies within it. */
export function checkDataFile(file: string): void {
  const descriptor = openSync(file, 'r');
  try {
    const meta = newestMeta(descriptor);
    // The size after the meta page: another process may be writing, and it writes pages before the meta that names them.
    const fileBytes = fstatSync(descriptor).size;
    if (meta === undefined) throw damaged(file, 'it does not begin as one');
    if (fileBytes >= (meta.lastPage + 1) * meta.pageBytes) return;
    // It may rightly be shorter where the last pages are free: then no page in use is missing.
    if (!pagesWithin(descriptor, meta, Math.floor(fileBytes / meta.pageBytes))) throw damaged(file, 'its end is missing');
  } finally {
    closeSync(descriptor);
  }
}

export const damaged = (file: string, how: string): StartupError =>
  new StartupError(
    `The data file ${file} is damaged (${how}): restore the directory from a backup, or move it away to begin anew.`,
  );

function newestMeta(descriptor: number): Meta | undefined {
  const first = metaAt(descriptor, 0);
  if (first === undefined) return undefined;
  const second = metaAt(descriptor, first.pageBytes);
  return second !== undefined && second.transaction > first.transaction ? second : first;
}

function metaAt(descriptor: number, offset: number): Meta | undefined {
  const page = Buffer.alloc(160);
  if (readSync(descriptor, page, 0, page.length, offset) < page.length) return undefined;
  if ((page.readUInt16LE(18) & flag.meta) === 0 || page.readUInt32LE(24) !== magic) return undefined;
  const pageBytes = page.readUInt32LE(48);
  if (pageBytes < 256 || pageBytes > 65_536 || (pageBytes & (pageBytes - 1)) !== 0) return undefined;
  return {
    pageBytes,
    roots: [page.readBigUInt64LE(88), page.readBigUInt64LE(136)],
    lastPage: Number(page.readBigUInt64LE(144)),
    transaction: page.readBigUInt64LE(152),
  };
}

/** Walks the trees from their roots. Only for the rare file that is shorter than its meta page says. */
function pagesWithin(descriptor: number, meta: Meta, filePages: number): boolean {
  const pending = meta.roots.filter((root) => root !== noPage);
  const page = Buffer.alloc(meta.pageBytes);
  for (let number = pending.pop(); number !== undefined; number = pending.pop()) {
    if (number >= filePages) return false;
    readSync(descriptor, page, 0, page.length, Number(number) * meta.pageBytes);
    for (const reference of referencesOf(page)) {
      if (reference.page + reference.pages > filePages) return false;
      if (reference.tree) pending.push(reference.page);
    }
  }
  return true;
}

interface Reference {
  readonly page: bigint;
  /** How many pages follow one another from there. */
  readonly pages: bigint;
  /** Whether references begin there again; otherwise it is the bytes of a large value. */
  readonly tree: boolean;
}

function referencesOf(page: Buffer): readonly Reference[] {
  const flags = page.readUInt16LE(18);
  if ((flags & flag.leaf2) !== 0) return [];
  const references: Reference[] = [];
  const nodes = page.readUInt16LE(20) >> 1;
  for (let i = 0; i < nodes; i++) {
    const reference = referenceOf(page, flags, pageHeaderBytes + page.readUInt16LE(pageHeaderBytes + 2 * i));
    if (reference !== undefined) references.push(reference);
  }
  return references;
}

function referenceOf(page: Buffer, pageFlags: number, node: number): Reference | undefined {
  const size = page.readUInt32LE(node);
  const nodeFlags = page.readUInt16LE(node + 4);
  if ((pageFlags & flag.branch) !== 0) {
    return { page: BigInt(size) | (BigInt(nodeFlags) << 32n), pages: 1n, tree: true };
  }
  const data = node + 8 + page.readUInt16LE(node + 6);
  if ((nodeFlags & flag.bigData) !== 0) {
    const pages = BigInt(Math.ceil((pageHeaderBytes + size) / page.length));
    return { page: page.readBigUInt64LE(data), pages, tree: false };
  }
  if ((nodeFlags & flag.subTable) === 0) return undefined;
  const root = page.readBigUInt64LE(data + 40);
  return root === noPage ? undefined : { page: root, pages: 1n, tree: true };
}
