import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import pc from 'picocolors';
import { StartupError } from '@ringside/core';
import { startMembers, stopMembers, type Member } from './members.js';
import { eventLine } from './print.js';
import type { RegionSwitch } from './region-control.js';

export interface RegionParts {
  readonly region: string;
  /** Where all regions have their data. */
  readonly data: string;
  /** All of its services, none of which runs. */
  readonly open: () => Promise<readonly Member[]>;
  readonly replicator: Member;
  readonly others: readonly string[];
  readonly print: (line: string) => void;
}

/** A region's processes: those of its start, and those that took their place after it was lost. */
export interface SwitchedRegion extends RegionSwitch {
  readonly members: () => readonly Member[];
}

export async function switchedRegion(parts: RegionParts): Promise<SwitchedRegion> {
  const { region, others, replicator, print } = parts;
  const members = new Map((await parts.open()).map((member) => [member.service.name, member]));

  async function changeLinks(state: 'cut' | 'healed'): Promise<void> {
    const pairs = others.flatMap((other) => [`${region}/${other}`, `${other}/${region}`]);
    const headers = { 'content-type': 'application/json' };
    const change = (pair: string) =>
      fetch(`${replicator.url}/links/${pair}`, { method: 'POST', headers, body: JSON.stringify({ state }) });
    await Promise.all(pairs.map(change)).catch((error: Error) => {
      throw new StartupError(`The links of ${region} could not be changed: ${error.message}`, { cause: error });
    });
  }

  async function startMissing(only: string | undefined): Promise<void> {
    const startedAt = performance.now();
    const opened = await parts.open();
    const wanted = opened.filter(({ service: { name } }) => !members.has(name) && (only === undefined || name === only));
    await Promise.all(opened.filter((member) => !wanted.includes(member)).map(({ close }) => close()));
    for (const member of wanted) members.set(member.service.name, member);
    try {
      await startMembers(wanted);
    } catch (error) {
      for (const { service } of wanted) members.delete(service.name);
      await stopMembers(wanted);
      throw error;
    }
    const afterMs = performance.now() - startedAt;
    for (const { name, supervisor } of wanted) print(eventLine(name, { kind: 'back', pid: supervisor.pid, afterMs }));
  }

  return {
    region,
    members: () => [...members.values()],
    running: () => [...members.keys()],
    lose: async () => {
      // The replicator can read the files of whoever is dead, which no link to a region that is lost can.
      await changeLinks('cut');
      const lost = [...members.values()];
      members.clear();
      for (const { supervisor } of lost) supervisor.kill();
      await stopMembers(lost);
      print(pc.yellow(`${region} is lost: its processes are killed and its links cut, until it is started again.`));
    },
    start: async ({ only, empty = false }) => {
      if (empty) await putAside(parts);
      await changeLinks('healed');
      await startMissing(only);
    },
  };
}

/** The replicator has the files of the region open, wherever they are: it is started again, with all links as at its start. */
async function putAside({ region, data, replicator, print }: RegionParts): Promise<void> {
  const aside = join(data, `${region}-lost-${Date.now()}`);
  await rename(join(data, region), aside);
  print(`What ${region} had is in ${aside}.`);
  await replicator.supervisor.startAgain();
}
