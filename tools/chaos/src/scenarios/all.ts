import type { Scenario } from '../scenario.js';
import { clock } from './clock.js';
import { damage } from './damage.js';
import { failingDisk } from './failing-disk.js';
import { fullDisk } from './full-disk.js';
import { kill } from './kill.js';
import { pauses } from './pause.js';
import { powerLoss } from './power-loss.js';
import { ring } from './ring.js';

export const scenarios: readonly Scenario[] = [kill, pauses, powerLoss, fullDisk, failingDisk, damage, clock, ring];
