import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { StartupError } from '@ringside/core';

/** What a directory holds. A process that expects another kind must not touch it. */
export type EnvironmentKind = 'event-log' | 'event-log-cursors' | 'view-store';

const markerName = 'ringside.json';
/** What this version writes. It reads all before it; a directory that holds an older one is marked anew as soon as it is opened. */
const formatVersions: Readonly<Record<EnvironmentKind, number>> = { 'event-log': 2, 'event-log-cursors': 1, 'view-store': 2 };

interface Marker {
  readonly format: 'ringside';
  readonly kind: EnvironmentKind;
  readonly version: number;
  /** Set until the data file is there, so that a data file which goes missing afterwards is noticed. */
  readonly creating?: true;
}

/**
 * Makes sure that the directory is Ringside's and of this kind, and marks it where it is new. Answers whether the data
 * file is still to be made. Several processes may do this at once.
 */
export function claimDirectory(directory: string, kind: EnvironmentKind): { readonly creating: boolean } {
  try {
    mkdirSync(directory, { recursive: true });
    const marker = readMarker(directory) ?? markNew(directory, kind);
    refuseForeign(directory, marker, kind);
    const creating = marker.creating === true;
    const version = formatVersions[kind];
    // Before the first write in the new format: an older version that comes later is refused, and does not take it for damage.
    if (marker.version < version) writeMarker(directory, { ...marker, version });
    // A new directory is safe once those above it know its name. Whoever made them may not have come to that yet.
    if (creating)
      for (let above = dirname(resolve(directory)); above !== dirname(above); above = dirname(above)) flushIfAllowed(above);
    return { creating };
  } catch (error) {
    throw error instanceof StartupError ? error : unusable(directory, error);
  }
}

/** From now on the data file has to be there: so it is on disk before the marker says so. */
export function finishMarker(directory: string, kind: EnvironmentKind, dataFile: string): void {
  try {
    flush(dataFile, 'r+');
    flushDirectory(directory);
    writeMarker(directory, { format: 'ringside', kind, version: formatVersions[kind] });
  } catch (error) {
    throw unusable(directory, error);
  }
}

function markNew(directory: string, kind: EnvironmentKind): Marker {
  // A volume's own lost+found and the temporary file of another process that is here for the same purpose do not count.
  const occupied = readdirSync(directory).some((name) => name !== 'lost+found' && !name.startsWith(`.${markerName}.`));
  const marker = readMarker(directory);
  if (marker !== undefined) return marker; // another process was faster
  if (occupied) {
    throw new StartupError(
      `The directory ${directory} is not empty and not a Ringside data directory: choose an empty or a new one.`,
    );
  }
  const version = formatVersions[kind];
  writeMarker(directory, { format: 'ringside', kind, version, creating: true });
  return readMarker(directory) ?? { format: 'ringside', kind, version, creating: true };
}

function refuseForeign(directory: string, marker: Marker, kind: EnvironmentKind): void {
  if (marker.format !== 'ringside' || typeof marker.version !== 'number') throw unreadableMarker(directory);
  if (marker.kind !== kind) {
    throw new StartupError(
      `The directory ${directory} holds a Ringside ${String(marker.kind)}, not a ${kind}: give each its own directory.`,
    );
  }
  if (marker.version > formatVersions[kind]) {
    throw new StartupError(
      `The directory ${directory} was written by a newer Ringside (format ${marker.version}, this one reads up to ` +
        `${formatVersions[kind]}): start the newer version, or choose another directory.`,
    );
  }
}

function readMarker(directory: string): Marker | undefined {
  let text: string;
  try {
    text = readFileSync(join(directory, markerName), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const marker: unknown = JSON.parse(text);
    if (typeof marker === 'object' && marker !== null) return marker as Marker;
  } catch {
    // said below, in words that help
  }
  throw unreadableMarker(directory);
}

/** Whole or not at all: written beside, flushed, then renamed over. */
function writeMarker(directory: string, marker: Marker): void {
  const temporary = join(directory, `.${markerName}.${process.pid}`);
  writeFileSync(temporary, JSON.stringify(marker) + '\n', { flush: true });
  renameSync(temporary, join(directory, markerName));
  flushDirectory(directory);
}

function flushDirectory(directory: string): void {
  if (process.platform === 'win32') return; // a directory cannot be flushed there
  flush(directory, 'r');
}

/** Directories above ours may not be readable, and are then nobody's whom we could help. */
function flushIfAllowed(directory: string): void {
  try {
    flushDirectory(directory);
  } catch {
    // As safe as whoever made it has left it.
  }
}

export function flush(path: string, mode: 'r' | 'r+'): void {
  const descriptor = openSync(path, mode);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

const unreadableMarker = (directory: string): StartupError =>
  new StartupError(
    `The file ${join(directory, markerName)} is damaged: restore the directory from a backup, or choose another one.`,
  );

export function unusable(directory: string, cause: unknown): StartupError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StartupError(
    `The directory ${directory} cannot be used as a data directory (${reason}): make it writable, or choose another one.`,
    {
      cause,
    },
  );
}
