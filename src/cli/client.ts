import type { z } from 'zod';
import {
  EVENT_STREAM_MEDIA_TYPE,
  HEARTBEAT_MS,
  MISSED_EVENT_NAME,
  type MissedEvents,
  StreamDecoder,
  type StreamMessage,
  type WireEvent,
} from '../contract/events.ts';
import { LogLine } from '../contract/install-log-schemas.ts';
import { check, issuesText } from '../contract/issues.ts';
import { type RouteName, ROUTES } from '../contract/routes.ts';
import { type RouteRow } from '../contract/route-row.ts';
import { TimelineEvent } from '../contract/event-schemas.ts';
import { ApiConnection, type ConnectionOptions } from './api-connection.ts';
import { CliFailure } from './cli-failure.ts';
import { ANSWER_TIMEOUT_MS, readJson } from './client-text.ts';
import type { RememberedAnswers } from './remembered-answers.ts';

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

type Output<Name extends RouteName> = z.output<Rows[Name]['output']>;

/** What was there when a thing was read; undefined: nothing was. */
export interface WasRead {
  readonly tag: string | undefined;
}

function conditionOf({ tag }: WasRead): Readonly<Record<string, string>> {
  return tag === undefined ? { 'if-none-match': '*' } : { 'if-match': tag };
}

/** Which events are wanted. */
export interface EventWish {
  readonly machine?: string;
  readonly kind?: string;
  readonly selector?: string;
}

function missedSentence(data: unknown): string {
  const { after, goesOnAfter, because } = data as MissedEvents;
  return `Events after ${after} are missing, and it goes on after ${goesOnAfter}: ${because}`;
}

export interface ClientOptions extends ConnectionOptions {
  /** From the request to the end of the answer. */
  readonly answerTimeoutMs?: number;
  /** Where what is only read is asked once, while the same is shown again and again. */
  readonly remembered?: RememberedAnswers;
}

/** A stream that is silent for so long is dead: the server sends something every `HEARTBEAT_MS`. */
const SILENCE_MS = HEARTBEAT_MS * 3;

/** A client of the API, made of the contract's rows. Every failure is a CliFailure that says what to do. */
export class ApiClient {
  readonly #connection: ApiConnection;
  readonly #answerTimeoutMs: number;
  readonly #remembered: RememberedAnswers | undefined;

  constructor({ answerTimeoutMs = ANSWER_TIMEOUT_MS, remembered, ...options }: ClientOptions) {
    this.#answerTimeoutMs = answerTimeoutMs;
    this.#remembered = remembered;
    this.#connection = new ApiConnection(options);
  }

  /** What the server said last that is to be shown from now on; undefined where nobody is logged in. */
  get session(): string | undefined {
    return this.#connection.session;
  }

  /**
   * Asks what the row's sentence says.
   *
   * @param before do it only if the thing is still as it was read.
   * @throws CliFailure
   */
  async call<Name extends RouteName>(
    name: Name,
    parts: CallArguments<Name>,
    before?: WasRead,
  ): Promise<Output<Name>> {
    const ask = async (): Promise<Output<Name>> =>
      (await this.#answer(name, parts, before === undefined ? {} : conditionOf(before))).thing;
    if (this.#remembered === undefined || ROUTES[name].method !== 'GET') return await ask();
    return await this.#remembered.get(`${name} ${JSON.stringify(parts)}`, ask);
  }

  /** A thing, and what tells whether it is still the same; both undefined where there is none. @throws CliFailure */
  async read<Name extends RouteName>(
    name: Name,
    parts: CallArguments<Name>,
  ): Promise<WasRead & { readonly thing: Output<Name> | undefined }> {
    try {
      return await this.#answer(name, parts, {});
    } catch (error) {
      if (error instanceof CliFailure && error.problem === 'not-found')
        return { thing: undefined, tag: undefined };
      throw error;
    }
  }

  async #answer<Name extends RouteName>(
    name: Name,
    parts: CallArguments<Name>,
    headers: Readonly<Record<string, string>>,
  ): Promise<WasRead & { readonly thing: Output<Name> }> {
    const row: RouteRow = ROUTES[name];
    const response = await this.#connection.ask(
      name,
      parts,
      AbortSignal.timeout(this.#answerTimeoutMs),
      headers,
    );
    const text = await response.text().catch((error: unknown) => {
      throw this.#connection.unreachable(error);
    });
    const tag = response.headers.get('etag') ?? undefined;
    if (row.answers === 'nothing') return { thing: undefined as Output<Name>, tag };
    const checked = check(row.output, readJson(text));
    if (!checked.fits) throw this.#connection.notMuster(issuesText(checked.issues));
    return { thing: checked.value as Output<Name>, tag };
  }

  /**
   * Events as they happen, until the connection or the signal ends.
   *
   * @param after begin behind this event; undefined: with the next that happens.
   * @throws CliFailure
   */
  async *streamEvents(
    query: EventWish,
    after: number | undefined,
    enough: AbortSignal,
  ): AsyncGenerator<WireEvent> {
    for await (const { event, data } of this.#stream('streamEvents', { query }, after, enough)) {
      if (event === MISSED_EVENT_NAME) this.#connection.talk(missedSentence(readJson(data)));
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
    for await (const { data, id: next } of this.#stream('streamInstallLog', parts, offset, enough)) {
      const checked = check(LogLine, readJson(data));
      if (checked.fits) yield { line: checked.value.line, next: Number(next) };
    }
  }

  /** Messages of a stream of server-sent events. */
  async *#stream(
    name: RouteName,
    parts: { readonly params?: unknown; readonly query?: unknown },
    lastEventId: number | undefined,
    enough: AbortSignal,
  ): AsyncGenerator<StreamMessage> {
    if (enough.aborted) return;
    // None that is made of both: the runtime may forget such a one while the stream lasts, and Ctrl-C would end nothing.
    const ended = new AbortController();
    const end = (): void => ended.abort();
    enough.addEventListener('abort', end, { once: true });
    const timer = setTimeout(end, SILENCE_MS);
    try {
      const headers = lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) };
      const response = await this.#connection.ask(name, parts, ended.signal, headers);
      if (!response.headers.get('content-type')?.startsWith(EVENT_STREAM_MEDIA_TYPE))
        throw this.#connection.notMuster('it sends no events');
      const decoder = new StreamDecoder();
      const letters = new TextDecoder();
      for await (const piece of piecesOf(response, ended.signal)) {
        timer.refresh();
        yield* decoder.push(letters.decode(piece, { stream: true }));
      }
    } catch (error) {
      if (enough.aborted) return;
      throw error instanceof CliFailure ? error : this.#connection.unreachable(error);
    } finally {
      clearTimeout(timer);
      enough.removeEventListener('abort', end);
    }
  }

  /** The bytes of a file, as they come. @throws CliFailure */
  async *readBytes<Name extends RouteName>(
    name: Name,
    parts: CallArguments<Name>,
    enough: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const response = await this.#connection.ask(name, parts, enough);
    try {
      for await (const piece of response.body ?? []) yield piece as Uint8Array;
    } catch (error) {
      if (enough.aborted) return;
      throw this.#connection.unreachable(error);
    }
  }
}

/** Until the signal says so, whatever the request makes of it. @throws its reason then */
async function* piecesOf({ body }: Response, ended: AbortSignal): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  const stop = (): void => void reader?.cancel().catch(() => undefined);
  ended.addEventListener('abort', stop, { once: true });
  try {
    for (;;) {
      const read = await reader?.read();
      ended.throwIfAborted();
      if (read?.value === undefined) return;
      yield read.value as Uint8Array;
    }
  } finally {
    ended.removeEventListener('abort', stop);
    stop();
  }
}
