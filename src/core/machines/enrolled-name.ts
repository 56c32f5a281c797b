import { check } from '../../contract/issues.ts';
import { machineName } from '../../contract/fields.ts';
import type { StrangerFacts } from './enrol-rule.ts';

/** What may stand in the name of a rule. */
const TOKEN = /\{(mac|serial|n(?::0(\d))?)\}/g;
/** Leading zeros of a number at most. */
const SAMPLE: StrangerFacts = { mac: '52:54:00:12:34:56', serial: 'ABC1234' };

export type MadeName =
  | { readonly made: true; readonly name: string }
  | { readonly made: false; readonly because: string };

/** A name that is not taken, or why there is none. */
export function enrolledName(
  pattern: string,
  stranger: Pick<StrangerFacts, 'mac' | 'serial'>,
  isTaken: (name: string) => boolean,
): MadeName {
  const serial = dnsLetters(stranger.serial ?? '');
  if (pattern.includes('{serial}') && serial === '')
    return { made: false, because: `its name "${pattern}" asks for a serial number, and it has none` };
  const nameOf = (number: number): string =>
    pattern.replaceAll(TOKEN, (_, token: string, digits: string | undefined) => {
      if (token === 'mac') return stranger.mac.replaceAll(':', '');
      if (token === 'serial') return serial;
      return String(number).padStart(Number(digits ?? 1), '0');
    });
  if (!hasNumber(pattern)) {
    const name = nameOf(0);
    if (isTaken(name)) return { made: false, because: `the name "${name}" is taken` };
    return checked(name);
  }
  let number = 1;
  while (isTaken(nameOf(number))) number += 1;
  return checked(nameOf(number));
}

/** Why a pattern can give no names, or the same to every machine; undefined where it can. */
export function objectionToPattern(pattern: string): string | undefined {
  const rest = pattern.replaceAll(TOKEN, '');
  if (/[{}]/.test(rest))
    return `"${pattern}" has other braces than {n}, {n:03} (up to {n:09}), {mac} and {serial}`;
  if (rest === pattern)
    return `"${pattern}" gives every machine the same name: put {n}, {mac} or {serial} in it, as in node-{n:03}`;
  const made = enrolledName(pattern, SAMPLE, () => false);
  return made.made ? undefined : `"${pattern}" gives names such as ${made.because}`;
}

function hasNumber(pattern: string): boolean {
  return /\{n(?::0\d)?\}/.test(pattern);
}

function checked(name: string): MadeName {
  const read = check(machineName, name);
  if (read.fits) return { made: true, name };
  return { made: false, because: `"${name}": ${read.issues[0]?.message ?? 'it is no name of a machine'}` };
}

/** As much of a text as may stand in a host name. */
function dnsLetters(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
}
