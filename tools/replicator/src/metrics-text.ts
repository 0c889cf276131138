import type { LinkStatus } from './link.js';

/** The figures of the links in Prometheus's text format. Names of regions are of letters, digits and hyphens: nothing to escape. */
export function metricsText(links: readonly LinkStatus[]): string {
  const records = links.flatMap(({ copied, doubled, lost, passedOver, refused, ...link }) => {
    const outcomes = { copied, doubled, lost, passed_over: passedOver, refused: sumOf(Object.values(refused)) };
    return Object.entries(outcomes).map(([outcome, value]) => ({ link, labels: `,outcome="${outcome}"`, value }));
  });
  const each = (value: (link: LinkStatus) => number | null) => links.map((link) => ({ link, labels: '', value: value(link) }));
  return [
    family('ringside_replicator_records_total', 'counter', 'Records that a link has dealt with.', records),
    family(
      'ringside_replicator_failures_total',
      'counter',
      'How often the copying of a topic failed and was tried again.',
      each(({ failures }) => failures),
    ),
    family(
      'ringside_replicator_backlog_records',
      'gauge',
      'Records that the source has and the link has not dealt with.',
      each(({ backlog }) => backlog),
    ),
    family(
      'ringside_replicator_link_up',
      'gauge',
      '1 where a link copies, 0 where it is cut or a region is away.',
      each(({ state }) => (state === 'up' ? 1 : 0)),
    ),
  ].join('');
}

interface Sample {
  readonly link: Pick<LinkStatus, 'from' | 'to'>;
  readonly labels: string;
  /** Left out where it is not known. */
  readonly value: number | null;
}

function family(name: string, type: 'counter' | 'gauge', help: string, samples: readonly Sample[]): string {
  const known = samples.filter(({ value }) => value !== null);
  const lines = known.map(
    ({ link, labels, value }) => `${name}{from="${link.from}",to="${link.to}"${labels}} ${String(value)}`,
  );
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('\n')}\n`;
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
