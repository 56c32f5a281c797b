import { MAX_LABELS } from '../../lib/labels.ts';
import { type Machine, MAX_MACS_PER_MACHINE, MAX_VARIABLES_PER_MACHINE } from './machine.ts';
import { isWorthlessUuid } from './worthless-values.ts';

export type Merged =
  | {
      readonly merge: true;
      readonly machine: Machine;
      /** What the second had otherwise, and is gone. */
      readonly lost: readonly string[];
    }
  | { readonly merge: false; readonly because: string };

/** What a computer has one of: where two machines have different ones, they are two computers. */
const IDENTITIES: readonly (readonly [
  name: string,
  option: string,
  of: (machine: Machine) => string | undefined,
])[] = [
  ['UUID', '--uuid', ({ uuid }) => (uuid === undefined || isWorthlessUuid(uuid) ? undefined : uuid)],
  ['serial number', '--serial', ({ serial }) => serial],
  ['asset tag', '--asset-tag', ({ assetTag }) => assetTag],
  ['port', '--port', ({ port }) => port && [port.circuitId, port.remoteId ?? ''].join('@')],
];

/** Wishes of which a machine has one each; the first machine's stay. */
const WISHES = [
  ['loader', 'loader'],
  ['source', 'source'],
  ['memoryMegabytes', 'memory'],
  ['memoryCheck', 'memory check'],
] as const;

/** One machine of two records of it. The first keeps its id and name, and has the last word. */
export function mergeMachines(into: Machine, from: Machine): Merged {
  const objection = objectionTo(into, from);
  if (objection !== undefined) return { merge: false, because: objection };
  const machine: Machine = {
    // Of what one of them alone has, none is lost.
    ...from,
    ...into,
    macs: [...into.macs, ...from.macs],
    labels: { ...from.labels, ...into.labels },
    variables: { ...from.variables, ...into.variables },
    ...sharedUuid(into, from),
    createdAtMs: Math.min(into.createdAtMs, from.createdAtMs),
  };
  const tooMany = objectionToSize(machine);
  if (tooMany !== undefined) return { merge: false, because: tooMany };
  const lost = [
    ...lostOf('label', from.labels, into.labels),
    ...lostOf('variable', from.variables, into.variables),
    ...WISHES.flatMap(([field, name]) => lostOf('', { [name]: from[field] }, { [name]: into[field] })),
  ];
  return { merge: true, machine, lost };
}

/** A UUID that many mainboards have says nothing, so the other's goes before it. */
function sharedUuid(into: Machine, from: Machine): Pick<Machine, 'uuid'> {
  const known = [into.uuid, from.uuid].filter((uuid) => uuid !== undefined);
  const uuid = known.find((one) => !isWorthlessUuid(one)) ?? known[0];
  return uuid === undefined ? {} : { uuid };
}

function objectionTo(into: Machine, from: Machine): string | undefined {
  if (into.id === from.id) return `${into.name} is one machine already`;
  const different = IDENTITIES.flatMap(([name, option, of]) => {
    const [ours, theirs] = [of(into), of(from)];
    const differs = ours !== undefined && theirs !== undefined && ours.toLowerCase() !== theirs.toLowerCase();
    return differs ? [{ name, option, ours, theirs }] : [];
  });
  const [first] = different;
  if (!first) return undefined;
  const named = different.map(({ name, ours, theirs }) => `${name} "${ours}" and "${theirs}"`).join(', ');
  return `${into.name} and ${from.name} are two computers, going by their ${named}: if not, take what is wrong away with muster machine set ${first.option}= first`;
}

function objectionToSize({ name, macs, labels, variables }: Machine): string | undefined {
  for (const [what, count, max] of [
    ['MAC addresses', macs.length, MAX_MACS_PER_MACHINE],
    ['labels', Object.keys(labels).length, MAX_LABELS],
    ['variables', Object.keys(variables).length, MAX_VARIABLES_PER_MACHINE],
  ] as const) {
    if (count > max) return `${name} would have more than ${max} ${what}: take some away first`;
  }
  return undefined;
}

function lostOf(
  kind: string,
  from: Readonly<Record<string, string | number | undefined>>,
  into: Readonly<Record<string, string | number | undefined>>,
): readonly string[] {
  return Object.entries(from).flatMap(([name, value]) => {
    const stays = Object.hasOwn(into, name) ? into[name] : undefined;
    const isLost = value !== undefined && stays !== undefined && value !== stays;
    if (!isLost) return [];
    // This goes into the timeline, and on to whoever is told of events: what people call a variable of their own
    // does not say whether its value is a secret.
    if (kind === 'variable') return [`variable ${name} stays, and the other's is gone`];
    return [`${kind} ${name} stays "${stays}", and "${value}" is gone`.trim()];
  });
}
