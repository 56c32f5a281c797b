import type { NewTimelineEvent } from '../../core/events/timeline-event.ts';
import type { MachineStore, MergeDecision } from '../../core/machines/machine-store.ts';
import type { Machine } from '../../core/machines/machine.ts';
import { mergeMachines } from '../../core/machines/merge-machines.ts';
import { splitMachine } from '../../core/machines/split-machine.ts';
import type { MacAddress } from '../../lib/addresses.ts';
import type { Clock } from '../../lib/clock.ts';
import type { EventLog } from '../event-log.ts';
import type { FactService } from './fact-service.ts';
import { MACHINE_ID_BYTES, type MachineService, unknownMachine } from './machine-service.ts';
import { type Outcome, refusal } from '../refusal.ts';

export interface MachineChangesNeeds {
  readonly found: Pick<MachineService, 'find'>;
  readonly machines: Pick<MachineStore, 'merge' | 'putAll'>;
  readonly events: Pick<EventLog, 'announce'>;
  /** What is remembered of the facts of a machine, which are another computer's by now. */
  readonly seenFacts: Pick<FactService, 'apart'>;
  readonly clock: Clock;
  /** That many random bytes as lower-case hex. */
  readonly randomHex: (bytes: number) => string;
}

/** Records of machines that turn out to be one computer, or two. */
export class MachineChanges {
  readonly #needs: MachineChangesNeeds;

  constructor(needs: MachineChangesNeeds) {
    this.#needs = needs;
  }

  /** The second's MAC addresses, labels, variables, timeline and installs become the first's, and it is gone. */
  async merge(
    intoReference: string,
    fromReference: string,
  ): Promise<Outcome<{ machine: Machine; lost: readonly string[] }>> {
    const { found, machines, events, seenFacts, clock } = this.#needs;
    const into = await found.find(intoReference);
    if (!into) return unknownMachine(intoReference);
    const from = await found.find(fromReference);
    if (!from) return unknownMachine(fromReference);
    let lost: readonly string[] = [];
    const decide: MergeDecision = (one, other) => {
      const merged = mergeMachines(one, other);
      if (!merged.merge) return merged;
      lost = merged.lost;
      const event: NewTimelineEvent = {
        atMs: clock.nowMs(),
        kind: 'machine.merged',
        text: `${other.name} is merged into ${one.name}, and all that was its is that one's`,
        because: ['they are one computer, somebody says', ...lost].join('; '),
        machineId: one.id,
        data: { mergedId: other.id, mergedName: other.name },
      };
      return { merge: true, machine: merged.machine, event };
    };
    const result = await seenFacts.apart(async (forget) => {
      const tried = await machines.merge({ into: into.id, from: from.id }, decide);
      if (tried.merged) for (const { id } of [into, from]) forget(id);
      return tried;
    });
    if (!result.merged) return refusal('refused', result.because);
    events.announce(result.event);
    return { done: true, machine: result.machine, lost };
  }

  /** A new machine that has one of the MAC addresses. */
  async split(
    reference: string,
    { mac, name }: { readonly mac: MacAddress; readonly name: string },
  ): Promise<Outcome<{ machine: Machine; left: Machine }>> {
    const { found, machines, events, seenFacts, clock, randomHex } = this.#needs;
    const machine = await found.find(reference);
    if (!machine) return unknownMachine(reference);
    const wish = { mac, name, id: `m-${randomHex(MACHINE_ID_BYTES)}`, nowMs: clock.nowMs() };
    const written = await seenFacts.apart(async (forget) => {
      const tried = await machines.putAll((all) => {
        const now = all.find(({ id }) => id === machine.id) ?? { ...machine, macs: [] };
        const split = splitMachine(now, wish);
        return split.split
          ? // An install that is open may be the other computer's.
            { split, idle: [now], put: [split.left, split.right], events: splitEvents(split, wish) }
          : { split, put: [], events: [] };
      });
      // What was not written yet may be the other computer's.
      if (tried.put) forget(machine.id);
      return tried;
    });
    if (!written.put) {
      const [objection] = written.objections;
      return refusal(
        objection?.isBusy ? 'refused' : 'conflict',
        objection?.because ?? 'another has its name',
      );
    }
    for (const event of written.events) events.announce(event);
    const { split } = written.decided;
    return split.split
      ? { done: true, machine: split.right, left: split.left }
      : refusal('refused', split.because);
  }
}

/** One in the timeline of each. */
function splitEvents(
  { left, right }: { readonly left: Machine; readonly right: Machine },
  { mac, nowMs }: { readonly mac: MacAddress; readonly nowMs: number },
): readonly NewTimelineEvent[] {
  const text = `${right.name} is split off ${left.name}, and has its MAC address ${mac}`;
  return [left, right].map(({ id }) => ({
    atMs: nowMs,
    kind: 'machine.split',
    text,
    because: 'they are two computers, somebody says',
    machineId: id,
    mac,
  }));
}
