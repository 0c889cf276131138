import pc from 'picocolors';
import { residentBytes } from './processes.js';
import type { Ring, RingRegion } from './regions.js';
import type { ServerName } from './ring-file.js';
import { labelOf } from './start-server.js';
import { tableOf } from './table.js';

export function ringTable({ regions }: Ring): string {
  const head = ['region', 'server', 'state', 'process', 'memory', 'address'];
  const rows = regions.flatMap((region) =>
    region.servers.map(({ name, pid }) => {
      const running = pid === null ? [pc.red('down'), '', ''] : [pc.green('running'), String(pid), memoryOf(pid)];
      return [region.name, labelOf(name), ...running, addressOf(region, name)];
    }),
  );
  return tableOf(head, rows);
}

function memoryOf(pid: number): string {
  const bytes = residentBytes(pid);
  return bytes === null ? '' : `${Math.round(bytes / 1_048_576)} MiB`;
}

const addressOf = ({ ports }: RingRegion, server: ServerName): string =>
  server === 'pulsar'
    ? `http://127.0.0.1:${ports.pulsarWeb}, pulsar://127.0.0.1:${ports.pulsarBroker}`
    : `127.0.0.1:${ports.cql}`;

/** What a service's environment is to be, region by region, as a shell reads it. */
export function environmentLines({ regions }: Ring): readonly string[] {
  return regions.flatMap(({ name, eventLogUrl, viewStoreUrl }) => [
    '',
    `export RINGSIDE_REGION=${name}`,
    `export RINGSIDE_EVENT_LOG='${eventLogUrl}'`,
    `export RINGSIDE_VIEW_STORE='${viewStoreUrl}'`,
  ]);
}
