import { type CreateTableBuilder, type Kysely, type Migration, type RawBuilder, sql } from 'kysely';
import type { ColumnTypes } from '../column-types.ts';

/** The states of an install that is not over, as they were when this was released (`OPEN_STATES` of core). */
const OPEN_STATES = ['requested', 'booting', 'installing'];

type Columns = Readonly<Record<string, RawBuilder<unknown>>>;

/** Adds the tables, in an order in which every reference finds its table. */
export function firstTables(types: ColumnTypes): Migration {
  return {
    async up(db: Kysely<unknown>): Promise<void> {
      await createMachines(db, types);
      await createNetwork(db, types);
      await createProfiles(db, types);
      await createInstalls(db, types);
      await createEvents(db, types);
      await createPolicyAndCounters(db, types);
    },
  };
}

async function createMachines(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { text, wholeNumber } = types;
  await table(db, types, 'machines', { id: text, name: text, variables: text, created_at_ms: wholeNumber })
    .addColumn('uuid', text)
    .addPrimaryKeyConstraint('machines_pk', ['id'])
    .addUniqueConstraint('machines_name', ['name'])
    .execute();
  await db.schema.createIndex('machines_by_uuid').on('machines').column('uuid').execute();

  await table(db, types, 'machine_macs', { mac: text, machine_id: text, position: wholeNumber })
    .addPrimaryKeyConstraint('machine_macs_pk', ['mac'])
    .addForeignKeyConstraint('machine_macs_of', ['machine_id'], 'machines', ['id'], (key) =>
      key.onDelete('cascade'),
    )
    .execute();
  await db.schema.createIndex('machine_macs_by_machine').on('machine_macs').column('machine_id').execute();
}

async function createNetwork(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { text, wholeNumber } = types;
  await table(db, types, 'subnets', {
    name: text,
    network_address: text,
    prefix_length: wholeNumber,
    mode: text,
    ranges: text,
    reservations: text,
    routers: text,
    dns_servers: text,
    default_lease_seconds: wholeNumber,
    max_lease_seconds: wholeNumber,
    options: text,
  })
    .addColumn('domain_name', text)
    .addColumn('next_server', text)
    .addColumn('boot_file', text)
    .addPrimaryKeyConstraint('subnets_pk', ['name'])
    .execute();

  await table(db, types, 'leases', {
    address: text,
    address_number: wholeNumber,
    subnet: text,
    client_key: text,
    state: text,
    started_at_ms: wholeNumber,
    expires_at_ms: wholeNumber,
  })
    .addColumn('mac', text)
    .addColumn('uuid', text)
    .addColumn('hostname', text)
    .addColumn('vendor_class', text)
    .addPrimaryKeyConstraint('leases_pk', ['address'])
    .addUniqueConstraint('leases_address_number', ['address_number'])
    .addForeignKeyConstraint('leases_of', ['subnet'], 'subnets', ['name'], (key) => key.onDelete('cascade'))
    .execute();
  await db.schema.createIndex('leases_by_client').on('leases').columns(['subnet', 'client_key']).execute();
  await db.schema.createIndex('leases_by_mac').on('leases').column('mac').execute();
}

async function createProfiles(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { text, wholeNumber } = types;
  await table(db, types, 'images', {
    name: text,
    folder: text,
    family: text,
    title: text,
    release: text,
    architecture: text,
    initrds: text,
    answer_kind: text,
    added_at_ms: wholeNumber,
  })
    .addColumn('kernel', text)
    .addPrimaryKeyConstraint('images_pk', ['name'])
    .execute();

  await table(db, types, 'profiles', { name: text, image: text, arguments: text, variables: text })
    .addColumn('template', text)
    .addPrimaryKeyConstraint('profiles_pk', ['name'])
    .addForeignKeyConstraint('profiles_image', ['image'], 'images', ['name'])
    .execute();
  await db.schema.createIndex('profiles_by_image').on('profiles').column('image').execute();
}

async function createInstalls(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { text, wholeNumber, fraction } = types;
  // No foreign key to the profile: an install that is over may outlive it.
  await table(db, types, 'installs', {
    id: text,
    number: wholeNumber,
    machine_id: text,
    profile: text,
    token: text,
    state: text,
    requested_at_ms: wholeNumber,
    changed_at_ms: wholeNumber,
  })
    .addColumn('step', text)
    .addColumn('percent', fraction)
    .addColumn('because', text)
    .addPrimaryKeyConstraint('installs_pk', ['id'])
    .addUniqueConstraint('installs_number', ['number'])
    .addUniqueConstraint('installs_token', ['token'])
    .addForeignKeyConstraint('installs_of', ['machine_id'], 'machines', ['id'], (key) =>
      key.onDelete('cascade'),
    )
    .execute();
  await db.schema
    .createIndex('installs_by_machine')
    .on('installs')
    .columns(['machine_id', 'number'])
    .execute();
  await db.schema
    .createIndex('installs_one_open')
    .unique()
    .on('installs')
    .column('machine_id')
    .where(sql.ref('state'), 'in', OPEN_STATES)
    .execute();
}

async function createEvents(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { text, wholeNumber } = types;
  await db.schema
    .createTable('events')
    .addColumn('id', wholeNumber, (column) => column.primaryKey())
    .addColumn('at_ms', wholeNumber, (column) => column.notNull())
    .addColumn('kind', text, (column) => column.notNull())
    .addColumn('text', text, (column) => column.notNull())
    .addColumn('because', text)
    .addColumn('machine_id', text)
    .addColumn('mac', text)
    .addColumn('install_id', text)
    .addColumn('data', text)
    .modifyEnd(types.tableEnd)
    .execute();
  for (const column of ['machine_id', 'mac', 'install_id']) {
    await db.schema
      .createIndex(`events_by_${column}`)
      .on('events')
      .columns([column, 'id'])
      .where(sql.ref(column), 'is not', null)
      .execute();
  }
}

async function createPolicyAndCounters(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { text, wholeNumber } = types;
  await table(db, types, 'policies', { name: text, policy: text })
    .addPrimaryKeyConstraint('policies_pk', ['name'])
    .execute();
  await table(db, types, 'counters', { name: text, value: wholeNumber })
    .addPrimaryKeyConstraint('counters_pk', ['name'])
    .execute();
  const tables = db as Kysely<{ counters: { name: string; value: number } }>;
  await tables
    .insertInto('counters')
    .values([
      { name: 'event', value: 0 },
      { name: 'install', value: 0 },
    ])
    .execute();
}

/** A table whose columns given here are never null. */
function table(
  db: Kysely<unknown>,
  types: ColumnTypes,
  name: string,
  columns: Columns,
): CreateTableBuilder<string, string> {
  let builder: CreateTableBuilder<string, string> = db.schema.createTable(name).modifyEnd(types.tableEnd);
  for (const [column, type] of Object.entries(columns)) {
    builder = builder.addColumn(column, type, (definition) => definition.notNull());
  }
  return builder;
}
