import { StartupError } from '@ringside/core';
import type { FastifyInstance } from 'fastify';
import type { ServiceConfig } from '../config.js';
import { audienceOfPlatform, type Identity } from './identity.js';
import { openKeySet } from './key-set.js';
import { knownCallers } from './known-callers.js';
import { tokenOf, verifyToken } from './verify-token.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sent it; undefined on routes that ask nobody. */
    caller?: Identity;
  }
}

/** Who may call a service's routes. */
export type Access =
  /** Whoever reaches it. */
  | { readonly kind: 'everyone' }
  /** Game servers: with a token in production where keys are configured, otherwise whoever reaches it. */
  | { readonly kind: 'games' }
  /** People of one team, always with a token. */
  | { readonly kind: 'team'; readonly team: string }
  /** The Platform team, always with a token; platform services of other regions on the routes that name `ring_peer`. */
  | { readonly kind: 'platform' };

/** Operators and their machines ask these; they are reached from inside alone. */
const openPaths = /^\/(?:health|metrics|docs)(?:[/?]|$)/;

const openToAll =
  'without RINGSIDE_AUTH_JWKS whoever reaches this service may file: set it, or let only games that are yours reach it';

/** Whether callers of this service have to say who they are. */
export const asksForTokens = (access: Access, config: ServiceConfig): boolean =>
  access.kind === 'team' ||
  access.kind === 'platform' ||
  (access.kind === 'games' && config.environment === 'production' && config.authKeySet !== '');

/**
 * Verifies the token of every request before its body is read, and keeps who sent it as `request.caller`. What they may do is asked
 * by `AccessGuard`. To be called before any route is registered. Throws {@link StartupError} where there are no keys to verify with.
 */
export async function authenticate(
  fastify: FastifyInstance,
  service: { readonly name: string; readonly access: Access },
  config: ServiceConfig,
): Promise<void> {
  if (!asksForTokens(service.access, config)) {
    if (service.access.kind === 'games' && config.environment === 'production') fastify.log.warn(openToAll);
    return;
  }
  if (config.authKeySet === '') {
    throw new StartupError(
      'Set RINGSIDE_AUTH_JWKS and RINGSIDE_AUTH_ISSUER: without the keys of an issuer nobody could call this service ' +
        '(npm start brings one for development).',
    );
  }
  const { authIssuer: issuer, authAudience: audience, region } = config;
  const peerAudience = service.access.kind === 'platform' ? audienceOfPlatform(region) : undefined;
  const rules = { keys: await openKeySet(config.authKeySet), issuer, audience, peerAudience };
  const callerOf = knownCallers((token) => verifyToken(token, rules));
  fastify.addHook('onRequest', async (request) => {
    if (request.is404 || openPaths.test(request.routeOptions.url ?? request.url)) return;
    request.caller = await callerOf(tokenOf(request.headers.authorization));
  });
}
