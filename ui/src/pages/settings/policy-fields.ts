import type { Answer, Asked } from '../../data/client.ts';

type Policy = Answer<'getPolicy'>;
export type PolicyChange = NonNullable<Asked<'changePolicy'>['input']>;

export const UNKNOWN = ['menu', 'ignore', 'discover', 'enrol'] as const;
export const LIMITS = ['attempts', 'expireHours', 'bootMinutes', 'quietMinutes', 'totalMinutes'] as const;
type Limit = (typeof LIMITS)[number];

/** How a limit stands in its field: nothing for "never". */
export function limitText(value: number | 'never'): string {
  return value === 'never' ? '' : String(value);
}

/** What the limits in the fields change; those that are as they were are left out. */
export function installsChange(
  before: Policy['installs'],
  textOf: (limit: Limit) => string,
): NonNullable<PolicyChange['installs']> {
  const changed = LIMITS.filter((limit) => textOf(limit) !== limitText(before[limit]));
  return Object.fromEntries(
    changed.map((limit) => [limit, textOf(limit) === '' ? 'never' : Number(textOf(limit))]),
  );
}

/** A rule in one line: what a machine must be like, as `mac 52:54, firmware UEFI`. */
export function conditionText(when: Policy['enrol']['rules'][number]['when']): string {
  return Object.entries(when)
    .map(([key, value]) => `${key} ${value}`)
    .join(', ');
}
