import type { FastifyRequest } from 'fastify';
import { API_PREFIX, fillPath, ROUTES } from '../contract/routes.ts';
import type { RouteRow } from '../contract/route-row.ts';
import { SharedLock } from '../lib/shared-lock.ts';
import { answerText } from './answer-text.ts';
import { pictureOf, pictureRow, type Call } from './audited.ts';
import { entityTagOf, isNamed, type NamedTags, readTags } from './entity-tags.ts';
import type { Handlers, PlainRouteName } from './handler.ts';
import { readField } from './pages.ts';
import { ApiProblem, badRequest } from './problems.ts';

/** What must hold of a thing for it to be changed. */
interface Precondition {
  readonly match?: NamedTags;
  readonly noneMatch?: NamedTags;
}

/**
 * Changes that are asked for only if a thing is still as it was read (RFC 9110 §13.1). Between the look and the change
 * nobody else changes anything of its collection: whoever names a tag has the collection alone, all other changes that
 * people ask for share it.
 *
 * The lock is here, and there is no version in the store, since what people read is put together of several stores (a
 * group and its machines, a machine and its power), and no transaction spans them. What Muster itself changes meanwhile
 * (a MAC address it learned, a state it saw) is not kept out: it is merged with the change in the transaction of the
 * store, so neither is lost.
 */
export class Preconditions {
  readonly #handlers: Handlers;
  readonly #locks = new Map<string, SharedLock>();

  constructor(handlers: Handlers) {
    this.#handlers = handlers;
  }

  /** @throws ApiProblem when the thing is not as the request says that it must be. */
  async hold<T>(call: Call, headers: FastifyRequest['headers'], change: () => Promise<T>): Promise<T> {
    const wanted = readPrecondition(headers);
    if (wanted === undefined) return await this.#holdAll(collectionsOf(call.name), 'shared', change);
    if (pictureRow(call.name) === undefined)
      throw badRequest([{ path: 'If-Match', message: 'nothing can be read there, so leave it out' }]);
    return await this.#holdAll(collectionsOf(call.name), 'alone', async () => {
      await this.#expectHolds(wanted, call);
      return await change();
    });
  }

  async #expectHolds({ match, noneMatch }: Precondition, call: Call): Promise<void> {
    const current = await this.#tagOf(call);
    const path = `${API_PREFIX}${fillPath(ROUTES[call.name].path, call.asked.params as Record<string, string>)}`;
    if (match !== undefined && !isNamed(match, current, 'strong')) {
      const what = current === undefined ? 'is not there (any more)' : 'is not as it was when it was read';
      throw changed(`${path} ${what}: read it again, and send the change anew if it still fits`);
    }
    if (noneMatch !== undefined && isNamed(noneMatch, current, 'weak'))
      throw changed(`${path} is there, and was to be added: read it, and change that`);
  }

  /** As the row that shows it would answer now. */
  async #tagOf(call: Call): Promise<string | undefined> {
    const picture = pictureRow(call.name);
    const output = await pictureOf(this.#handlers, call);
    return picture === undefined || output === undefined
      ? undefined
      : entityTagOf(await answerText(picture, output));
  }

  /** Always in the same order; whoever holds one alone waits for no other, so nobody waits in a circle. */
  async #holdAll<T>(
    [first, ...others]: readonly string[],
    hold: 'shared' | 'alone',
    work: () => Promise<T>,
  ): Promise<T> {
    if (first === undefined) return await work();
    const lock = this.#locks.get(first) ?? new SharedLock();
    this.#locks.set(first, lock);
    return await lock.hold(hold, () => this.#holdAll(others, hold, work));
  }
}

function readPrecondition(headers: FastifyRequest['headers']): Precondition | undefined {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  if (match === undefined && noneMatch === undefined) return undefined;
  return {
    ...(match === undefined ? {} : { match: readField('If-Match', () => readTags(match)) }),
    ...(noneMatch === undefined ? {} : { noneMatch: readField('If-None-Match', () => readTags(noneMatch)) }),
  };
}

function changed(detail: string): ApiProblem {
  return new ApiProblem('changed', detail);
}

const COLLECTIONS = [...new Set(Object.values<RouteRow>(ROUTES).map(collectionOf))].toSorted();

/** What a row may change. A site is all of them; a file of machines has a path of its own. */
function collectionsOf(name: PlainRouteName): readonly string[] {
  if (name === 'applySite') return COLLECTIONS;
  return [name === 'importMachines' ? 'machines' : collectionOf(ROUTES[name])];
}

/** Power takes long to switch, and is no part of what people change of a machine. */
function collectionOf({ path }: Pick<RouteRow, 'path'>): string {
  return path.includes('/power') ? 'power' : (path.split('/')[1] ?? '');
}
