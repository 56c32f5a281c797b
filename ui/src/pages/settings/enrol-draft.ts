import type { Answer, Asked } from '../../data/client.ts';
import { linesFrom, pairsFrom } from '../../data/pairs.ts';

export type Rule = Answer<'getPolicy'>['enrol']['rules'][number];
type Rules = readonly Rule[];
export type RuleInput = NonNullable<
  NonNullable<NonNullable<Asked<'changePolicy'>['input']>['enrol']>['rules']
>[number];

/** What a machine must be like, in the order of the form; `subnet` and `firmware` are chosen, the others typed. */
export const CONDITIONS = [
  'mac',
  'subnet',
  'firmware',
  'architecture',
  'vendor',
  'product',
  'serial',
  'circuitId',
  'remoteId',
] as const;
export type Condition = (typeof CONDITIONS)[number];

export const FIRMWARES = ['BIOS', 'UEFI', 'U-Boot'] as const;

/** A rule as it was filled in. */
export function ruleFrom(textOf: (field: string) => string, arm: boolean): RuleInput {
  const said = CONDITIONS.map((condition) => [condition, textOf(condition)] as const).filter(
    ([, text]) => text !== '',
  );
  const profile = textOf('profile');
  return {
    // What is no firmware, the server says.
    when: Object.fromEntries(said),
    name: textOf('name'),
    ...(profile === '' ? {} : { profile }),
    ...(arm ? { arm } : {}),
    labels: pairsFrom(textOf('labels')),
    variables: linesFrom(textOf('variables')),
  };
}

/** The rules with this one in its place, or at the end. */
export function withRule(rules: Rules, rule: RuleInput, index: number): RuleInput[] {
  return index >= rules.length ? [...rules, rule] : rules.map((one, at) => (at === index ? rule : one));
}

/** The rules with one of them a place further up. */
export function movedUp(rules: Rules, index: number): RuleInput[] {
  const before = rules[index - 1];
  const rule = rules[index];
  if (!before || !rule) return [...rules];
  return rules.map((one, at) => (at === index - 1 ? rule : at === index ? before : one));
}

/** What the server says of one field: `enrol.rules[1].when.mac` is `mac` of the second rule. */
export function issueAt(
  issues: readonly { readonly path: string; readonly message: string }[],
  index: number,
  field: string,
): string | undefined {
  const whole = `enrol.rules[${index}].`;
  const isHere = (path: string): boolean => {
    if (!path.startsWith(whole)) return false;
    const rest = path.slice(whole.length).replace(/^when\./, '');
    return rest === field || rest.startsWith(`${field}.`) || rest.startsWith(`${field}[`);
  };
  return issues.find(({ path }) => isHere(path))?.message;
}
