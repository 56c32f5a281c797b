import { type Expression, type ExpressionBuilder, type Kysely, sql, type SqlBool } from 'kysely';
import type { Selector, SelectorTerm } from '../../core/machines/selector.ts';
import type { Database } from '../database.ts';

type Machines = ExpressionBuilder<Database, 'machines'>;

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
