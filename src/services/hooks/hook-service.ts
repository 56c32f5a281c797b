import type { EventKind } from '../../core/events/event-kinds.ts';
import {
  type Hook,
  type HookDelivery,
  type HookStore,
  type HookTarget,
  MAX_DELIVERIES,
  MAX_PATTERNS,
} from '../../core/hooks/hook.ts';
import { KEY_STAYS_SENTENCE, keepsItsKey } from '../../core/hooks/kept-key.ts';
import { objectionToPattern } from '../../core/hooks/match-event.ts';
import { parseSelector } from '../../core/machines/selector.ts';
import { MAX_SECRET_LENGTH, objectionToArgv, objectionToUrl } from '../../core/power/power-settings.ts';
import { withoutUndefined } from '../../lib/without-undefined.ts';
import type { EventLog } from '../event-log.ts';
import { Turns } from '../../lib/turns.ts';
import { type Outcome, refusal } from '../refusal.ts';
import { deliverOnce } from './deliver-once.ts';
import { HookRunner, type HookRunnerNeeds } from './hook-runner.ts';
import { payloadOf } from './payload.ts';

/** Attempts at one time, of all hooks together. */
export const MAX_ATTEMPTS_AT_ONCE = 8;
/** Shorter keys could be guessed from a signature. */
export const MIN_KEY_LENGTH = 16;

export interface HookServiceNeeds extends Omit<HookRunnerNeeds, 'places' | 'hooks' | 'events'> {
  readonly hooks: HookStore;
  readonly events: Pick<EventLog, 'list' | 'note' | 'listen' | 'settled'>;
}

export interface HookDraft {
  readonly name: string;
  readonly events: readonly string[];
  readonly machines?: string;
  readonly target: HookTarget;
  readonly secret?: string;
}

/** What is absent stays as it is; `null` takes the selector away. */
export interface HookEdit {
  readonly events?: readonly string[];
  readonly machines?: string | null;
  readonly target?: HookTarget;
  readonly secret?: string;
  readonly mode?: Hook['mode'];
}

export interface Tried {
  readonly result: 'done' | 'failed' | 'refused';
  readonly said: string;
  readonly printed?: string;
}

/** Tells servers and programs of the user's what happens, each in the order in which it happened. */
export class HookService {
  readonly #needs: HookServiceNeeds;
  readonly #places = new Turns(MAX_ATTEMPTS_AT_ONCE);
  readonly #runners = new Map<string, HookRunner>();
  readonly #closing = new AbortController();
  #unlisten: (() => void) | undefined;

  constructor(needs: HookServiceNeeds) {
    this.#needs = needs;
  }

  async start(): Promise<void> {
    this.#unlisten = this.#needs.events.listen(() => {
      for (const runner of this.#runners.values()) runner.poke();
    });
    for (const hook of await this.#needs.hooks.list()) await this.#restart(hook);
  }

  async close(): Promise<void> {
    this.#unlisten?.();
    this.#closing.abort();
    await Promise.all([...this.#runners.values()].map((runner) => runner.stop()));
    this.#runners.clear();
  }

  list(): Promise<readonly Hook[]> {
    return this.#needs.hooks.list();
  }

  byName(name: string): Promise<Hook | undefined> {
    return this.#needs.hooks.byName(name);
  }

  /** It is told of what happens from now on. */
  async add({ secret, ...draft }: HookDraft): Promise<Outcome<{ hook: Hook }>> {
    const { hooks, clock } = this.#needs;
    const hook = {
      ...draft,
      events: [...new Set(draft.events)],
      mode: 'on' as const,
      createdAtMs: clock.nowMs(),
    };
    const because = objectionToHook(hook, secret, 'new');
    if (because !== undefined) return refusal('bad configuration', because);
    const put = await hooks.add(hook, secret, await this.#newestEvent());
    if (!put.put) return refusal('conflict', put.because);
    const added: Hook = { ...hook, secret: secret === undefined ? 'none' : 'kept' };
    await this.#restart(added);
    return { done: true, hook: added };
  }

  async change(name: string, { secret, ...edit }: HookEdit): Promise<Outcome<{ hook: Hook }>> {
    const { hooks } = this.#needs;
    const before = await hooks.byName(name);
    if (!before) return noHook(name);
    const hook: Hook = withoutUndefined({
      ...before,
      ...edit,
      machines: edit.machines === null ? undefined : (edit.machines ?? before.machines),
    });
    const isMisled =
      secret === undefined && before.secret === 'kept' && !keepsItsKey(before.target, hook.target);
    const because = isMisled
      ? `${KEY_STAYS_SENTENCE}: --secret-file gives a new one`
      : objectionToHook(hook, secret, before.secret);
    if (because !== undefined) return refusal('bad configuration', because);
    // What happened while it was off is nothing to it.
    const position =
      before.mode === 'off' && hook.mode === 'on' ? { position: await this.#newestEvent() } : {};
    const more = { ...position, ...(secret === undefined ? {} : { secret }) };
    if (!(await this.#whileStopped(before, () => hooks.change(hook, more)))) return noHook(name);
    const changed: Hook = { ...hook, secret: secret === undefined ? before.secret : 'kept' };
    await this.#restart(changed);
    return { done: true, hook: changed };
  }

  /** Takes up what was written of these to the store beside this service: what is new, other, or gone. */
  async follow(names: readonly string[]): Promise<void> {
    for (const name of names) {
      await this.#stop(name);
      const hook = await this.#needs.hooks.byName(name);
      if (hook) await this.#restart(hook);
    }
  }

  async remove(name: string): Promise<Outcome> {
    const { hooks } = this.#needs;
    const before = await hooks.byName(name);
    if (!before) return noHook(name);
    return (await this.#whileStopped(before, () => hooks.remove(name))) ? { done: true } : noHook(name);
  }

  /** Sends an event that did not happen, once and now. */
  async test(name: string): Promise<Outcome<Tried>> {
    const { hooks, clock } = this.#needs;
    const hook = await hooks.byName(name);
    if (!hook) return noHook(name);
    const kind: EventKind = 'hook.test';
    const event = { id: 0, atMs: clock.nowMs(), kind, text: `Somebody tries hook ${name}` };
    const body = payloadOf(name, event, undefined);
    const delivery = {
      hook: name,
      id: `${name}.test`,
      kind,
      body,
      target: hook.target,
      secret: await hooks.secretOf(name),
    };
    const { result, said, printed } = await deliverOnce(delivery, this.#needs, this.#closing.signal);
    return { done: true, result, said, ...(printed === undefined ? {} : { printed }) };
  }

  async deliveries(name: string): Promise<Outcome<{ deliveries: readonly HookDelivery[] }>> {
    const { hooks } = this.#needs;
    if (!(await hooks.byName(name))) return noHook(name);
    return { done: true, deliveries: await hooks.deliveries(name, MAX_DELIVERIES) };
  }

  /** What waits for the disk comes before. */
  async #newestEvent(): Promise<number> {
    await this.#needs.events.settled();
    const [newest] = await this.#needs.events.list({}, 1);
    return newest?.id ?? 0;
  }

  async #stop(name: string): Promise<void> {
    const runner = this.#runners.get(name);
    this.#runners.delete(name);
    await runner?.stop();
  }

  /** A store that does not take the change, as on a full disk, leaves the hook as it was: told of what happens. */
  async #whileStopped(before: Hook, write: () => Promise<boolean>): Promise<boolean> {
    await this.#stop(before.name);
    try {
      return await write();
    } catch (error) {
      await this.#restart(before);
      throw error;
    }
  }

  async #restart(hook: Hook): Promise<void> {
    // Somebody else may have begun one while the last was waited for: of one hook there is never a second.
    while (this.#runners.has(hook.name)) await this.#stop(hook.name);
    if (hook.mode === 'off' || this.#closing.signal.aborted) return;
    const runner = new HookRunner(hook, { ...this.#needs, places: this.#places });
    this.#runners.set(hook.name, runner);
    runner.start();
  }
}

/** @param kept what is there of a key already. */
export function objectionToHook(
  { events, machines, target }: Pick<Hook, 'events' | 'machines' | 'target'>,
  secret: string | undefined,
  kept: Hook['secret'] | 'new',
): string | undefined {
  if (events.length === 0 || events.length > MAX_PATTERNS)
    return `a hook names 1 to ${MAX_PATTERNS} kinds of events: --events 'install.*' says it, --events '*' means all`;
  for (const pattern of events) {
    const because = objectionToPattern(pattern);
    if (because !== undefined) return because;
  }
  const because = machines === undefined ? undefined : objectionToSelector(machines);
  if (because !== undefined) return because;
  if (secret !== undefined && (secret.length > MAX_SECRET_LENGTH || /\p{Cc}/u.test(secret)))
    return `the key must be one line of at most ${MAX_SECRET_LENGTH} characters`;
  if (target.to === 'command') return objectionToArgv(target.argv);
  if (secret === undefined ? kept !== 'kept' : secret.length < MIN_KEY_LENGTH)
    return `a key of at least ${MIN_KEY_LENGTH} characters signs what is sent: openssl rand -hex 32 makes one, --secret-file gives it`;
  return objectionToUrl(target.url, 'the URL of the hook');
}

function objectionToSelector(text: string): string | undefined {
  try {
    return parseSelector(text).length === 0
      ? 'the selector of a hook chooses no machine: leave it out for all'
      : undefined;
  } catch (error) {
    return error instanceof SyntaxError ? `selector, ${error.message}` : String(error);
  }
}

function noHook(name: string): Outcome<never> {
  return refusal('not found', `there is no hook "${name}"`);
}
