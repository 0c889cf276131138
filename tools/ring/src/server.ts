import type { RegionPorts } from './ports.js';

/** What a server of one region is started with. */
export interface ServerPlace {
  readonly region: string;
  readonly ports: RegionPorts;
  /** Of this server alone; absolute. */
  readonly directory: string;
  /** Emptied at every start. */
  readonly temporaryDirectory: string;
}

/** How to run a server: a main class with its arguments, and the files that it reads, which are written anew at every start. */
export interface JvmServer {
  readonly files: Readonly<Record<string, string>>;
  readonly javaArguments: readonly string[];
}
