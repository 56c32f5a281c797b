import type { Answer, Asked } from '../../data/client.ts';

export type PowerInput = NonNullable<Asked<'setPower'>['input']>;
export type PowerSettings = Answer<'getPower'>['settings'];
export type Driver = PowerSettings['driver'];

/** The fields of each driver, in the order of the form; what it has no field for is set on the command line. */
export const FIELDS_OF = {
  wol: ['to'],
  redfish: ['url', 'user', 'secret', 'certificateSha256', 'system'],
  ipmi: ['host', 'user', 'secret'],
  command: ['argv'],
  webhook: ['url', 'secret'],
} as const satisfies Readonly<Record<Driver, readonly string[]>>;
export type PowerField = (typeof FIELDS_OF)[Driver][number];

export const DRIVERS = Object.keys(FIELDS_OF) as readonly Driver[];
/** Those that nothing works without. */
export const WANTED: ReadonlySet<PowerField> = new Set(['url', 'host', 'argv']);

/** How power is reached, as it was filled in. What stands in no field stays as it was where the driver stays. */
export function powerFrom(
  driver: Driver,
  textOf: (field: PowerField) => string,
  before: PowerSettings | undefined,
): PowerInput {
  const kept = before?.driver === driver ? before : { driver };
  const fields: readonly PowerField[] = FIELDS_OF[driver];
  const others = Object.entries(kept).filter(([key]) => !fields.some((field) => field === key));
  const said = fields
    .filter((field) => textOf(field) !== '')
    .map((field) => [field, valueOf(field, textOf(field))]);
  // A user that is empty is one all the same: some BMCs have no name.
  const user = driver === 'redfish' || driver === 'ipmi' ? { user: textOf('user') } : {};
  return { ...Object.fromEntries(others), ...Object.fromEntries(said), ...user } as PowerInput;
}

function valueOf(field: PowerField, text: string): string | string[] {
  if (field === 'argv') return itemsOf(text, /\n/);
  return field === 'to' ? itemsOf(text, /[\s,]+/) : text;
}

function itemsOf(text: string, between: RegExp): string[] {
  return text
    .split(between)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** What stands in a field before it is changed; a secret is never told. */
export function textIn(settings: PowerSettings | undefined, driver: Driver, field: PowerField): string {
  if (settings?.driver !== driver) return '';
  const value = (settings as Readonly<Record<string, unknown>>)[field];
  if (Array.isArray(value)) return value.join(field === 'argv' ? '\n' : ' ');
  return typeof value === 'string' ? value : '';
}
