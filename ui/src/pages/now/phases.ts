import type { WireEvent } from '../../../../src/contract/events.ts';

/** The way of every boot that installs, whatever the firmware and the installer. */
export const PHASES = ['dhcp', 'loader', 'kernel', 'installer', 'steps', 'disk'] as const;
export type Phase = (typeof PHASES)[number];

/** The installer's steps (docs/progress-and-logs.md), by the phase they belong to. */
const PHASE_OF_STEP: Readonly<Record<string, Phase>> = {
  loader: 'loader',
  kernel: 'kernel',
  'answer file': 'installer',
  installer: 'installer',
  installed: 'disk',
};

/** How it goes on: `waiting` for its turn or a person, `failed` with a reason, `done` when its disk boots. */
export type Going = 'moving' | 'waiting' | 'failed' | 'done';

export interface Step {
  readonly phase: Phase;
  readonly going: Going;
}

/** Files that are sent say where the machine is only by what was decided before. */
const SENT = /^(?:tftp|http|ftp|nfs)\.sent$/;
/** No kernel is smaller. */
const KERNEL_BYTES = 1024 ** 2;

/** The script or menu that a machine gets, with what belongs to it: it does not go on by that. */
export function isSmallFile({ kind, data = {} }: WireEvent): boolean {
  const { bytes } = data;
  return SENT.test(kind) && typeof bytes === 'number' && bytes < KERNEL_BYTES;
}

/**
 * Where a machine is after this event, as far as the event tells.
 * @param isDecided it was told to boot an installer, so that what it fetches now is the kernel.
 */
export function stepOf({ kind, data = {} }: WireEvent, isDecided: boolean): Step | undefined {
  if (SENT.test(kind)) return { phase: isDecided ? 'kernel' : 'loader', going: 'moving' };
  switch (kind) {
    case 'dhcp.offered':
    case 'dhcp.acknowledged':
    case 'dhcp.proxied':
    case 'dhcpv6.told':
      return { phase: 'dhcp', going: isToldNothing(data) ? 'waiting' : 'moving' };
    case 'dhcp.silent':
    case 'dhcpv6.silent':
    case 'dhcp.refused':
      return { phase: 'dhcp', going: 'waiting' };
    case 'boot.decided':
      return stepOfDecision(data['boot']);
    case 'boot.notStarted':
      return { phase: 'loader', going: 'failed' };
    case 'tftp.failed':
      return { phase: isDecided ? 'kernel' : 'loader', going: 'failed' };
    case 'install.bootOffered':
      return { phase: 'kernel', going: 'moving' };
    case 'install.answerServed':
    case 'install.started':
      return { phase: 'installer', going: 'moving' };
    case 'install.progressed':
      return { phase: PHASE_OF_STEP[String(data['step'])] ?? 'steps', going: 'moving' };
    case 'install.finished':
    case 'install.diskBooted':
      return { phase: 'disk', going: 'done' };
    default:
      return undefined;
  }
}

/** Firmware that gets an address and no boot file goes no further; the event says why. */
function isToldNothing({ stage, bootFile, raspberryPi }: NonNullable<WireEvent['data']>): boolean {
  return stage === 'firmware' && bootFile === undefined && raspberryPi !== true;
}

function stepOfDecision(boot: unknown): Step {
  switch (boot) {
    case 'wait':
    case 'menu':
      return { phase: 'loader', going: 'waiting' };
    case 'local disk':
      return { phase: 'disk', going: 'done' };
    case 'nothing':
      return { phase: 'loader', going: 'failed' };
    default:
      return { phase: 'loader', going: 'moving' };
  }
}

const ENDED: ReadonlySet<string> = new Set([
  'install.failed',
  'install.timedOut',
  'install.bootedAgain',
  'install.expired',
  'install.cancelled',
]);

/** The install is over, and not as it should be. */
export function isEndedBadly({ kind }: WireEvent): boolean {
  return ENDED.has(kind);
}

export function isLater(one: Phase, other: Phase): boolean {
  return PHASES.indexOf(one) > PHASES.indexOf(other);
}
