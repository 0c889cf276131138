import { addressAttacks } from './addresses.js';
import { bodyAttacks } from './bodies.js';
import { connectionAttacks } from './connections.js';
import { headerAttacks } from './headers.js';
import { limitAttacks } from './limits.js';
import { protocolAttacks } from './protocol.js';
import { shutdownAttack } from './shutdown.js';
import { deafReader, slowAttacks } from './slow.js';

/** Those that take long for they wait: all of them at once. */
export const atOnce = slowAttacks;

/** One after the other. */
export const inTurn = [
  ...addressAttacks,
  ...bodyAttacks,
  ...headerAttacks,
  ...protocolAttacks,
  ...limitAttacks,
  ...connectionAttacks,
  deafReader,
];

export const last = shutdownAttack;
