import { countOf, type WaveMember, type WaveWithMembers } from './wave.ts';

/** A machine that stands at the waiting menu. */
export interface Asking {
  readonly sinceMs: number;
  readonly lastMs: number;
}

export interface StartSurroundings {
  /** By the machine's id. */
  readonly asking: ReadonlyMap<string, Asking>;
  /** What all machines are sent now, in bytes a second. */
  readonly bytesPerSecond: number;
  readonly nowMs: number;
}

export interface WaveStart {
  readonly wave: string;
  readonly machineId: string;
}

/** A machine at the waiting menu asks again every `WAIT_SECONDS`; one that was not heard for longer is off again. */
export const HEARD_MS = 60_000;

/**
 * Which machines get their turn now. Waves take turns, the one with the fewest machines under way first, so that a
 * large one does not keep a small one waiting; none exceeds its budget.
 *
 * In a wave that switches machines on, their order is that of the wave. Where people do that, a turn that is given to a
 * machine that is off would be lost for as long as it is off: so only those get one that stand at the waiting menu, the
 * one first that has stood there for longest.
 */
export function decideStarts(
  waves: readonly WaveWithMembers[],
  around: StartSurroundings,
): readonly WaveStart[] {
  const queues = waves.filter(({ wave }) => wave.state === 'running').map((one) => queueOf(one, around));
  const starts: WaveStart[] = [];
  for (let queue = nextQueue(queues); queue; queue = nextQueue(queues)) {
    const [machineId = ''] = queue.ready.splice(0, 1);
    queue.free -= 1;
    queue.underWay += 1;
    starts.push({ wave: queue.wave, machineId });
  }
  return starts;
}

interface Queue {
  readonly wave: string;
  readonly ready: string[];
  underWay: number;
  free: number;
}

/** The one with the fewest under way; of several, the first by name. */
function nextQueue(queues: readonly Queue[]): Queue | undefined {
  let least: Queue | undefined;
  for (const queue of queues) {
    if (queue.ready.length === 0 || queue.free === 0) continue;
    const isFirst = least === undefined || queue.underWay < least.underWay;
    if (isFirst || (queue.underWay === least?.underWay && queue.wave < least.wave)) least = queue;
  }
  return least;
}

function queueOf({ wave, members }: WaveWithMembers, around: StartSurroundings): Queue {
  const underWay = countOf(members, 'started');
  const { machines, bytesPerSecond } = wave.budget;
  const isBusy = bytesPerSecond !== undefined && around.bytesPerSecond > bytesPerSecond;
  // One at least goes on, or others that are sent much would stop a wave for good.
  const most = isBusy ? Math.min(1, machines) : machines;
  return {
    wave: wave.name,
    ready: readyInOrder({ wave, members }, around).map(({ machineId }) => machineId),
    underWay,
    free: Math.max(0, most - underWay),
  };
}

/** Those that could be started, the next one first. */
function readyInOrder(
  { wave, members }: WaveWithMembers,
  { asking, nowMs }: StartSurroundings,
): readonly WaveMember[] {
  const waiting = members.filter(({ state }) => state === 'waiting');
  if (wave.power === 'on') return waiting;
  const sinceOf = ({ machineId }: WaveMember): number | undefined => {
    const one = asking.get(machineId);
    return one === undefined || nowMs - one.lastMs > HEARD_MS ? undefined : one.sinceMs;
  };
  return waiting
    .filter((member) => sinceOf(member) !== undefined)
    .toSorted((a, b) => (sinceOf(a) ?? 0) - (sinceOf(b) ?? 0) || a.position - b.position);
}
