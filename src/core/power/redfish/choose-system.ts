import type { ResourcePath } from './resources.ts';

export interface KnownSystem {
  readonly id: string;
  readonly path: ResourcePath;
  readonly uuid?: string;
}

export type ChosenSystem =
  | { readonly chosen: true; readonly path: ResourcePath }
  /** Only their UUIDs tell them apart: read them all, and ask again. */
  | { readonly chosen: false; readonly read: true }
  | { readonly chosen: false; readonly read: false; readonly because: string };

export interface SystemWish {
  /** As somebody said. */
  readonly system?: string;
  /** The machine's. */
  readonly uuid?: string;
}

/** Which of a service's systems the machine is: blade chassis and emulators have many. */
export function chooseSystem(
  members: readonly ResourcePath[],
  wish: SystemWish,
  read?: readonly KnownSystem[],
): ChosenSystem {
  const [only] = members;
  if (only === undefined) return no('the service has no system');
  if (wish.system !== undefined) {
    const named = members.find((path) => path === wish.system || idOf(path) === wish.system);
    return named === undefined
      ? no(`the service has no system "${wish.system}", but ${listed(members)}`)
      : yes(named);
  }
  if (members.length === 1) return yes(only);
  if (wish.uuid === undefined)
    return no(`the service has ${listed(members)}: say which with --system, or give the machine its UUID`);
  if (read === undefined) return { chosen: false, read: true };
  const mine = read.filter(({ uuid }) => uuid === wish.uuid);
  if (mine.length === 1 && mine[0]) return yes(mine[0].path);
  return no(
    `the service has ${listed(members)}, and ${mine.length} of them have the UUID ${wish.uuid}: say which with --system`,
  );
}

/** Systems that a sentence names. */
const MAX_NAMED = 8;

function listed(members: readonly ResourcePath[]): string {
  const named = members.slice(0, MAX_NAMED).map((path) => `"${idOf(path)}"`);
  return `${named.join(', ')}${members.length > MAX_NAMED ? ` and ${members.length - MAX_NAMED} more` : ''}`;
}

function idOf(path: ResourcePath): string {
  return path.split('/').findLast((part) => part !== '') ?? path;
}

function yes(path: ResourcePath): ChosenSystem {
  return { chosen: true, path };
}

function no(because: string): ChosenSystem {
  return { chosen: false, read: false, because };
}
