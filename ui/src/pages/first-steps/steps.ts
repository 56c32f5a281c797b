import type { Answer, ItemOf } from '../../data/client.ts';

/** What must be there before a machine is installed, in the order in which it is set up. */
export const STEPS = ['user', 'subnet', 'loaders', 'image', 'profile', 'machine', 'install'] as const;
export type StepId = (typeof STEPS)[number];

/** What matters here of a subnet. */
export interface SubnetHere extends Pick<ItemOf<'listSubnets'>, 'mode'> {
  readonly ranges: readonly unknown[];
  readonly reservations: readonly unknown[];
}

/** What the API says; what it has not said yet is absent. */
export interface Known {
  readonly session?: Answer<'getSession'> | undefined;
  readonly subnets?: readonly SubnetHere[] | undefined;
  readonly loaders?: readonly ItemOf<'listLoaders'>[] | undefined;
  readonly images?: readonly unknown[] | undefined;
  readonly profiles?: readonly unknown[] | undefined;
  readonly machines?: number | undefined;
  readonly installs?: readonly unknown[] | undefined;
}

export interface Step {
  readonly id: StepId;
  /** `unknown`: the answer is not there yet. */
  readonly state: 'done' | 'missing' | 'unknown';
}

export function stepsOf(known: Known): readonly Step[] {
  const done: Readonly<Record<StepId, boolean | undefined>> = {
    user: known.session && (known.session.firstUser === 'there' || known.session.by === 'nothing'),
    subnet: known.subnets?.some(servesMachines),
    loaders: known.loaders && missingLoaders(known.loaders).length === 0,
    image: known.images && known.images.length > 0,
    profile: known.profiles && known.profiles.length > 0,
    machine: known.machines === undefined ? undefined : known.machines > 0,
    install: known.installs && known.installs.length > 0,
  };
  return STEPS.map((id) => {
    const is = done[id];
    return { id, state: is === undefined ? 'unknown' : is ? 'done' : 'missing' };
  });
}

/** Nothing of what Muster is for: then the page of the first steps is the start. */
export function isFresh(
  known: Pick<Known, 'subnets' | 'images' | 'profiles' | 'machines'>,
): boolean | undefined {
  const { subnets, images, profiles, machines } = known;
  if (!subnets || !images || !profiles || machines === undefined) return undefined;
  return subnets.length + images.length + profiles.length + machines === 0;
}

/** Those without which most machines boot nothing. */
export function missingLoaders(loaders: readonly ItemOf<'listLoaders'>[]): readonly ItemOf<'listLoaders'>[] {
  return loaders.filter(({ needed, found }) => needed && !found);
}

/** Addresses for machines, or boot data beside the server that gives them. */
function servesMachines({ mode, ranges, reservations }: SubnetHere): boolean {
  return mode === 'proxy' || (mode !== 'off' && ranges.length + reservations.length > 0);
}
