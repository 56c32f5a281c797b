import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type RouteName, ROUTES } from '../contract/routes.ts';
import type { RouteRow } from '../contract/route-row.ts';
import type { Asker } from '../core/people/asker.ts';
import {
  RATE_LIMITS,
  type RateLimitName,
  type RateLimitTable,
  REQUEST_COSTS,
  type Spending,
  TokenBuckets,
} from '../core/requests/rate-limits.ts';
import { networkOfAddress } from '../services/people/network-of-address.ts';
import { ApiProblem } from './problems.ts';

const STATUS_UNAUTHORIZED = 401;

/** Whoever asks too often is told when to come again, before anything is done. */
export class RequestLimits {
  readonly #table: RateLimitTable;
  readonly #buckets: Readonly<Record<RateLimitName, TokenBuckets>>;

  constructor(table: RateLimitTable = RATE_LIMITS) {
    this.#table = table;
    this.#buckets = { known: new TokenBuckets(table.known), stranger: new TokenBuckets(table.stranger) };
  }

  /**
   * Who asks, as `who` says, if they may ask now: also what they will be refused costs. Headers tell what is left, as
   * draft-ietf-httpapi-ratelimit-headers has them.
   *
   * @throws ApiProblem
   */
  async admit(
    name: RouteName,
    request: FastifyRequest,
    reply: FastifyReply,
    who: () => Promise<Asker | undefined>,
  ): Promise<Asker | undefined> {
    let asker: Asker | undefined;
    try {
      asker = await who();
    } catch (error) {
      // Whatever they show, they learn no more than that they must wait.
      if (isUnknown(error)) this.#spend('stranger', placeOf(request), costOfStranger(request), reply);
      throw error;
    }
    const [limit, key] = bucketOf(asker, request);
    this.#spend(limit, key, costOf(name), reply);
    return asker;
  }

  /** Whoever comes to log in where it is no row of the API. @throws ApiProblem */
  admitStranger(request: FastifyRequest, reply: FastifyReply): void {
    this.#spend('stranger', placeOf(request), REQUEST_COSTS.change, reply);
  }

  /** A log-in was wrong: that costs more than what is read. */
  failedLogIn(request: FastifyRequest): void {
    this.#buckets.stranger.charge(placeOf(request), REQUEST_COSTS.failedLogIn, performance.now());
  }

  #spend(limit: RateLimitName, key: string, cost: number, reply: FastifyReply): void {
    const spending = this.#buckets[limit].spend(key, cost, performance.now());
    void reply.headers(this.#headersOf(limit, spending));
    if (spending.isSpent) return;
    const { waitSeconds } = spending;
    throw new ApiProblem(
      'too-often',
      `too much was asked in too short a time: ask again in ${waitSeconds} s (up to ${this.#table[limit].perSecond} a second are answered for long)`,
      { retryAfterSeconds: waitSeconds },
    );
  }

  #headersOf(limit: RateLimitName, { left, fullInSeconds }: Spending): Readonly<Record<string, string>> {
    const { burst, perSecond } = this.#table[limit];
    return {
      'ratelimit-policy': `"${limit}";q=${burst};w=${Math.ceil(burst / perSecond)}`,
      ratelimit: `"${limit}";r=${left};t=${fullInSeconds}`,
    };
  }
}

function isUnknown(error: unknown): boolean {
  return error instanceof ApiProblem && error.problem.status === STATUS_UNAUTHORIZED;
}

/** Nothing shown is no try. */
function costOfStranger({ headers }: FastifyRequest): number {
  const isTry = headers.authorization !== undefined || headers.cookie !== undefined;
  return isTry ? REQUEST_COSTS.unknown : REQUEST_COSTS.read;
}

function bucketOf(asker: Asker | undefined, request: FastifyRequest): readonly [RateLimitName, string] {
  if (asker === undefined) return ['stranger', placeOf(request)];
  const { by, sessionHash = '' } = asker;
  if (by === 'session') return ['known', `session ${sessionHash}`];
  if (by === 'token') return ['known', `token ${hashOf(request.headers.authorization ?? '')}`];
  return ['known', by === 'local' ? by : placeOf(request)];
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function placeOf({ ip }: FastifyRequest): string {
  return networkOfAddress(ip);
}

/** Pieces of a file are as many as it is long. */
function costOf(name: RouteName): number {
  const { method, takes }: RouteRow = ROUTES[name];
  return method === 'GET' || takes === 'bytes' ? REQUEST_COSTS.read : REQUEST_COSTS.change;
}
