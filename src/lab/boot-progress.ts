import type { WireEvent } from '../contract/events.ts';

/**
 * How far a machine is between power-on and its own disk, told by three witnesses: Muster's timeline, the serial
 * console and the virtual machine itself.
 */

/** What a boot goes through, in order. */
export const STAGES = {
  firmware: 'firmware starts',
  dhcp: 'DHCP: an address',
  tftp: 'TFTP: loader and kernel',
  kernel: 'the installer starts',
  installer: 'the installer works',
  restart: 'restart, network first',
  disk: 'its own disk',
} as const satisfies Record<string, string>;

export type StageName = keyof typeof STAGES;
export const STAGE_NAMES = Object.keys(STAGES) as readonly StageName[];

export type Signal =
  | { readonly from: 'timeline'; readonly event: Pick<WireEvent, 'kind' | 'text' | 'because' | 'data'> }
  | { readonly from: 'console'; readonly text: string }
  | { readonly from: 'machine'; readonly happening: 'reset' };

export interface BootProgress {
  readonly stage: StageName | 'done';
  /** When each stage began, in milliseconds since power-on; those not reached are absent. */
  readonly beganAtMs: Readonly<Partial<Record<StageName | 'done', number>>>;
  /** What is going on in this stage, in a few words. */
  readonly doing: string;
  /** 0 to 100, as the installer says it. */
  readonly percent: number | undefined;
}

export const POWER_ON: BootProgress = {
  stage: 'firmware',
  beganAtMs: { firmware: 0 },
  doing: '',
  percent: undefined,
};

/** The progress after a signal. A stage never comes back: late news of an earlier one changes nothing. */
export function advance(progress: BootProgress, signal: Signal, atMs: number): BootProgress {
  const reached = stageOf(signal, progress.stage);
  const next = reached === undefined ? progress : enter(progress, reached, atMs);
  return next.stage === 'done' ? next : { ...next, ...detailsOf(signal, next) };
}

/** Milliseconds each stage took; the last one that was reached is still open and left out. */
export function stageDurations(progress: BootProgress): readonly { name: StageName; durationMs: number }[] {
  const order = [...STAGE_NAMES, 'done'] as const;
  const reached = order.filter((name) => progress.beganAtMs[name] !== undefined);
  return reached.flatMap((name, index) => {
    const following = reached[index + 1];
    if (name === 'done' || following === undefined) return [];
    return [{ name, durationMs: (progress.beganAtMs[following] ?? 0) - (progress.beganAtMs[name] ?? 0) }];
  });
}

function enter(progress: BootProgress, stage: StageName | 'done', atMs: number): BootProgress {
  return {
    stage,
    beganAtMs: { ...progress.beganAtMs, [stage]: atMs },
    doing: '',
    percent: stage === 'done' ? 100 : progress.percent,
  };
}

/** The stage that a signal shows to have begun, unless it is this one or an earlier one. */
function stageOf(signal: Signal, now: StageName | 'done'): StageName | 'done' | undefined {
  const order = [...STAGE_NAMES, 'done'];
  const shown = shownStage(signal, order.indexOf(now) >= order.indexOf('restart'));
  return shown !== undefined && order.indexOf(shown) > order.indexOf(now) ? shown : undefined;
}

function shownStage(signal: Signal, restarted: boolean): StageName | 'done' | undefined {
  switch (signal.from) {
    case 'machine':
      return 'restart';
    case 'console':
      if (/\bINSTALLED-SYSTEM\b/.test(signal.text)) return 'done';
      return /Linux version \d/.test(signal.text) ? 'kernel' : undefined;
    case 'timeline':
      return restarted ? stageAfterRestart(signal.event) : stageBeforeRestart(signal.event.kind);
    default:
      return signal satisfies never;
  }
}

function stageBeforeRestart(kind: string): StageName | undefined {
  if (kind.startsWith('dhcp.')) return 'dhcp';
  if (kind.startsWith('tftp.') || kind === 'boot.decided') return 'tftp';
  const installer = ['install.answerServed', 'install.started', 'install.progressed'];
  return installer.includes(kind) ? 'installer' : undefined;
}

function stageAfterRestart(event: Pick<WireEvent, 'kind' | 'data'>): StageName | 'done' | undefined {
  if (event.kind === 'install.diskBooted') return 'done';
  return event.kind === 'boot.decided' && event.data?.['boot'] === 'local disk' ? 'disk' : undefined;
}

function detailsOf(signal: Signal, progress: BootProgress): Pick<BootProgress, 'doing' | 'percent'> {
  if (signal.from !== 'timeline') return { doing: progress.doing, percent: progress.percent };
  const percent = signal.event.data?.['percent'];
  return {
    doing: signal.event.text,
    percent: typeof percent === 'number' ? percent : progress.percent,
  };
}
