import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { portsOfBlock } from './ports.js';
import { parseProperties } from './properties.js';

// Docker is not there where this is tested: what can be known without it is that the files are whole and agree with each other.

const root = resolve(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const document = <T>(path: string): T => parse(read(path), { merge: true }) as T;

interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, null>>;
}

interface ComposeService {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string; readonly args: { readonly APP: string } };
  readonly env_file?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, unknown>> | readonly string[];
}

const { services, volumes } = document<Compose>('docker/compose.yml');
const all = Object.entries(services);
const regions = ['eu', 'us'];

describe('compose.yml', () => {
  it('pins every image, by docker/.env or to what it builds itself', () => {
    const versions = parseProperties(read('docker/.env'));
    for (const [, { image, build }] of all) {
      if (build) continue;
      const variable = /^[a-z/]+:\$\{([A-Z_]+)\}$/.exec(image)?.[1];
      expect(versions.get(variable!)).toMatch(/^v?\d+\.\d+\.\d+$/);
    }
  });

  it('names only files, volumes and services that there are', () => {
    for (const [, service] of all) {
      const { env_file, build, depends_on = [] } = service;
      if (env_file !== undefined) expect(statSync(join(root, 'docker', env_file)).isFile()).toBe(true);
      if (build) expect(statSync(join(root, 'docker', build.context, build.dockerfile)).isFile()).toBe(true);
      if (build) expect(statSync(join(root, 'apps', build.args.APP, 'package.json')).isFile()).toBe(true);
      for (const needed of Array.isArray(depends_on) ? (depends_on as string[]) : Object.keys(depends_on)) {
        expect(services).toHaveProperty([needed]);
      }
      for (const source of (service.volumes ?? []).map((volume) => volume.split(':')[0]!)) {
        if (source.startsWith('./')) expect(statSync(join(root, 'docker', source))).toBeDefined();
        else expect(volumes).toHaveProperty([source]);
      }
    }
  });

  it('runs every app in every region, on the servers of that region', () => {
    for (const app of readdirSync(join(root, 'apps'))) {
      for (const region of regions) {
        const service = services[`${app}-${region}`];
        expect([app, region, service?.build?.args.APP]).toEqual([app, region, app]);
        expect(service?.environment).toEqual({
          RINGSIDE_ENV: 'development',
          RINGSIDE_AUTH_JWKS: '${RINGSIDE_AUTH_JWKS:-}',
          RINGSIDE_AUTH_ISSUER: '${RINGSIDE_AUTH_ISSUER:-}',
          RINGSIDE_AUTH_AUDIENCE: '${RINGSIDE_AUTH_AUDIENCE:-ringside}',
          RINGSIDE_REGION: region,
          RINGSIDE_EVENT_LOG: `pulsar+ws://pulsar-${region}:8080`,
          RINGSIDE_VIEW_STORE: `cql://scylla-${region}:9042?dialect=scylla&datacenter=datacenter1&replication=1`,
        });
      }
    }
  });

  it('publishes the servers at the ports that ring:up takes, no port twice, and all on the loopback address only', () => {
    const published = all.flatMap(([, { ports }]) => ports ?? []);
    expect(published.every((port) => port.startsWith('127.0.0.1:'))).toBe(true);
    expect(new Set(published.map((port) => port.split(':')[1])).size).toBe(published.length);
    regions.forEach((region, block) => {
      const { pulsarWeb, pulsarBroker, cql } = portsOfBlock(block);
      expect(services[`pulsar-${region}`]?.ports).toEqual([`127.0.0.1:${pulsarWeb}:8080`, `127.0.0.1:${pulsarBroker}:6650`]);
      expect(services[`scylla-${region}`]?.ports).toEqual([`127.0.0.1:${cql}:9042`]);
    });
  });

  it('gives both Pulsars the settings that are shared', () => {
    for (const region of regions) {
      expect(services[`pulsar-${region}`]).toMatchObject({ env_file: 'ring/pulsar.env', environment: { clusterName: region } });
    }
  });
});

describe('Prometheus', () => {
  it('asks every service that has metrics, under its name and region', () => {
    interface Config {
      readonly scrape_configs: readonly {
        readonly static_configs: readonly { readonly targets: readonly string[]; readonly labels: Record<string, string> }[];
      }[];
    }
    const asked = document<Config>('docker/prometheus/prometheus.yml').scrape_configs.flatMap((job) => job.static_configs);
    const hosts = asked.map(({ targets, labels }) => {
      expect(targets).toEqual([expect.stringMatching(new RegExp(`^${labels['service']}-${labels['region']}:\\d+$`))]);
      return targets[0]!.split(':')[0]!;
    });
    expect(hosts.sort()).toEqual(
      all
        .map(([name]) => name)
        .filter((name) => regions.some((region) => name.endsWith(`-${region}`)))
        .sort(),
    );
  });
});

describe('the dashboard', () => {
  interface Panel {
    readonly id: number;
    readonly datasource: { readonly uid: string };
    readonly targets: readonly { readonly expr: string }[];
  }
  const { panels } = JSON.parse(read('docker/grafana/dashboards/ringside.json')) as { readonly panels: readonly Panel[] };

  it('has panels of its own number, on the data source that is provisioned', () => {
    const { datasources } = document<{ readonly datasources: readonly { readonly uid: string }[] }>(
      'docker/grafana/provisioning/datasources/prometheus.yml',
    );
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { datasource } of panels) expect(datasource.uid).toBe(datasources[0]?.uid);
  });

  it('asks for metrics that the services have', () => {
    const sources = sourcesUnder(join(root, 'libs')).map((file) => readFileSync(file, 'utf8'));
    const asked = panels.flatMap(({ targets }) =>
      targets.flatMap(({ expr }) => expr.match(/\b(ringside|http)_[a-z_]+/g) ?? []),
    );
    const names = [...new Set(asked.map((name) => name.replace(/_(bucket|count|sum)$/, '')))];
    expect(names.length).toBeGreaterThan(8);
    for (const name of names) expect([name, sources.some((source) => source.includes(`'${name}'`))]).toEqual([name, true]);
  });
});

const sourcesUnder = (directory: string): readonly string[] =>
  readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules' || entry.name === 'dist') return [];
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return sourcesUnder(path);
    return /(?<!\.spec)\.ts$/.test(entry.name) ? [path] : [];
  });
