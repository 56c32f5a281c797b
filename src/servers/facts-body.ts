import { FactsSaid } from '../contract/fact-schemas.ts';
import { check, issuesText } from '../contract/issues.ts';
import type { Facts } from '../core/machines/facts.ts';
import { withoutUndefined } from '../lib/without-undefined.ts';

/** A machine with 256 disks and all their names says less; more is refused. */
export const MAX_FACTS_BYTES = 256 * 1024;

export type ReadFacts =
  | { readonly read: true; readonly facts: Facts }
  | { readonly read: false; readonly because: string };

/** What a machine posts of its hardware. Values that make no sense are left out; what is no such text is refused. */
export function parseFacts(body: string): ReadFacts {
  const json = parseJson(body);
  if (json === undefined) return { read: false, because: 'the facts are no JSON' };
  const checked = check(FactsSaid, json);
  if (!checked.fits)
    return { read: false, because: `the facts make no sense: ${issuesText(checked.issues)}` };
  const { cpu, disks, nics, ...rest } = checked.value;
  return {
    read: true,
    facts: withoutUndefined({
      ...rest,
      cpu: cpu && withoutUndefined(cpu),
      disks: disks?.map(withoutUndefined),
      nics: nics?.map(({ lldp, ...nic }) =>
        withoutUndefined({ ...nic, lldp: lldp && withoutUndefined(lldp) }),
      ),
    }),
  };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
