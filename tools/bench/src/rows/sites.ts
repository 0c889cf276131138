import { reportReasons } from '@ringside/events';
import { join } from 'node:path';

import { bytesOnDisk } from '../bytes-on-disk.js';
import { rateOf, type Measurement } from '../measurement.js';
import { expectCount, type BenchContext } from '../row.js';
import { runWorker } from '../worker-process.js';
import { emptyPlace, keepSite, keptSite } from './kept-sites.js';

/** The team whose views grow, and its service. */
export const growingTeam = 'cheating';
export const growingService = 'cheating-team';

export interface SiteInput {
  /** The data directory, as services have it. */
  readonly data: string;
  readonly reports: number;
  readonly reasons: readonly string[];
}

export interface SiteFilled {
  /** The log, filled in large batches. */
  readonly filled: Measurement;
  /** The views, built from it. */
  readonly rebuilt: Measurement;
  /** Reports that the views count. */
  readonly captured: number;
  /** Of the filling process after the rebuild, in bytes. */
  readonly anonymous: number;
  readonly bytesOfViews: number;
  /** How long it took to rebuild them once more and to compare both row for row, in seconds; null for more than a hundred thousand reports. */
  readonly compared: number | null;
}

/** A data directory with so many reports, in the log and in the views of one team. */
export interface Site extends SiteInput, SiteFilled {
  readonly bytesOfLog: number;
  /** When it was filled, as an ISO date-time. */
  readonly filledAt: string;
  /** How many reports rounds have added since. */
  added: number;
}

export interface Sites {
  readonly sites: readonly Site[];
  /** Why there is none of some size, and which are of an earlier run: sentences without their full stops. */
  readonly remarks: readonly string[];
}

/** What the full run has for filling, in minutes: a size that would take longer is left out. */
const fillMinutesMax = 10;
const workerMinutesMax = 90;
export const viewsDirectory = (data: string): string => join(data, 'views', growingService);

const filledFor = new WeakMap<BenchContext, Promise<Sites>>();

/** The sites of a run, one for each size: filled once, by the first row that asks. */
export function sitesOf(context: BenchContext): Promise<Sites> {
  const sites = filledFor.get(context) ?? fill(context);
  filledFor.set(context, sites);
  return sites;
}

/** Reasons of reports that the growing team captures. */
export const growingReasons = (): readonly string[] =>
  reportReasons.filter(({ teams }) => (teams as readonly string[]).includes(growingTeam)).map(({ reason }) => reason);

async function fill(context: BenchContext): Promise<Sites> {
  const { sizes, sizesAreAsked, sitesDirectory, say } = context;
  const sites: Site[] = [];
  const remarks: string[] = [];
  const remark = (line: string): void => {
    remarks.push(line);
    say(line);
  };
  let spent = 0;
  for (const reports of sizes) {
    const kept = sitesDirectory === undefined ? undefined : keptSite(sitesDirectory, reports);
    if (kept !== undefined) {
      remark(`The site of ${inWords(reports)} reports was filled, and its rebuild measured, on ${kept.filledAt.slice(0, 10)}`);
      sites.push(kept);
      continue;
    }
    const expected = sites.length === 0 ? 0 : secondsFor(reports, sites.at(-1)!);
    if (!sizesAreAsked && spent + expected > fillMinutesMax * 60) {
      const minutes = Math.ceil(expected / 60);
      remark(`${inWords(reports)} reports would have taken ${minutes} minutes to fill: --only growth --sizes does it`);
      continue;
    }
    const site = await fillSite(context, reports);
    spent += site.filled.seconds + site.rebuilt.seconds + (site.compared ?? 0);
    sites.push(site);
  }
  return { sites, remarks };
}

async function fillSite({ newDirectory, sitesDirectory, say }: BenchContext, reports: number): Promise<Site> {
  const data = sitesDirectory === undefined ? newDirectory() : emptyPlace(sitesDirectory, reports);
  const input: SiteInput = { data, reports, reasons: growingReasons() };
  const done = await runWorker<SiteFilled>('site-filling', input, { minutesMax: workerMinutesMax });
  expectCount(`reports in the views of ${inWords(reports)}`, done.captured, reports);
  say(
    `${inWords(reports)} reports: log filled in ${done.filled.seconds.toFixed(1)} s, views built in ${done.rebuilt.seconds.toFixed(1)} s`,
  );
  const bytesOfLog = bytesOnDisk(join(input.data, 'event-log'));
  const site: Site = { ...input, ...done, bytesOfLog, filledAt: new Date().toISOString(), added: 0 };
  if (sitesDirectory !== undefined) keepSite(site);
  return site;
}

const secondsFor = (reports: number, { filled, rebuilt }: SiteFilled): number =>
  reports / rateOf(filled) + reports / rateOf(rebuilt);

export const inWords = (reports: number): string => reports.toLocaleString('en-US');
