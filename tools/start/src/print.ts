import Table from 'cli-table3';
import pc from 'picocolors';
import type { SupervisionEvent } from '@ringside/service-processes';

export interface RunningService {
  readonly name: string;
  readonly url: string;
  readonly pid: number | undefined;
  /** Whether it has cases, as teams do. */
  readonly hasCases: boolean;
  readonly takesReports: boolean;
}

export function servicesTable(services: readonly RunningService[]): string {
  const table = new Table({
    head: ['service', 'API', 'Swagger UI', 'process'].map((title) => pc.bold(title)),
    style: { head: [], border: [] }, // the table would colour them wherever it is printed
  });
  for (const { name, url, pid } of services) table.push([name, url, `${url}/docs`, String(pid)]);
  return table.toString();
}

export interface RegionServices {
  readonly region: string;
  readonly services: readonly RunningService[];
}

export function regionsTable(regions: readonly RegionServices[]): string {
  const table = new Table({
    head: ['region', 'service', 'API', 'Swagger UI', 'process'].map((title) => pc.bold(title)),
    style: { head: [], border: [] },
  });
  for (const { region, services } of regions) {
    for (const { name, url, pid } of services) table.push([region, name, url, `${url}/docs`, String(pid)]);
  }
  return table.toString();
}

export function eventLine(name: string, event: SupervisionEvent): string {
  switch (event.kind) {
    case 'died':
      return pc.yellow(`${name} died (${event.how}); it is started again in ${event.againInMs / 1_000} s.`);
    case 'back':
      return pc.green(`${name} is back after ${(event.afterMs / 1_000).toFixed(1)} s (process ${event.pid}).`);
    case 'given-up':
      return pc.red(
        `${name} died ${event.deaths} times within a minute (${event.how}) and is not started again. The others go on; its log tells why.`,
      );
  }
}

/** A few commands that show something, with this run's addresses. */
export function exampleLines(
  services: readonly RunningService[],
  issuerUrl: string | undefined,
  portBase: number,
): readonly string[] {
  const report = '{"game":"stormfall","reporterId":"me","subjectId":"you","reason":"spam"}';
  const intake = services.find(({ takesReports }) => takesReports);
  const ports = portBase === 3_000 ? '' : ` --port-base ${portBase}`;
  const access = `node -pe 'JSON.parse(fs.readFileSync(0)).access_token'`;
  return [
    ...(issuerUrl ? [`TOKEN=$(curl -s ${issuerUrl}/token -d '{"sub":"casey","roles":["case_worker"]}' | ${access})`] : []),
    ...services
      .filter(({ hasCases }) => hasCases)
      .map(({ url }) => `curl -s -H "authorization: Bearer $TOKEN" '${url}/v1/cases?limit=3'`),
    ...(intake ? [`curl -s ${intake.url}/v1/reports -H 'content-type: application/json' -d '${report}'`] : []),
    `npm run loadgen --${ports} --reports 1000 --verify`,
  ];
}
