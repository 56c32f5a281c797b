import type { z } from 'zod';
import {
  EVENT_STREAM_MEDIA_TYPE,
  HEARTBEAT_MS,
  StreamDecoder,
  type StreamMessage,
  type WireEvent,
} from '../contract/events.ts';
import { LogLine } from '../contract/install-log-schemas.ts';
import { check, issuesText } from '../contract/issues.ts';
import { Problem, type ProblemType } from '../contract/problem.ts';
import { API_PREFIX, fillPath, type RouteName, ROUTES } from '../contract/routes.ts';
import { type RouteRow } from '../contract/route-row.ts';
import { TimelineEvent } from '../contract/event-schemas.ts';
import { CliFailure } from './cli-failure.ts';
import { ANSWER_TIMEOUT_MS, queryText, readJson, reasonOf, sentenceOf, serverUrl } from './client-text.ts';
import type { ExitName } from './exit-codes.ts';

type Rows = typeof ROUTES;

type Empty = Readonly<Record<string, never>>;

/** A key may be left out where an empty object or nothing fits its schema. */
type Part<Key extends string, Schema extends z.ZodType> =
  Empty extends z.input<Schema>
    ? { readonly [K in Key]?: z.input<Schema> }
    : undefined extends z.input<Schema>
      ? { readonly [K in Key]?: undefined }
      : { readonly [K in Key]: z.input<Schema> };

export type CallArguments<Name extends RouteName> = Part<'params', Rows[Name]['params']> &
  Part<'query', Rows[Name]['query']> &
  Part<'input', Rows[Name]['input']>;

export interface ClientOptions {
  /** Such as `http://127.0.0.1:8067`. */
  readonly server: string;
  readonly token?: string;
  /** Of a log-in. */
  readonly session?: string;
  /** From the request to the end of the answer. */
  readonly answerTimeoutMs?: number;
}

/** A stream that is silent for so long is dead: the server sends something every `HEARTBEAT_MS`. */
const SILENCE_MS = HEARTBEAT_MS * 3;

const SESSION_COOKIE = 'muster_session';
const BYTES_TYPE = 'application/octet-stream';

const EXIT_OF_PROBLEM: Readonly<Record<ProblemType, ExitName>> = {
  'not-found': 'failed',
  conflict: 'failed',
  refused: 'failed',
  'holds-data': 'failed',
  'bad-request': 'usage',
  'bad-configuration': 'badConfiguration',
  'not-logged-in': 'notPermitted',
  'not-permitted': 'notPermitted',
  busy: 'failed',
  internal: 'failed',
};

/** A client of the API, made of the contract's rows. Every failure is a CliFailure that says what to do. */
export class ApiClient {
  readonly #server: string;
  readonly #token: string | undefined;
  readonly #answerTimeoutMs: number;
  #session: string | undefined;

  constructor({ server, token, session, answerTimeoutMs = ANSWER_TIMEOUT_MS }: ClientOptions) {
    this.#answerTimeoutMs = answerTimeoutMs;
    this.#server = serverUrl(server);
    this.#token = token;
    this.#session = session;
  }

  /** What the server said last that is to be shown from now on; undefined where nobody is logged in. */
  get session(): string | undefined {
    return this.#session;
  }

  get #headers(): Readonly<Record<string, string>> {
    return {
      ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
      ...(this.#session === undefined ? {} : { cookie: `${SESSION_COOKIE}=${this.#session}` }),
    };
  }

  /** Asks what the row's sentence says. @throws CliFailure */
  async call<Name extends RouteName>(
    name: Name,
    parts: CallArguments<Name>,
  ): Promise<z.output<Rows[Name]['output']>> {
    const row: RouteRow = ROUTES[name];
    const response = await this.#ask(row, parts, AbortSignal.timeout(this.#answerTimeoutMs), {});
    const text = await response.text().catch((error: unknown) => {
      throw this.#unreachable(error);
    });
    if (row.answers === 'nothing') return undefined as z.output<Rows[Name]['output']>;
    const checked = check(row.output, readJson(text));
    if (!checked.fits) throw this.#notMuster(issuesText(checked.issues));
    return checked.value as z.output<Rows[Name]['output']>;
  }

  /**
   * Events as they happen, until the connection or the signal ends.
   *
   * @param after begin behind this event; undefined: with the next that happens.
   * @throws CliFailure
   */
  async *streamEvents(
    query: { readonly machine?: string },
    after: number | undefined,
    enough: AbortSignal,
  ): AsyncGenerator<WireEvent> {
    for await (const { data } of this.#stream(ROUTES.streamEvents, { query }, after, enough)) {
      const checked = check(TimelineEvent, readJson(data));
      if (checked.fits) yield checked.value;
    }
  }

  /**
   * Lines of a log as they come, until the connection or the signal ends.
   *
   * @param tail so many lines before its end, where `offset` does not say where to begin.
   * @throws CliFailure
   */
  async *streamLog(
    id: string,
    tail: number,
    offset: number | undefined,
    enough: AbortSignal,
  ): AsyncGenerator<{ readonly line: string; readonly next: number }> {
    const parts = { params: { id }, query: { tail } };
    for await (const { data, id: next } of this.#stream(ROUTES.streamInstallLog, parts, offset, enough)) {
      const checked = check(LogLine, readJson(data));
      if (checked.fits) yield { line: checked.value.line, next: Number(next) };
    }
  }

  /** Messages of a stream of server-sent events. */
  async *#stream(
    row: RouteRow,
    parts: { readonly params?: unknown; readonly query?: unknown },
    lastEventId: number | undefined,
    enough: AbortSignal,
  ): AsyncGenerator<StreamMessage> {
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(), SILENCE_MS);
    try {
      const headers = lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) };
      const signal = AbortSignal.any([enough, silence.signal]);
      const response = await this.#ask(row, parts, signal, headers);
      if (!response.headers.get('content-type')?.startsWith(EVENT_STREAM_MEDIA_TYPE))
        throw this.#notMuster('it sends no events');
      const decoder = new StreamDecoder();
      const letters = new TextDecoder();
      for await (const piece of response.body ?? []) {
        timer.refresh();
        yield* decoder.push(letters.decode(piece, { stream: true }));
      }
    } catch (error) {
      if (enough.aborted) return;
      throw error instanceof CliFailure ? error : this.#unreachable(error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The bytes of a file, as they come. @throws CliFailure */
  async *readBytes<Name extends RouteName>(
    name: Name,
    parts: CallArguments<Name>,
    enough: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const response = await this.#ask(ROUTES[name], parts, enough, {});
    try {
      for await (const piece of response.body ?? []) yield piece as Uint8Array;
    } catch (error) {
      if (enough.aborted) return;
      throw this.#unreachable(error);
    }
  }

  async #ask(
    row: RouteRow,
    parts: { readonly params?: unknown; readonly query?: unknown; readonly input?: unknown },
    signal: AbortSignal,
    headers: Readonly<Record<string, string>>,
  ): Promise<Response> {
    const { params = {}, query = {}, input } = parts;
    expectFits(row.params, params);
    expectFits(row.query, query);
    expectFits(row.input, input);
    const url = `${this.#server}${API_PREFIX}${fillPath(row.path, params as Record<string, string>)}${queryText(query)}`;
    const withBody = row.method === 'POST' || row.method === 'PUT' || row.method === 'PATCH';
    const response = await fetch(url, {
      method: row.method,
      headers: {
        ...this.#headers,
        ...headers,
        ...(withBody ? { 'content-type': row.takes === 'bytes' ? BYTES_TYPE : 'application/json' } : {}),
      },
      ...(withBody
        ? { body: row.takes === 'bytes' ? (input as Uint8Array<ArrayBuffer>) : JSON.stringify(input ?? {}) }
        : {}),
      redirect: 'error',
      signal,
    }).catch((error: unknown) => {
      throw this.#unreachable(error);
    });
    if (!response.ok) throw await this.#problem(response);
    for (const cookie of response.headers.getSetCookie()) {
      const [, secret] = /^(?:__Host-)?muster_session=([\w-]*);/.exec(cookie) ?? [];
      if (secret !== undefined) this.#session = secret === '' ? undefined : secret;
    }
    return response;
  }

  async #problem(response: Response): Promise<CliFailure> {
    const checked = check(Problem, readJson(await response.text().catch(() => '')));
    if (!checked.fits) return this.#notMuster(`it answers ${response.status} ${response.statusText}`);
    const { type, status, detail, issues } = checked.value;
    const exit = status === 401 || status === 403 ? 'notPermitted' : EXIT_OF_PROBLEM[type];
    return new CliFailure(exit, sentenceOf(detail), type, issues);
  }

  #unreachable(error: unknown): CliFailure {
    return new CliFailure(
      'unreachable',
      `Cannot reach Muster at ${this.#server}: is \`muster up\` running? (${reasonOf(error)}) Where it runs elsewhere, say --server URL, or set MUSTER_SERVER`,
    );
  }

  #notMuster(because: string): CliFailure {
    return new CliFailure(
      'unreachable',
      `What answers at ${this.#server} is not this version of Muster: ${because}`,
    );
  }
}

function expectFits(schema: z.ZodType, value: unknown): void {
  const checked = check(schema, value);
  if (!checked.fits) throw new CliFailure('usage', sentenceOf(issuesText(checked.issues)));
}
