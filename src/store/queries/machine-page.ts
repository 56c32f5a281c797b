import { type Expression, type ExpressionBuilder, type Kysely, sql, type SqlBool } from 'kysely';
import {
  type MachinePage,
  type MachinePlace,
  type MachineQuery,
  type MachineSort,
  type NewestState,
  placeOf,
  wordsOf,
} from '../../core/machines/machine-page.ts';
import type { Selector, SelectorTerm } from '../../core/machines/selector.ts';
import type { Database } from '../database.ts';
import { rowLimit } from '../row-values.ts';
import { joinedMachines, machinesFrom } from './machine-rows.ts';

type Machines = ExpressionBuilder<Database, 'machines'>;

/** One page of the machines that fit, and how many fit in all: to find out is most of the work, so it is done once. */
export async function pageOfMachines(db: Kysely<Database>, query: MachineQuery): Promise<MachinePage> {
  const { limit, sort, after } = query;
  const fitting = (eb: Machines) => eb.and(conditionsOf(eb, query));
  // One more than is wanted, which tells whether there is a next page.
  const some = inOrder(db.selectFrom('machines').where(fitting), sort)
    .select((eb) => ['machines.id as fittingId', eb.fn.countAll<number>().over().as('fitting')])
    .$if(after !== undefined, (page) => page.where((eb) => (after ? behind(eb, after) : eb.lit(true))))
    .limit(rowLimit(limit) + 1)
    .as('some');
  const rows = await inOrder(
    joinedMachines(db).clearOrderBy().innerJoin(some, 'some.fittingId', 'machines.id').select('some.fitting'),
    sort,
  )
    .orderBy('machine_macs.position')
    .execute();
  const found = machinesFrom(rows.map(({ fitting: _fitting, ...row }) => row));
  const machines = found.slice(0, limit);
  const last = machines.at(-1);
  const isMore = found.length > limit && last !== undefined;
  return {
    machines,
    next: isMore ? placeOf(last, sort, await stateOf(db, last.id, sort)) : undefined,
    // What stands before the place where an earlier page ended is not among them.
    total: after === undefined ? (rows[0]?.fitting ?? 0) : await countOf(db, fitting),
  };
}

/** Where the place of a page has it. */
async function stateOf(
  db: Kysely<Database>,
  id: string,
  sort: MachineSort,
): Promise<NewestState | undefined> {
  if (sort !== 'state' && sort !== '-state') return undefined;
  const row = await db
    .selectFrom('machines')
    .select((eb) => newestState(eb).as('state'))
    .where('machines.id', '=', id)
    .executeTakeFirst();
  return row?.state;
}

async function countOf(
  db: Kysely<Database>,
  fitting: (eb: Machines) => Expression<SqlBool>,
): Promise<number> {
  const counting = db.selectFrom('machines').select((eb) => eb.fn.countAll<number>().as('count'));
  return (await counting.where(fitting).executeTakeFirstOrThrow()).count;
}

type Order = (eb: Machines) => Expression<unknown>;

interface Ordered<Query> {
  orderBy(by: 'machines.name' | 'machines.created_at_ms' | Order, direction: 'asc' | 'desc'): Query;
}

function inOrder<Query extends Ordered<Query>>(query: Query, sort: MachineSort): Query {
  const direction = sort.startsWith('-') ? 'desc' : 'asc';
  return firstInOrder(query, sort, direction).orderBy('machines.name', direction);
}

function firstInOrder<Query extends Ordered<Query>>(
  query: Query,
  sort: MachineSort,
  direction: 'asc' | 'desc',
): Query {
  switch (sort) {
    case 'created':
    case '-created':
      return query.orderBy('machines.created_at_ms', direction);
    case 'state':
    case '-state':
      return query.orderBy(newestState, direction);
    case 'name':
    case '-name':
      return query;
    default:
      return sort satisfies never;
  }
}

function behind(eb: Machines, place: MachinePlace): Expression<SqlBool> {
  const sign = place.sort.startsWith('-') ? '<' : '>';
  const name = eb('machines.name', sign, place.name);
  if ('createdAtMs' in place)
    return eb.or([
      eb('machines.created_at_ms', sign, place.createdAtMs),
      eb.and([eb('machines.created_at_ms', '=', place.createdAtMs), name]),
    ]);
  if ('state' in place)
    return eb.or([
      eb(newestState(eb), sign, place.state),
      eb.and([eb(newestState(eb), '=', place.state), name]),
    ]);
  return name;
}

function conditionsOf(eb: Machines, { selector, text, state }: MachineQuery): readonly Expression<SqlBool>[] {
  return [
    ...(selector === undefined ? [] : [chosenBy(eb, selector)]),
    ...wordsOf(text).map((word) => holdingText(eb, word)),
    ...(state === undefined ? [] : [eb(newestState(eb), '=', state)]),
  ];
}

/** Of the newest install, or `none`. */
function newestState(eb: Machines) {
  const newest = eb
    .selectFrom('installs')
    .select('installs.state')
    .whereRef('installs.machine_id', '=', 'machines.id')
    .orderBy('installs.number', 'desc')
    .limit(1);
  return eb.fn.coalesce(newest, sql.lit('none' as const));
}

function holdingText(eb: Machines, text: string): Expression<SqlBool> {
  const wanted = text.toLowerCase();
  const columns = ['machines.name', 'machines.serial', 'machines.asset_tag', 'machines.uuid'] as const;
  const any: Expression<SqlBool>[] = columns.map((column) => holds(eb.fn('lower', [column]), wanted));
  // A MAC address may be written with any separator, or in part.
  const digits = wanted.replaceAll(/[:.-]/g, '');
  if (/^[\da-f]+$/.test(digits)) {
    const macs = eb
      .selectFrom('machine_macs')
      .select('machine_macs.mac')
      .whereRef('machine_macs.machine_id', '=', 'machines.id')
      .where((inner) => holds(inner.fn('replace', ['machine_macs.mac', sql.lit(':'), sql.lit('')]), digits));
    any.push(eb.exists(macs));
  }
  return eb.or(any);
}

/** The ids of those that have such labels now, for what is kept of machines elsewhere. */
export function idsChosenBy(db: Kysely<Database>, selector: Selector) {
  return db
    .selectFrom('machines')
    .select('machines.id')
    .where((eb) => chosenBy(eb, selector));
}

/** The same as `matchSelector` decides; a test of every store compares them. */
function chosenBy(eb: Machines, selector: Selector): Expression<SqlBool> {
  return selector.length === 0 ? eb.lit(false) : eb.and(selector.map((term) => holdsTerm(eb, term)));
}

/**
 * Labels are kept as JSON. Neither their keys nor their values can hold a quote, so `"key":` stands in it where there is
 * such a key and nowhere else: every database can look for that, and each has its own functions for JSON.
 */
function holdsTerm(eb: Machines, term: SelectorTerm): Expression<SqlBool> {
  const labels = eb.ref('machines.labels');
  const has = (value: string) => holds(labels, `${JSON.stringify(term.key)}:${JSON.stringify(value)}`);
  switch (term.is) {
    case 'equal':
      return has(term.value);
    case 'not equal':
      return eb.not(has(term.value));
    case 'one of':
      return eb.or(term.values.map(has));
    case 'none of':
      return eb.not(eb.or(term.values.map(has)));
    case 'there':
      return holds(labels, `${JSON.stringify(term.key)}:`);
    case 'absent':
      return eb.not(holds(labels, `${JSON.stringify(term.key)}:`));
    default:
      return term satisfies never;
  }
}

/** Letter by letter: LIKE has signs of its own, and does not tell large letters from small ones everywhere. */
export function holds(where: Expression<unknown>, text: string): Expression<SqlBool> {
  return sql<SqlBool>`(${where} is not null and replace(${where}, ${text}, '') <> ${where})`;
}
