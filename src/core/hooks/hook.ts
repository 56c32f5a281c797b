import type { EventKind } from '../events/event-kinds.ts';

/** Something of the user's that is told of events: a server over HTTP, or a program. */
export interface Hook {
  /** Unique: lower-case letters, digits, `.`, `_`, `-`. */
  readonly name: string;
  /** Kinds of events, with `*` for any part: `install.*`, `power.failed`, `*`. */
  readonly events: readonly string[];
  /** A selector: only events of machines with such labels. Absent: all, and those of no machine too. */
  readonly machines?: string;
  readonly target: HookTarget;
  /** `off`: it is told nothing, and later nothing of what happened meanwhile. */
  readonly mode: 'on' | 'off';
  /** Whether a key is kept, which is never told. */
  readonly secret: 'kept' | 'none';
  readonly createdAtMs: number;
}

export type HookTarget =
  | { readonly to: 'url'; readonly url: string }
  /** The name of a program in `commands.folder`, then its arguments. */
  | { readonly to: 'command'; readonly argv: readonly string[] };

/** Each has a place in the timeline of its own, and a loop that waits for it. */
export const MAX_HOOKS = 50;
export const MAX_PATTERNS = 32;
/** Deliveries that are kept of each hook, to be looked at; the oldest go first. */
export const MAX_DELIVERIES = 500;

/** Events that wait for a hook that cannot be told; more than these are not kept back for it, the oldest go first. */
export const MAX_WAITING_FOR_HOOK = 10_000;

/** One event on its way to one hook, as far as it got. */
export interface HookDelivery {
  readonly hook: string;
  readonly eventId: number;
  readonly kind: string;
  /** `waiting`: it is tried again. `dead`: it was given up. */
  readonly state: 'done' | 'waiting' | 'dead';
  readonly attempts: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  /** What came of the last attempt: `200`, `no answer within 20 s`. */
  readonly result: string;
}

export interface HookStore {
  /** By name. */
  list(): Promise<readonly Hook[]>;
  byName(name: string): Promise<Hook | undefined>;
  /** The one way to a secret. */
  secretOf(name: string): Promise<string | undefined>;
  /** The last event it is done with. */
  positionOf(name: string): Promise<number | undefined>;
  /** Refused when the name is taken or there are `MAX_HOOKS`. It is told of events behind the position. */
  add(
    hook: Omit<Hook, 'secret'>,
    secret: string | undefined,
    position: number,
  ): Promise<{ put: true } | { put: false; because: string }>;
  /** In place of what is there; without a new secret the old one stays, without a position the old one. */
  change(
    hook: Omit<Hook, 'secret'>,
    more: { readonly secret?: string; readonly position?: number },
  ): Promise<boolean>;
  /** With its deliveries. */
  remove(name: string): Promise<boolean>;
  /** How far it is, and what came of the last delivery, in one transaction. Never backwards, and nothing where the hook is gone. */
  progress(name: string, position: number, delivery?: HookDelivery): Promise<void>;
  /** The newest first. */
  deliveries(name: string, limit: number): Promise<readonly HookDelivery[]>;
  deliveryOf(name: string, eventId: number): Promise<HookDelivery | undefined>;
  /** The events of these kinds after `afterId` but for the newest `keep`: how many, and the last of them; undefined for none. */
  tooMany(
    kinds: readonly EventKind[],
    afterId: number,
    keep: number,
  ): Promise<{ readonly count: number; readonly lastId: number } | undefined>;
}
