/** What the ring asks of Pulsar's admin REST API; `path` begins after `/admin/v2/`. */
export interface PulsarAdmin {
  put(path: string, body: unknown): Promise<void>;
  post(path: string, body: unknown): Promise<void>;
  remove(path: string): Promise<void>;
  /** What is there, as Pulsar says it; undefined where there is nothing. */
  get(path: string): Promise<unknown>;
}

const answerMsMax = 10_000;

/** A client of one region's admin API. Whatever Pulsar refuses is an error that says so. */
export function pulsarAdmin(port: number): PulsarAdmin {
  const call = async (method: string, path: string, done: readonly number[], body?: unknown): Promise<string> => {
    const response = await fetch(`http://127.0.0.1:${port}/admin/v2/${path}`, {
      method,
      signal: AbortSignal.timeout(answerMsMax),
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    if (response.ok) return text;
    if (done.includes(response.status)) return '';
    throw new Error(`${method} ${path} was answered ${response.status}: ${text.slice(0, 300)}`);
  };
  return {
    put: async (path, body) => void (await call('PUT', path, [409], body)),
    post: async (path, body) => void (await call('POST', path, [], body)),
    remove: async (path) => void (await call('DELETE', path, [404])),
    get: async (path) => {
      const text = await call('GET', path, [404]);
      return text === '' ? undefined : JSON.parse(text);
    },
  };
}

export interface PulsarRegion {
  readonly name: string;
  readonly ports: { readonly pulsarWeb: number; readonly pulsarBroker: number };
}

/** Makes every region known to every other, which is what replication between them needs first. */
export async function introduceClusters(regions: readonly PulsarRegion[]): Promise<void> {
  for (const region of regions) {
    const admin = pulsarAdmin(region.ports.pulsarWeb);
    for (const { name, ports } of regions) {
      const addresses = {
        serviceUrl: `http://127.0.0.1:${ports.pulsarWeb}`,
        brokerServiceUrl: `pulsar://127.0.0.1:${ports.pulsarBroker}`,
      };
      // A cluster may be known from an earlier start, with the ports of then.
      await admin.put(`clusters/${name}`, addresses);
      await admin.post(`clusters/${name}`, addresses);
    }
  }
}
