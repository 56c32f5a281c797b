import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { IDEMPOTENCY_KEY, WITHOUT_KEY } from '../contract/idempotency.ts';
import { check, issuesText } from '../contract/issues.ts';
import { Problem, type ProblemType } from '../contract/problem.ts';
import { API_PREFIX, fillPath, type RouteName, ROUTES } from '../contract/routes.ts';
import type { RouteRow } from '../contract/route-row.ts';
import { sessionCookieName } from '../contract/session-cookie.ts';
import { CliFailure } from './cli-failure.ts';
import { queryText, readJson, reasonOf, sentenceOf, serverUrl } from './client-text.ts';
import type { ExitName } from './exit-codes.ts';

export interface ConnectionOptions {
  /** Such as `http://127.0.0.1:8067`. */
  readonly server: string;
  /** Asked before each request: that of this computer is another one after each start of the server. */
  readonly token?: () => Promise<string | undefined>;
  /** PEM: what the server shows over TLS, or what vouches for it, where no other program need know it. */
  readonly certificate?: string;
  /** Of a log-in. */
  readonly session?: string;
  /** Told why something takes longer. */
  readonly talk?: (sentence: string) => void;
}

export interface Parts {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly input?: unknown;
}

const BYTES_TYPE = 'application/octet-stream';
/** How often one request is sent at most. */
const MAX_SENDS = 4;
/** Whoever is told to wait for longer gives up. */
const MAX_WAIT_SECONDS = 60;
const STATUS_TOO_OFTEN = 429;

/** The other side went away while it was asked: whether it did what was asked is not known. */
const LOST = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

const EXIT_OF_PROBLEM: Readonly<Record<ProblemType, ExitName>> = {
  'not-found': 'failed',
  conflict: 'failed',
  refused: 'failed',
  'holds-data': 'failed',
  changed: 'failed',
  'under-way': 'failed',
  'bad-request': 'usage',
  'bad-configuration': 'badConfiguration',
  'key-reused': 'usage',
  'not-logged-in': 'notPermitted',
  'not-permitted': 'notPermitted',
  'too-often': 'failed',
  busy: 'failed',
  internal: 'failed',
};

/** Sends requests of the contract's rows, and makes a CliFailure that says what to do of every "no". */
export class ApiConnection {
  readonly #options: ConnectionOptions;
  readonly #server: string;
  #session: string | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#server = serverUrl(options.server);
    this.#session = options.session;
  }

  /** What the server said last that is to be shown from now on; undefined where nobody is logged in. */
  get session(): string | undefined {
    return this.#session;
  }

  /**
   * Sends it again when the connection was lost, or the server says when to come again. A POST carries a key by which
   * the server knows it again, so that nothing is done twice.
   *
   * @throws CliFailure
   */
  async ask(
    name: RouteName,
    parts: Parts,
    signal: AbortSignal,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    const row: RouteRow = ROUTES[name];
    const key = row.method === 'POST' && !WITHOUT_KEY.has(name) ? { [IDEMPOTENCY_KEY]: randomUUID() } : {};
    const request = await this.#requestOf(row, parts, { ...headers, ...key });
    const mayRepeat = row.method === 'GET' || IDEMPOTENCY_KEY in key;
    for (let left = MAX_SENDS - 1; ; left -= 1) {
      const sent = await this.#send(request, signal);
      // Not by its class: behind a certificate of its own it is that of another `fetch`.
      if (!('lost' in sent)) {
        if (sent.ok) return this.#withSession(sent);
        const waitSeconds = left > 0 ? waitOf(sent) : undefined;
        if (waitSeconds === undefined) throw await this.#problem(sent);
        await this.#wait(waitSeconds, signal);
      } else if (left === 0 || !mayRepeat || !LOST.has(reasonOf(sent.lost)))
        throw this.unreachable(sent.lost);
    }
  }

  talk(sentence: string): void {
    this.#options.talk?.(sentence);
  }

  unreachable(error: unknown): CliFailure {
    return new CliFailure(
      'unreachable',
      `Cannot reach Muster at ${this.#server}: is \`muster up\` running? (${reasonOf(error)}) Where it runs elsewhere, say --server URL, or set MUSTER_SERVER`,
    );
  }

  notMuster(because: string): CliFailure {
    return new CliFailure(
      'unreachable',
      `What answers at ${this.#server} is not this version of Muster: ${because}`,
    );
  }

  async #requestOf(
    row: RouteRow,
    parts: Parts,
    headers: Readonly<Record<string, string>>,
  ): Promise<readonly [string, RequestInit]> {
    const { params = {}, query = {}, input } = parts;
    expectFits(row.params, params);
    expectFits(row.query, query);
    expectFits(row.input, input);
    const path = fillPath(row.path, params as Record<string, string>);
    const withBody = row.method === 'POST' || row.method === 'PUT' || row.method === 'PATCH';
    const type = row.takes === 'bytes' ? BYTES_TYPE : 'application/json';
    const body = row.takes === 'bytes' ? (input as Uint8Array<ArrayBuffer>) : JSON.stringify(input ?? {});
    return [
      `${this.#server}${API_PREFIX}${path}${queryText(query)}`,
      {
        method: row.method,
        headers: { ...(await this.#identity()), ...headers, ...(withBody ? { 'content-type': type } : {}) },
        ...(withBody ? { body } : {}),
        redirect: 'error',
      },
    ];
  }

  async #identity(): Promise<Readonly<Record<string, string>>> {
    const token = await this.#options.token?.();
    return {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(this.#session === undefined
        ? {}
        : { cookie: `${sessionCookieName(this.#server)}=${this.#session}` }),
    };
  }

  async #send(
    [url, options]: readonly [string, RequestInit],
    signal: AbortSignal,
  ): Promise<Response | { readonly lost: unknown }> {
    try {
      return await (await this.#fetch())(url, { ...options, signal });
    } catch (error) {
      if (error instanceof CliFailure) throw error;
      return { lost: error };
    }
  }

  async #fetch(): Promise<typeof fetch> {
    const { certificate } = this.#options;
    if (certificate === undefined) return fetch;
    const { fetchTrusting } = await import('./fetch-trusting.ts');
    return fetchTrusting(certificate);
  }

  async #wait(seconds: number, signal: AbortSignal): Promise<void> {
    this.talk(`Muster is asked too often, and takes it again in ${seconds} s: waiting`);
    await sleep(seconds * 1000, undefined, { signal }).catch((error: unknown) => {
      throw this.unreachable(error);
    });
  }

  #withSession(response: Response): Response {
    for (const cookie of response.headers.getSetCookie()) {
      const [, secret] = /^(?:__Host-)?muster_session=([\w-]*);/.exec(cookie) ?? [];
      if (secret !== undefined) this.#session = secret === '' ? undefined : secret;
    }
    return response;
  }

  async #problem(response: Response): Promise<CliFailure> {
    const checked = check(Problem, readJson(await response.text().catch(() => '')));
    if (!checked.fits) return this.notMuster(`it answers ${response.status} ${response.statusText}`);
    const { type, status, detail, issues } = checked.value;
    const exit = status === 401 || status === 403 ? 'notPermitted' : EXIT_OF_PROBLEM[type];
    return new CliFailure(exit, sentenceOf(detail), type, issues);
  }
}

/** When it may be asked again. A log-in that was wrong too often is for people to wait for. */
function waitOf({ status, headers }: Response): number | undefined {
  if (status !== STATUS_TOO_OFTEN || !headers.has('ratelimit')) return undefined;
  const seconds = Number(headers.get('retry-after'));
  return Number.isInteger(seconds) && seconds > 0 && seconds <= MAX_WAIT_SECONDS ? seconds : undefined;
}

function expectFits(schema: RouteRow['input'], value: unknown): void {
  const checked = check(schema, value);
  if (!checked.fits) throw new CliFailure('usage', sentenceOf(issuesText(checked.issues)));
}
