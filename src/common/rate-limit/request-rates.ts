import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ServerConfig } from '../../config/config.js';
import { addressKey } from './address-key.js';
import { RateLimitedError } from './rate-limited.error.js';
import { TokenBuckets } from './token-buckets.js';

interface Limit {
  readonly buckets: TokenBuckets;
  /** As headers tell it. */
  readonly perMinute: string;
  readonly policy: string;
}

/**
 * How often one may ask: signed in by user, else by address. Counted in this process alone: that costs no query, and
 * what it protects is this process. The limits on sign-in are counted over all.
 */
@Injectable()
export class RequestRates {
  private readonly users: Limit;
  private readonly addresses: Limit;
  private readonly counted = new WeakSet<FastifyRequest>();

  constructor(config: ServerConfig) {
    this.users = toLimit(config.requestsPerUserPerMinute, config.requestBurstPerUser);
    this.addresses = toLimit(config.requestsPerAddressPerMinute, config.requestsPerAddressPerMinute);
  }

  /** @throws {RateLimitedError} */
  takeForUser(userId: string, reply: FastifyReply): void {
    take(this.users, userId, reply);
  }

  /** For whoever is not signed in; once per request. @throws {RateLimitedError} */
  takeForAddress(request: FastifyRequest, reply: FastifyReply): void {
    if (this.counted.has(request)) return;
    this.counted.add(request);
    take(this.addresses, addressKey(request.ip), reply);
  }

  /** Before something that costs: has the address used up what strangers have? @throws {RateLimitedError} */
  assertAddressHasLeft({ ip }: Pick<FastifyRequest, 'ip'>): void {
    if (!this.addresses.buckets.hasToken(addressKey(ip), performance.now())) throw new RateLimitedError(1);
  }
}

function toLimit(perMinute: number, burst: number): Limit {
  const policy = `${perMinute};w=60;burst=${burst}`;
  return { buckets: new TokenBuckets({ perMinute, burst }), perMinute: String(perMinute), policy };
}

function take({ buckets, perMinute, policy }: Limit, key: string, reply: FastifyReply): void {
  const { isAllowed, remaining, resetSeconds, retryAfterSeconds } = buckets.take(key, performance.now());
  void reply.headers({
    'ratelimit-limit': perMinute,
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': String(resetSeconds),
    'ratelimit-policy': policy,
  });
  if (!isAllowed) throw new RateLimitedError(retryAfterSeconds);
}
