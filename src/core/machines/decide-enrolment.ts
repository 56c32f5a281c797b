import { enrolledName } from './enrolled-name.ts';
import type { EnrolCondition, EnrolRule, StrangerFacts } from './enrol-rule.ts';

export type EnrolmentDecision =
  | { readonly enrol: 'yes'; readonly rule: EnrolRule; readonly name: string; readonly because: string }
  /** A rule may fit, once more is known; none behind it is looked at until then. */
  | { readonly enrol: 'later'; readonly because: string }
  | { readonly enrol: 'no'; readonly because: string };

type ConditionName = keyof EnrolCondition;

/** How each condition is compared, and what a fact is called that is not known yet. */
const CONDITIONS = {
  mac: { label: 'MAC address', fits: startsWith },
  subnet: { label: 'subnet', fits: equals },
  firmware: { label: 'firmware', fits: equals },
  architecture: { label: 'architecture', fits: equals },
  vendor: { label: 'vendor', fits: like },
  product: { label: 'product', fits: like },
  serial: { label: 'serial number', fits: like },
  circuitId: { label: 'port (circuit id)', fits: like },
  remoteId: { label: 'switch (remote id)', fits: like },
} as const satisfies Record<ConditionName, { label: string; fits: (said: string, seen: string) => boolean }>;

const CONDITION_NAMES = Object.keys(CONDITIONS) as readonly ConditionName[];

/** What only the machine's own programs tell. */
export const TOLD_LATER: readonly ConditionName[] = ['vendor', 'product', 'serial'];

/**
 * Whether an unknown machine becomes known, by which rule, and what it is called. The first rule that fits wins.
 *
 * @param knowledge `all`: what is not known by now will never be. `some`: iPXE or discovery may still tell.
 * @param isTaken whether a machine has that name already.
 */
export function decideEnrolment(
  rules: readonly EnrolRule[],
  stranger: StrangerFacts,
  knowledge: 'all' | 'some',
  isTaken: (name: string) => boolean,
): EnrolmentDecision {
  const reasons: string[] = [];
  for (const [index, rule] of rules.entries()) {
    const verdict = verdictOn(rule.when, stranger);
    const which = `rule ${index + 1}`;
    if (verdict.fits === 'no') {
      reasons.push(`${which} wants ${verdict.because}`);
      continue;
    }
    if (verdict.fits === 'unknown') {
      if (knowledge === 'some')
        return {
          enrol: 'later',
          because: `${which} asks for its ${verdict.because}, which is not known yet`,
        };
      reasons.push(`${which} asks for its ${verdict.because}, which it does not tell`);
      continue;
    }
    const made = enrolledName(rule.name, stranger, isTaken);
    if (!made.made) return { enrol: 'no', because: `${which} fits, and ${made.because}` };
    return { enrol: 'yes', rule, name: made.name, because: `${which} fits: ${ruleText(rule.when)}` };
  }
  const why = reasons.length === 0 ? 'there is no rule' : reasons.slice(0, MAX_REASONS).join('; ');
  return { enrol: 'no', because: `no rule fits: ${why}` };
}

/** Rules whose reason is told. */
const MAX_REASONS = 8;

/** What a rule asks for, for people. */
export function ruleText(when: EnrolCondition): string {
  const terms = CONDITION_NAMES.flatMap((name) => {
    const said = when[name];
    return said === undefined ? [] : [`${CONDITIONS[name].label} ${said}`];
  });
  return terms.length === 0 ? 'it takes every machine' : terms.join(', ');
}

/** Whether a rule asks for what the ROM does not tell: machines must get as far as iPXE before it can be decided. */
export function waitsForPrograms(rules: readonly EnrolRule[]): boolean {
  return rules.some(({ when }) => TOLD_LATER.some((name) => when[name] !== undefined));
}

type Verdict = { readonly fits: 'yes' } | { readonly fits: 'no' | 'unknown'; readonly because: string };

/** What does not fit decides, whatever is not known beside it. */
function verdictOn(when: EnrolCondition, stranger: StrangerFacts): Verdict {
  let unknown: string | undefined;
  for (const name of CONDITION_NAMES) {
    const said = when[name];
    if (said === undefined) continue;
    const { label, fits } = CONDITIONS[name];
    const seen = stranger[name];
    if (seen === undefined && TOLD_LATER.includes(name)) unknown ??= label;
    else if (seen === undefined || !fits(said, seen)) {
      return { fits: 'no', because: `${label} ${said} and not ${seen ?? 'none'}` };
    }
  }
  return unknown === undefined ? { fits: 'yes' } : { fits: 'unknown', because: unknown };
}

function equals(said: string, seen: string): boolean {
  return said.toLowerCase() === seen.toLowerCase();
}

/** Digits alone: prefixes are written with colons, dashes or nothing. */
function startsWith(said: string, seen: string): boolean {
  const digits = (text: string): string => text.toLowerCase().replaceAll(/[^\da-f]/g, '');
  return digits(seen).startsWith(digits(said));
}

/**
 * Whether a text is as `*` and `?` say. Without regular expressions: what a rule says must not make a packet take
 * long, and here it takes no more steps than both texts multiplied.
 */
export function like(pattern: string, text: string): boolean {
  const wanted = Array.from(pattern.toLowerCase());
  const seen = Array.from(text.toLowerCase());
  let at = 0;
  let star = -1;
  let from = 0;
  let index = 0;
  while (index < seen.length) {
    if (at < wanted.length && (wanted[at] === '?' || (wanted[at] === seen[index] && wanted[at] !== '*'))) {
      at += 1;
      index += 1;
    } else if (wanted[at] === '*') {
      star = at;
      from = index;
      at += 1;
    } else if (star >= 0) {
      // The last star takes one letter more.
      at = star + 1;
      from += 1;
      index = from;
    } else {
      return false;
    }
  }
  return wanted.slice(at).every((letter) => letter === '*');
}
