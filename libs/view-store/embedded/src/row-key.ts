/*
 * Keys on disk: the partition's length in two bytes, the partition, the key; text in UTF-8. The length in front keeps
 * partition "a" with key "bc" apart from partition "ab" with key "c", whatever bytes they have.
 */
const lengthBytes = 2;

export function encodeKey(partition: string, key: string): Buffer {
  const plain = Buffer.allocUnsafe(lengthBytes + partition.length + key.length);
  if (writePlain(plain, partition, lengthBytes) && writePlain(plain, key, lengthBytes + partition.length)) {
    plain.writeUInt16BE(partition.length, 0);
    return plain;
  }
  const bytes = Buffer.allocUnsafe(keyBytesMax(partition, key));
  return bytes.subarray(0, writeKey(bytes, 0, partition, key));
}

/** No key of these takes more. */
export const keyBytesMax = (partition: string, key: string): number => lengthBytes + 3 * (partition.length + key.length);

/** Answers where the key ends. */
export function writeKey(bytes: Buffer, start: number, partition: string, key: string): number {
  const keyStart = writePartition(bytes, partition, start);
  return keyStart + writeText(bytes, key, keyStart);
}

/** Comes before every key of the partition. */
export function partitionStart(partition: string): Buffer {
  const bytes = Buffer.allocUnsafe(lengthBytes + 3 * partition.length);
  return bytes.subarray(0, writePartition(bytes, partition));
}

/** Comes after every key of the partition: no UTF-8 has a byte 0xff. */
export function partitionEnd(partition: string): Buffer {
  const bytes = Buffer.allocUnsafe(lengthBytes + 3 * partition.length + 1);
  const end = writePartition(bytes, partition);
  bytes[end] = 0xff;
  return bytes.subarray(0, end + 1);
}

export function decodeKey(bytes: Buffer): { readonly partition: string; readonly key: string } {
  const keyStart = lengthBytes + bytes.readUInt16BE(0);
  return { partition: bytes.toString('utf8', lengthBytes, keyStart), key: bytes.toString('utf8', keyStart) };
}

function writePartition(bytes: Buffer, partition: string, start = 0): number {
  const length = writeText(bytes, partition, start + lengthBytes);
  bytes.writeUInt16BE(length, start);
  return start + lengthBytes + length;
}

/** Answers how many bytes it takes. */
const writeText = (bytes: Buffer, text: string, start: number): number =>
  writePlain(bytes, text, start) ? text.length : bytes.write(text, start, 'utf8');

/**
 * Writes a text that is ASCII, as nearly all names are: for one so short a loop is faster than the call into native code. False where it
 * is not.
 */
function writePlain(bytes: Buffer, text: string, start: number): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return false;
    bytes[start + i] = unit;
  }
  return true;
}
