import type { MacAddress, Uuid } from '../../lib/addresses.ts';
import type { Machine, MachinePort } from './machine.ts';
import { isWorthlessText, isWorthlessUuid } from './worthless-values.ts';

/**
 * Which machine it is that asks: the one place that says so. A MAC address that is known decides alone. Everything
 * else only brings machines together with their first MAC address, and only where nothing speaks against it.
 */

/** What a machine says of itself besides its MAC address; all of it could be said by another. */
export interface Claims {
  /** Both readings, where the byte order is not known. */
  readonly uuids?: readonly Uuid[] | undefined;
  readonly serial?: string | undefined;
  readonly assetTag?: string | undefined;
  readonly port?: MachinePort | undefined;
  /** These two say of what kind it is, and not which it is. */
  readonly vendor?: string | undefined;
  readonly product?: string | undefined;
}

export interface Seen extends Claims {
  /** Of the frame, or of the lease of the address. */
  readonly mac?: MacAddress | undefined;
}

export type Identified =
  | {
      readonly known: true;
      readonly machine: Machine;
      readonly because: string;
      /** Its first MAC address, which is to be written down before it counts. */
      readonly learns?: MacAddress;
    }
  /** Without a reason nothing it says is any machine's. */
  | { readonly known: false; readonly because?: string };

type Sign = 'same' | 'other' | 'unsaid';

interface IdentityRow {
  readonly name: string;
  readonly compare: (machine: Machine, seen: Claims) => Sign;
}

const IDENTITIES: readonly IdentityRow[] = [
  {
    name: 'UUID',
    compare: ({ uuid }, { uuids = [] }) =>
      compared(
        uuid,
        uuids.filter((one) => !isWorthlessUuid(one)),
        isWorthlessUuid,
      ),
  },
  { name: 'serial number', compare: ({ serial }, seen) => comparedTexts(serial, seen.serial) },
  { name: 'asset tag', compare: ({ assetTag }, seen) => comparedTexts(assetTag, seen.assetTag) },
  {
    name: 'relay port',
    compare: ({ port }, seen) => {
      if (port === undefined || seen.port === undefined) return 'unsaid';
      const isHere = port.remoteId === undefined || port.remoteId === seen.port.remoteId;
      return isHere && port.circuitId === seen.port.circuitId ? 'same' : 'other';
    },
  },
];

/**
 * @param ofMac the machine that has the MAC address.
 * @param others those that have one of the claims, and others as well.
 */
export function identify(seen: Seen, ofMac: Machine | undefined, others: readonly Machine[]): Identified {
  if (ofMac) return { known: true, machine: ofMac, because: `its MAC address is that of ${ofMac.name}` };
  const named = others
    .map((machine) => ({ machine, ...signsOf(machine, seen) }))
    .filter(({ same }) => same.length > 0);
  const [found, ...more] = named.filter(({ other }) => other.length === 0);
  const [first] = named;
  if (first === undefined) return { known: false };
  if (found === undefined || more.length > 0) {
    return { known: false, because: named.map(findingText).join('; ') };
  }
  const { machine } = found;
  const because = findingText(found);
  if (seen.mac === undefined) return { known: true, machine, because };
  if (machine.macs.length > 0)
    return {
      known: false,
      because: `${because}, which is known by its MAC addresses already, and ${seen.mac} is none of them: add it with muster machine set ${machine.name} --mac if it is right`,
    };
  return {
    known: true,
    machine,
    because: `${because}, which had no MAC address yet`,
    learns: seen.mac,
  };
}

interface Signs {
  readonly same: readonly string[];
  readonly other: readonly string[];
}

function signsOf(machine: Machine, seen: Claims): Signs {
  const signs = IDENTITIES.map(({ name, compare }) => ({ name, sign: compare(machine, seen) }));
  const named = (wanted: Sign): readonly string[] =>
    signs.filter(({ sign }) => sign === wanted).map(({ name }) => name);
  return { same: named('same'), other: named('other') };
}

/** `its serial number is that of web1`, `its serial number is that of web1, but its UUID is not`. */
function findingText({ machine, same, other }: Signs & { readonly machine: Machine }): string {
  const but = other.length === 0 ? '' : `, but ${all(other)} not`;
  return `${all(same)} that of ${machine.name}${but}`;
}

function all(names: readonly string[]): string {
  return `its ${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'}`;
}

/** Why a machine cannot be told from others by what is said of it, or undefined where it can. */
export function objectionToIdentity(machine: Machine): string | undefined {
  const { name, macs, uuid, serial, assetTag, port } = machine;
  for (const [what, text] of [
    ['serial number', serial],
    ['asset tag', assetTag],
  ] as const) {
    if (text !== undefined && isWorthlessText(text))
      return `the ${what} "${text}" is what makers leave on many boards, and tells no machine from another: leave it out`;
  }
  const isUuid = uuid !== undefined && !isWorthlessUuid(uuid);
  if (macs.length > 0 || isUuid || serial !== undefined || assetTag !== undefined || port !== undefined)
    return undefined;
  return `machine ${name} has nothing to be known by: a MAC address, a UUID that no other board has, a serial number, an asset tag or a relay port is wanted`;
}

function comparedTexts(ours: string | undefined, theirs: string | undefined): Sign {
  const said = theirs === undefined ? [] : [textKey(theirs)];
  return compared(ours === undefined ? undefined : textKey(ours), said, isWorthlessText);
}

function compared<Value extends string>(
  ours: Value | undefined,
  theirs: readonly Value[],
  isWorthless: (value: Value) => boolean,
): Sign {
  const said = theirs.filter((value) => !isWorthless(value));
  if (ours === undefined || isWorthless(ours) || said.length === 0) return 'unsaid';
  return said.includes(ours) ? 'same' : 'other';
}

/** People and firmware write one number in large and small letters, with and without spaces around it. */
export function textKey(text: string): string {
  return text.trim().toLowerCase();
}
