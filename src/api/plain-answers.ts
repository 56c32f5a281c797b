import type { FastifyReply, FastifyRequest } from 'fastify';
import { ROUTES } from '../contract/routes.ts';
import type { RouteRow } from '../contract/route-row.ts';
import type { ApiNeeds } from './api-needs.ts';
import { answerText } from './answer-text.ts';
import type { Asking } from './asking.ts';
import { audited, type Call } from './audited.ts';
import { entityTagOf, isNamed, readTags } from './entity-tags.ts';
import type { Handlers, PlainRouteName } from './handler.ts';
import { locationOf } from './handlers.ts';
import { onceByKey } from './keyed-requests.ts';
import { readField } from './pages.ts';
import { Preconditions } from './preconditions.ts';
import { readAsked } from './read-request.ts';

/** One answer, before it is sent. */
export interface PlainAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON; absent where there is no body. */
  readonly text?: string;
}

type AnswerNeeds = Pick<ApiNeeds, 'people' | 'requestKeys' | 'failed'>;

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

/** Answers the rows whose answer is one JSON text or none. */
export class PlainAnswers {
  readonly #handlers: Handlers;
  readonly #needs: AnswerNeeds;
  readonly #preconditions: Preconditions;

  constructor(handlers: Handlers, needs: AnswerNeeds) {
    this.#handlers = handlers;
    this.#needs = needs;
    this.#preconditions = new Preconditions(handlers);
  }

  async answer(
    name: PlainRouteName,
    request: FastifyRequest,
    reply: FastifyReply,
    asking: Asking,
  ): Promise<unknown> {
    const row: RouteRow = ROUTES[name];
    const call: Call = { name, asked: readAsked(row, request), asking };
    const { status, headers, text } =
      row.method === 'GET' ? await this.#read(call, request) : await this.#change(call, request);
    // As bytes: the media type is whole, and the framework would write its own way of it.
    return await reply
      .code(status)
      .headers(headers)
      .send(text === undefined ? text : Buffer.from(text));
  }

  async #read(call: Call, { headers }: FastifyRequest): Promise<PlainAnswer> {
    const answer = await answerOf(call, await this.#run(call));
    const etag = entityTagOf(answer.text ?? '');
    const known = headers['if-none-match'];
    if (
      known !== undefined &&
      isNamed(
        readField('If-None-Match', () => readTags(known)),
        etag,
        'weak',
      )
    )
      return { status: 304, headers: { etag } };
    return { ...answer, headers: { ...answer.headers, etag } };
  }

  async #change(call: Call, { headers }: FastifyRequest): Promise<PlainAnswer> {
    return await onceByKey(this.#needs.requestKeys, call, headers, () =>
      this.#preconditions.hold(call, headers, async () => answerOf(call, await this.#run(call))),
    );
  }

  async #run(call: Call): Promise<unknown> {
    const { people, failed } = this.#needs;
    return await audited(this.#handlers, { audit: people.audit, failed }, call);
  }
}

async function answerOf({ name, asking }: Call, output: unknown): Promise<PlainAnswer> {
  const row: RouteRow = ROUTES[name];
  if (row.answers === 'nothing') return { status: 204, headers: {} };
  // Whoever may write a variable may read it: they put back what they read.
  const text = await answerText(name, output, asking.asker?.role === 'viewer' ? 'hidden' : 'shown');
  if (row.answers === 'thing') return { status: 200, headers: JSON_TYPE, text };
  const location = locationOf(row.path, output);
  return { status: 201, headers: { ...JSON_TYPE, ...(location === undefined ? {} : { location }) }, text };
}
