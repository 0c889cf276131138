import { DamagedValueError } from '@ringside/view-store';

const placeCharactersMax = 120;

/** The value under this key does not match its checksum. */
export function damagedValue(key: Uint8Array): DamagedValueError {
  const text = Buffer.from(key).toString('utf8').replaceAll(/\p{C}/gu, ' ').trim();
  return new DamagedValueError(JSON.stringify(text.slice(0, placeCharactersMax)));
}
