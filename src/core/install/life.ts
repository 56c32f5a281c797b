/**
 * The life of an install: which event may follow in which state, and where it leads. The only place that knows;
 * the diagram in docs/install-life.md, the store's idea of "open" and every refusal come from this table.
 *
 * `expired` is a state of its own, since nothing went wrong and nobody wanted it to end: whoever counts failures or
 * looks for who cancelled must not find it. A failed install that turns out to run from its disk was installed after
 * all; its token is on no disk but the one that its installer wrote.
 */
const LIFE = {
  requested: { bootOffered: 'booting', expired: 'expired', cancelled: 'cancelled' },
  booting: {
    bootOffered: 'booting',
    answerServed: 'installing',
    started: 'installing',
    progressed: 'installing',
    finished: 'installed',
    failed: 'failed',
    timedOut: 'failed',
    cancelled: 'cancelled',
  },
  installing: {
    answerServed: 'installing',
    started: 'installing',
    progressed: 'installing',
    finished: 'installed',
    failed: 'failed',
    timedOut: 'failed',
    bootedAgain: 'failed',
    cancelled: 'cancelled',
  },
  installed: { diskBooted: 'installed' },
  failed: { diskBooted: 'installed' },
  cancelled: {},
  expired: {},
} as const satisfies Record<string, Partial<Record<string, string>>>;

export type InstallState = keyof typeof LIFE;
export type InstallEvent =
  | 'bootOffered'
  | 'answerServed'
  | 'started'
  | 'progressed'
  | 'finished'
  | 'failed'
  | 'timedOut'
  | 'bootedAgain'
  | 'expired'
  | 'cancelled'
  | 'diskBooted';

export const INSTALL_STATES = Object.keys(LIFE) as readonly InstallState[];

/** Installs in these states are under way; a machine has at most one. */
export const OPEN_STATES = ['requested', 'booting', 'installing'] as const satisfies readonly InstallState[];

/** The state after an event, or undefined if that event cannot happen now. */
export function after(state: InstallState, event: InstallEvent): InstallState | undefined {
  const row: Partial<Record<InstallEvent, InstallState>> = LIFE[state];
  return row[event];
}

/** It is not under way, and nothing leads back to where it would be. */
export function isOver(state: InstallState): boolean {
  return !OPEN_STATES.some((open) => open === state);
}

/** Every arrow of the life, in table order. */
export function transitions(): readonly { from: InstallState; event: InstallEvent; to: InstallState }[] {
  return INSTALL_STATES.flatMap((from) =>
    Object.entries(LIFE[from]).map(([event, to]) => ({
      from,
      event: event as InstallEvent,
      to: to as InstallState,
    })),
  );
}
