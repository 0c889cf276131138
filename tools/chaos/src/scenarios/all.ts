import type { Scenario } from '../scenario.js';
import { kill } from './kill.js';

export const scenarios: readonly Scenario[] = [kill];
