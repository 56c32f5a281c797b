import { parseUuid, type Uuid } from '../../lib/addresses.ts';
import { parseMachineText } from '../../lib/machine-texts.ts';
import type { Claims } from './identify.ts';

/** How a machine says in the query of a URL what it is known by. */
export const CLAIM_FIELDS = {
  uuid: 'uuid',
  serial: 'serial',
  assetTag: 'asset',
  vendor: 'vendor',
  product: 'product',
} as const;

/** Undefined where it was not asked: none of the fields is there. What cannot be read, or is empty, is not said. */
export function readClaims(query: ReadonlyMap<string, string>): Claims | undefined {
  if (!Object.values(CLAIM_FIELDS).some((field) => query.has(field))) return undefined;
  const uuid = readOr<Uuid>(parseUuid, query.get(CLAIM_FIELDS.uuid));
  return {
    uuids: uuid === undefined ? [] : [uuid],
    serial: readOr(parseMachineText, query.get(CLAIM_FIELDS.serial)),
    assetTag: readOr(parseMachineText, query.get(CLAIM_FIELDS.assetTag)),
    vendor: readOr(parseMachineText, query.get(CLAIM_FIELDS.vendor)),
    product: readOr(parseMachineText, query.get(CLAIM_FIELDS.product)),
  };
}

function readOr<Value>(parse: (text: string) => Value, text: string | undefined): Value | undefined {
  try {
    return text === undefined ? undefined : parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
