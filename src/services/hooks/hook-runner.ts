import { setTimeout as sleep } from 'node:timers/promises';
import type { TimelineEvent } from '../../core/events/timeline-event.ts';
import { decideRetry, type Retry } from '../../core/hooks/decide-retry.ts';
import { type Hook, type HookDelivery, type HookStore, MAX_WAITING_FOR_HOOK } from '../../core/hooks/hook.ts';
import { kindsOf, wantsEvent } from '../../core/hooks/match-event.ts';
import { parseSelector, type Selector } from '../../core/machines/selector.ts';
import type { Machine } from '../../core/machines/machine.ts';
import type { Clock } from '../../lib/clock.ts';
import type { EventLog } from '../event-log.ts';
import type { Turns } from '../../lib/turns.ts';
import { deliverOnce, type Delivered, type DeliverNeeds } from './deliver-once.ts';
import { deliveryId, payloadOf } from './payload.ts';

/** Events read of the timeline at one time. */
const BATCH = 500;
/** After an event, in milliseconds, before the timeline is read: thousands of DHCP a second are few reads. */
const GATHER_MS = 50;
/** Events passed over before that is written down: after a crash they are read once more, which changes nothing. */
const NOTE_EVERY = 5000;
const AFTER_FAULT_MS = 5000;

export interface HookRunnerNeeds extends DeliverNeeds {
  readonly hooks: Pick<HookStore, 'positionOf' | 'secretOf' | 'progress' | 'deliveryOf' | 'tooMany'>;
  readonly events: Pick<EventLog, 'list' | 'note'>;
  readonly machines: { byId(id: string): Promise<Machine | undefined> };
  readonly clock: Clock;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** For attempts of all hooks together. */
  readonly places: Turns;
  readonly failed: (error: unknown) => void;
}

/** Tells one hook of the timeline, event by event in its order, from where it was the last time. */
export class HookRunner {
  readonly #needs: HookRunnerNeeds;
  readonly #hook: Hook;
  readonly #selector: Selector | undefined;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #wake: (() => void) | undefined;
  #isPoked = true;
  #isFailing = false;

  constructor(hook: Hook, needs: HookRunnerNeeds) {
    this.#hook = hook;
    this.#needs = needs;
    this.#selector = hook.machines === undefined ? undefined : parseSelector(hook.machines);
  }

  start(): void {
    this.#running ??= this.#runOn();
  }

  /** There is something new in the timeline. */
  poke(): void {
    this.#isPoked = true;
    this.#wake?.();
  }

  /** An attempt that is under way is broken off, and made anew by whoever comes next. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake?.();
    await this.#running;
  }

  get #isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /** A store that does not answer for now, as on a full disk, is asked again. */
  async #runOn(): Promise<void> {
    while (!this.#isStopped) {
      try {
        return await this.#run();
      } catch (error) {
        this.#needs.failed(error);
        await this.#pause(AFTER_FAULT_MS);
      }
    }
  }

  async #run(): Promise<void> {
    const { hooks, events } = this.#needs;
    const { name } = this.#hook;
    let position = await hooks.positionOf(name);
    let noted = position ?? 0;
    while (position !== undefined && !this.#isStopped) {
      this.#isPoked = false;
      const batch = await events.list({ afterId: position }, BATCH);
      for (const event of batch) {
        // It was given up with others.
        if (event.id <= position) continue;
        if (event.id > position + 1) this.#tellLost(event.id - position - 1, FORGOTTEN);
        const doneWith = await this.#takes(event);
        if (doneWith === undefined) return;
        position = doneWith;
      }
      // What was passed over; deliveries are noted one by one.
      if (position - noted >= NOTE_EVERY) {
        await hooks.progress(name, position);
        noted = position;
      }
      if (batch.length === 0) await this.#poked();
    }
    if (position !== undefined) await hooks.progress(name, position);
  }

  async #poked(): Promise<void> {
    if (!this.#isPoked && !this.#isStopped) await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#wake = undefined;
    await this.#pause(GATHER_MS);
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }

  /** @returns the last event that is done with, mostly this one; undefined when it was stopped before that. */
  async #takes(event: TimelineEvent): Promise<number | undefined> {
    const { machineId } = event;
    const machine = machineId === undefined ? undefined : await this.#needs.machines.byId(machineId);
    const selector = this.#selector === undefined ? {} : { selector: this.#selector };
    const wish = { patterns: this.#hook.events, ...selector };
    return wantsEvent(wish, event.kind, machine?.labels) ? await this.#deliver(event, machine) : event.id;
  }

  async #deliver(event: TimelineEvent, machine: Machine | undefined): Promise<number | undefined> {
    const { hooks, clock, places, random } = this.#needs;
    const { name, target } = this.#hook;
    const before = await hooks.deliveryOf(name, event.id);
    const firstAtMs = before?.firstAtMs ?? clock.nowMs();
    const secret = await hooks.secretOf(name);
    const id = deliveryId(name, event.id);
    const delivery = {
      hook: name,
      id,
      kind: event.kind,
      body: payloadOf(name, event, machine),
      target,
      secret,
    };
    for (let attempts = (before?.attempts ?? 0) + 1; ; attempts += 1) {
      const attempt = await places.take(() => deliverOnce(delivery, this.#needs, this.#stop.signal));
      if (this.#isStopped && attempt.result !== 'done') return undefined;
      const lastAtMs = clock.nowMs();
      const retry = decideRetry(attempt, attempts, lastAtMs - firstAtMs, random());
      const times = { attempts, firstAtMs, lastAtMs };
      const lost = retry.do === 'wait' ? await this.#tooManyAfter(event.id - 1) : undefined;
      const position = lost?.lastId ?? (retry.do === 'wait' ? event.id - 1 : event.id);
      await hooks.progress(name, position, {
        hook: name,
        eventId: event.id,
        kind: event.kind,
        state: lost ? 'dead' : STATES[retry.do],
        result: attempt.said,
        ...times,
      });
      this.#tell(event, attempt, retry);
      if (lost) this.#tellLost(lost.count, TOO_MANY);
      if (retry.do !== 'wait' || lost) return position;
      await this.#pause(retry.ms);
      if (this.#isStopped) return undefined;
    }
  }

  /** Those of machines with other labels count too: which labels each had is not asked ten thousand times. */
  #tooManyAfter(position: number): ReturnType<HookStore['tooMany']> {
    return this.#needs.hooks.tooMany(kindsOf(this.#hook.events), position, MAX_WAITING_FOR_HOOK);
  }

  #tell(event: TimelineEvent, attempt: Delivered, retry: Retry): void {
    const { events } = this.#needs;
    const { name } = this.#hook;
    const { machineId, installId } = event;
    const bearing = { machineId, installId, data: { hook: name, event: event.id } };
    const what = `${event.kind} (event ${event.id})`;
    if (attempt.printed !== undefined)
      events.note({ kind: 'hook.said', text: `Hook ${name}: ${attempt.printed}`, ...bearing });
    if (retry.do === 'give up')
      events.note({
        kind: 'hook.dead',
        text: `Hook ${name} was not told of ${what}`,
        because: retry.because,
        ...bearing,
      });
    if (retry.do === 'wait' && !this.#isFailing)
      events.note({
        kind: 'hook.failing',
        text: `Hook ${name} could not be told of ${what}, and is tried again`,
        because: attempt.said,
        ...bearing,
      });
    if (retry.do === 'go on' && this.#isFailing)
      events.note({ kind: 'hook.works', text: `Hook ${name} can be told again`, data: { hook: name } });
    this.#isFailing = retry.do !== 'go on';
  }

  #tellLost(count: number, because: string): void {
    const text = `Hook ${this.#hook.name} was not told of ${count} events, ${because}`;
    this.#needs.events.note({ kind: 'hook.lost', text, data: { hook: this.#hook.name, events: count } });
  }
}

const FORGOTTEN = 'which are in the timeline no more';
const TOO_MANY = `since more than ${MAX_WAITING_FOR_HOOK} waited for it`;

const STATES = { 'go on': 'done', wait: 'waiting', 'give up': 'dead' } as const satisfies Readonly<
  Record<Retry['do'], HookDelivery['state']>
>;
