import type { WireEvent } from '../../../../src/contract/events.ts';
import { isBootRequest } from '../../data/boot-request.ts';
import type { Answer } from '../../data/client.ts';

/** Where something of a boot belongs. */
export const LANES = ['dhcp', 'tftp', 'http', 'ftp', 'nfs', 'boot', 'install'] as const;
export type Lane = (typeof LANES)[number];

/** One thing of a boot: when, how long, how much, and why. */
export interface Span {
  readonly key: string;
  readonly lane: Lane;
  readonly label: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly tone: 'moving' | 'good' | 'bad';
  readonly bytes?: number;
  readonly bytesPerSecond?: number;
  readonly files?: number;
  readonly because?: string;
}

/** From the first request for an address to the next one that begins anew. */
export interface Boot {
  readonly key: string;
  readonly beganAtMs: number;
  readonly endedAtMs: number;
  readonly events: readonly WireEvent[];
}

const LANE_OF: readonly (readonly [kind: RegExp, lane: Lane])[] = [
  [/^dhcp(?:v6)?\./, 'dhcp'],
  [/^tftp\./, 'tftp'],
  [/^http\./, 'http'],
  [/^ftp\./, 'ftp'],
  [/^nfs\./, 'nfs'],
  [/^boot\./, 'boot'],
  [/^install\./, 'install'],
];
const BAD = /\.(?:refused|failed|silent|declined|notStarted|timedOut|bootedAgain)$/;
/** Within it a machine asks for its address several times: firmware, iPXE, the installer. */
const SAME_BOOT_MS = 10 * 60_000;

/** @param events oldest first. @returns newest boot first. */
export function bootsOf(events: readonly WireEvent[]): readonly Boot[] {
  const boots: WireEvent[][] = [];
  let hasBooted = true;
  let lastMs = 0;
  for (const event of events) {
    // An install is armed by people, whatever the machine does.
    if (laneOf(event) === undefined || event.kind === 'install.requested') continue;
    const atMs = Date.parse(event.at);
    const isAsking = isBootRequest(event);
    if (boots.length === 0 || (isAsking && hasBooted) || (isAsking && atMs - lastMs > SAME_BOOT_MS)) {
      boots.push([]);
      hasBooted = false;
    }
    boots.at(-1)?.push(event);
    lastMs = atMs;
    hasBooted ||= isPastLoader(event);
  }
  return boots.map(bootOf).reverse();
}

/** After it, a firmware that asks for a boot file is one that was started anew. */
function isPastLoader({ kind, data = {} }: WireEvent): boolean {
  return (
    /^install\.(?:started|answerServed|finished|failed|timedOut|diskBooted)$/.test(kind) ||
    (kind === 'boot.decided' && data['boot'] === 'local disk')
  );
}

function bootOf(events: readonly WireEvent[]): Boot {
  const first = events[0];
  const startsMs = events.map((event) => startOf(event));
  return {
    key: String(first?.id ?? 0),
    beganAtMs: Math.min(...startsMs),
    endedAtMs: Math.max(...events.map(({ at }) => Date.parse(at))),
    events,
  };
}

/** What happened in a boot, each as long as it took. Steps of the installer take the place of what it reported. */
export function spansOf(boot: Boot, steps: Answer<'getInstallProgress'>['steps']): readonly Span[] {
  const ofEvents = boot.events.flatMap((event) =>
    event.kind === 'install.progressed' && steps.length > 0 ? [] : (spanOf(event) ?? []),
  );
  const ofSteps = steps
    .filter(
      ({ startedAt }) => Date.parse(startedAt) >= boot.beganAtMs && Date.parse(startedAt) <= boot.endedAtMs,
    )
    .map((step): Span => {
      const startMs = Date.parse(step.startedAt);
      const endMs = step.endedAt === undefined ? Math.max(startMs, boot.endedAtMs) : Date.parse(step.endedAt);
      return {
        key: `step ${step.step} ${step.startedAt}`,
        lane: 'install',
        label: step.step,
        startMs,
        endMs,
        tone: step.endedAt === undefined ? 'moving' : 'good',
        ...(step.doing === undefined ? {} : { because: step.doing }),
      };
    });
  return [...ofEvents, ...ofSteps].toSorted((one, other) => one.startMs - other.startMs);
}

function spanOf(event: WireEvent): Span | undefined {
  const lane = laneOf(event);
  if (lane === undefined) return undefined;
  const { data = {}, kind, because } = event;
  const [bytes, rate, files] = [data['bytes'], data['bytesPerSecond'], data['files']];
  return {
    key: String(event.id),
    lane,
    label: labelOf(event),
    startMs: startOf(event),
    endMs: Date.parse(event.at),
    tone: BAD.test(kind) ? 'bad' : kind === 'install.finished' ? 'good' : 'moving',
    ...(typeof bytes === 'number' ? { bytes } : {}),
    ...(typeof rate === 'number' ? { bytesPerSecond: rate } : {}),
    ...(typeof files === 'number' ? { files } : {}),
    ...(because === undefined ? {} : { because }),
  };
}

/** Its file where one was sent, the folder where many of an image were; else its sentence. */
function labelOf({ kind, text, data = {} }: WireEvent): string {
  if (kind.endsWith('.tree') && typeof data['image'] === 'string') return `${data['image']}/…`;
  const file = data['file'] ?? data['image'];
  return typeof file === 'string' && /\.(?:sent|failed|tree)$/.test(kind) ? file : text;
}

/** Events are told at their end. */
function startOf({ at, data = {} }: WireEvent): number {
  const seconds = data['seconds'];
  return Date.parse(at) - (typeof seconds === 'number' ? seconds * 1000 : 0);
}

function laneOf({ kind }: WireEvent): Lane | undefined {
  return LANE_OF.find(([fits]) => fits.test(kind))?.[1];
}
