import type { RingPolicy, WhereIs, Whereabouts } from '@ringside/data-ring';

/** One line for people who asked whether a policy is in order. */
export function summaryOf({ regions, zones, topics, views, services, digest }: RingPolicy): string {
  const counts = Object.entries({ regions, zones, topics, views, services }).map(
    ([name, section]) => `${Object.keys(section).length} ${name}`,
  );
  return `The policy is in order: ${counts.join(', ')}. SHA-256 ${digest}`;
}

export const whereLines = ({ found, message }: WhereIs): readonly string[] =>
  message === undefined ? found.flatMap((each, index) => [...(index > 0 ? [''] : []), ...linesOf(each)]) : [message];

function linesOf({ sentence, log, views, readers }: Whereabouts): readonly string[] {
  return [
    sentence,
    ...log.map(({ topic, regions }) => `  topic     ${topic} in ${regions.join(', ')}`),
    `  views     ${views.length === 0 ? 'none' : views.join(', ')}`,
    `  read by   ${readers.length === 0 ? 'nobody' : readers.join(', ')}`,
  ];
}
