import { SimulatedSubscription } from '../log/simulated-subscription.js';
import type { Simulation, Slot } from '../run/simulation.js';
import type { LogContent } from '../log/log-content.js';
import type { StoreContent } from '../store/store-content.js';

const hourMs = 3_600_000;

/** Has the faults of a scenario happen, at moments of the seed's choice, and ends them all by the end of its active time. */
export function planFaults(simulation: Simulation): void {
  const { world, scenario } = simulation;
  const { random } = world;
  const { activeMs, faults } = scenario;
  const plan = (count: number, label: string, happen: () => void): void => {
    for (let i = 0; i < count; i++) {
      world.schedule(undefined, random.next() * activeMs, label, () => {
        if (world.fault(1)) happen();
      });
    }
  };
  const alive = (): Slot | undefined => {
    const slots = simulation.slots.filter(({ process }) => process?.isAlive && !process.isPaused);
    return slots.length === 0 ? undefined : random.pick(slots);
  };
  /** For a while, and not beyond the end of the faults. */
  const forAWhile = (msMax: number): number => Math.min(random.next() * msMax, activeMs - world.elapsed);

  world.onDeathAtWork = (process) => {
    if (world.hasFaults && process.isAlive)
      crash(
        simulation,
        simulation.slots.find((slot) => slot.process === process),
        4_000,
      );
  };
  world.onHaltAtWork = (process) => {
    const slot = simulation.slots.find((one) => one.process === process);
    if (!world.hasFaults || !process.isAlive || process.isPaused || slot?.running?.kind !== 'team') return;
    const { team } = slot.running;
    // Somebody is to take over meanwhile.
    const others = simulation.running('team', slot.region).filter((one) => one !== slot.running && one.team === team);
    if (others.length > 0) pause(simulation, slot, Math.min(forAWhile(6_000) + 4_000, activeMs - world.elapsed));
  };
  plan(faults.crashes, 'a crash', () => crash(simulation, alive(), random.pick([10, 500, 4_000])));
  plan(faults.restarts, 'a restart', () => restart(simulation, alive()));
  plan(faults.pauses, 'a process stops', () => pause(simulation, alive(), forAWhile(9_000)));
  plan(faults.outages, 'an outage', () => {
    const stores = simulation.regions.flatMap(({ stores: all }) => [...all.values()]);
    goAway(simulation, random.pick([...simulation.regions.map(({ log }) => log), ...stores]), forAWhile(4_000));
  });
  plan(faults.unloads, 'partitions are given out anew', () => {
    const { topics } = random.pick(simulation.regions).log;
    const subscriptions = [...topics.values()].flatMap(({ subscriptions: all }) => [...all.values()]);
    if (subscriptions.length > 0) random.pick(subscriptions).unload();
  });
  plan(faults.skews, 'a clock goes wrong', () => {
    const process = alive()?.process;
    if (process !== undefined) process.skewMs = (random.next() - 0.5) * 20 * hourMs;
  });
  plan(faults.cuts, 'links are cut', () => cutLinks(simulation, forAWhile(6_000)));
  plan(faults.poisons, 'something that is no event', () => poison(simulation));
}

function crash(simulation: Simulation, slot: Slot | undefined, downMsMax: number): void {
  if (slot === undefined) return;
  const { world } = simulation;
  world.note(slot.process!.name, 'dies');
  simulation.kill(slot);
  simulation.start(slot, world.random.next() * downMsMax);
}

/** Stops as it should, or is killed where that takes too long. */
function restart(simulation: Simulation, slot: Slot | undefined): void {
  const { world } = simulation;
  const { process, running } = slot ?? {};
  if (slot === undefined || process === undefined || running === undefined) return;
  let isOver = false;
  const follow = (): void => {
    if (isOver || slot.process !== process || !process.isAlive) return;
    isOver = true;
    simulation.kill(slot);
    simulation.start(slot, 50);
  };
  world.schedule(
    process,
    0,
    `stop ${slot.name}`,
    () => void running.stop().then(() => world.schedule(undefined, 0, 'stopped', follow)),
  );
  world.schedule(undefined, 10_000, 'stopped too slowly', follow);
}

function pause(simulation: Simulation, slot: Slot | undefined, forMs: number): void {
  const process = slot?.process;
  if (process === undefined) return;
  const { world } = simulation;
  world.pause(process);
  for (const { log } of simulation.regions) SimulatedSubscription.notice(log, process);
  world.schedule(undefined, forMs, `${process.name} goes on`, () => world.resume(process));
}

function goAway({ world }: Simulation, content: LogContent | StoreContent, forMs: number): void {
  content.away = 'it is away';
  world.schedule(undefined, forMs, 'the outage is over', () => (content.away = undefined));
}

function cutLinks(simulation: Simulation, forMs: number): void {
  const { world, cut } = simulation;
  const pairs = world.random.pick([['eu/us'], ['us/eu'], ['eu/us', 'us/eu']]);
  const each = (what: 'cut' | 'heal'): void => {
    for (const pair of pairs) {
      if (what === 'cut') cut.add(pair);
      else cut.delete(pair);
      const [from, to] = pair.split('/') as [string, string];
      const running = simulation.slots.find((slot) => slot.running?.kind === 'replicator')?.running;
      if (running?.kind !== 'replicator') continue;
      world.schedule(running.process, 0, `${what} ${pair}`, () => void running.replicator.link(from, to)[what]());
    }
  };
  each('cut');
  world.schedule(undefined, forMs, 'links are healed', () => each('heal'));
}

/** Bytes that nobody understands, under the key of a player, as a broken producer would leave them. */
function poison({ world, regions }: Simulation): void {
  const { random } = world;
  const { log, name } = random.pick(regions);
  const key = `${name === 'local' ? 'p' : name}-${random.between(1, 3)}`;
  const bytes = Buffer.from(random.pick(['', '{', 'null', '{"type":"ReportFiled"}', '\u0000\u0001']));
  log.add({ topic: 'reports', key, id: `poison-${random.below(1_000_000)}`, bytes });
}
