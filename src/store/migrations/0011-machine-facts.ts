import type { Kysely, Migration } from 'kysely';
import type { ColumnTypes } from '../column-types.ts';

/** What machines say of their hardware, by who said it, and which of them were made known by a rule. */
export function machineFacts({ text, wholeNumber, tableEnd }: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable('machine_facts')
        .addColumn('machine_id', text, (column) => column.notNull())
        .addColumn('source', text, (column) => column.notNull())
        .addColumn('facts', text, (column) => column.notNull())
        .addColumn('at_ms', wholeNumber, (column) => column.notNull())
        .addPrimaryKeyConstraint('machine_facts_pk', ['machine_id', 'source'])
        .addForeignKeyConstraint('machine_facts_of', ['machine_id'], 'machines', ['id'], (key) =>
          key.onDelete('cascade'),
        )
        .modifyEnd(tableEnd)
        .execute();
      await db.schema
        .createTable('enrolments')
        .addColumn('machine_id', text, (column) => column.notNull())
        .addColumn('rule', text, (column) => column.notNull())
        .addColumn('at_ms', wholeNumber, (column) => column.notNull())
        .addPrimaryKeyConstraint('enrolments_pk', ['machine_id'])
        .addForeignKeyConstraint('enrolments_of', ['machine_id'], 'machines', ['id'], (key) =>
          key.onDelete('cascade'),
        )
        .modifyEnd(tableEnd)
        .execute();
    },
  };
}
