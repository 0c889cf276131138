import { crc32 } from 'node:zlib';
import type { EncodableRecord } from './record-codec.js';
import { recordKeyBytes, writeRecordKey } from './storage-key.js';

/** A record as format 1 wrote it, with its storage key. */
export function formatOneRecord(
  { key, id, bytes }: EncodableRecord,
  { topicNumber, partition, offset }: { readonly topicNumber: number; readonly partition: number; readonly offset: number },
  appendedAt: number,
): { readonly key: Buffer; readonly value: Buffer } {
  const storageKey = Buffer.alloc(recordKeyBytes);
  writeRecordKey(storageKey, topicNumber, partition, offset);
  const header = Buffer.alloc(12);
  header[0] = 1;
  header.writeUInt16BE(Buffer.byteLength(key), 2);
  header.writeUInt16BE(Buffer.byteLength(id), 4);
  header.writeUIntBE(appendedAt, 6, 6);
  const content = Buffer.concat([header, Buffer.from(key), Buffer.from(id), bytes]);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(content, crc32(storageKey)));
  return { key: storageKey, value: Buffer.concat([content, checksum]) };
}
