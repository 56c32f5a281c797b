import type { BatchName } from '../store-access.ts';

/** Those that are run once for each row of their value; the row's values are their parameters. */
export const ROW_BY_ROW: ReadonlySet<BatchName> = new Set(['putLeases', 'addEvents', 'putFacts']);

/** The others take one value: JSON, which SQLite takes apart itself (https://www.sqlite.org/json1.html#jeach). */
export const SQLITE_BATCH_SQL: Readonly<Record<BatchName, string>> = {
  subnetsGone: `
    select value as name from json_each(?) where value not in (select name from subnets)`,
  putLeases: `
    insert into leases (address, address_number, subnet, client_key, mac, uuid, hostname, vendor_class, state,
      started_at_ms, expires_at_ms)
    select ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11
    where ?3 in (select name from subnets)
    on conflict (address) do update set subnet = excluded.subnet, client_key = excluded.client_key,
      mac = excluded.mac, uuid = excluded.uuid, hostname = excluded.hostname, vendor_class = excluded.vendor_class,
      state = excluded.state, started_at_ms = excluded.started_at_ms, expires_at_ms = excluded.expires_at_ms`,
  leasePage: `
    select json_group_array(json_array(address, subnet, client_key, mac, uuid, hostname, vendor_class, state,
      started_at_ms, expires_at_ms)) as leases, max(address_number) as last
    from (select * from leases where address_number > ?1 ->> 0 order by address_number limit ?1 ->> 1)`,
  shiftLeases: `
    update leases set started_at_ms = started_at_ms + shift.value, expires_at_ms = expires_at_ms + shift.value
    from json_each(?) as shift`,
  putClock: `
    insert into clocks (name, boot_id, uptime_ms, wall_ms)
    select 'leases', value ->> 0, value ->> 1, value ->> 2 from (select ? as value)
    where true
    on conflict (name) do update set boot_id = excluded.boot_id, uptime_ms = excluded.uptime_ms,
      wall_ms = excluded.wall_ms`,
  countEvents: `
    update counters set value = value + (? ->> '$') where name = 'event' returning value`,
  addEvents: `
    insert into events (id, at_ms, kind, text, because, machine_id, mac, install_id, data)
    values ((select value from counters where name = 'event') - ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)`,
  machinesGone: `
    select value as id from json_each(?) where not exists (select 1 from machines where id = value)`,
  putFacts: `
    insert into machine_facts (machine_id, source, at_ms, facts)
    select ?1, ?2, ?3, ?4
    where exists (select 1 from machines where id = ?1)
    on conflict (machine_id, source) do update set at_ms = excluded.at_ms, facts = excluded.facts`,
};
