/**
 * What a driver can do to a machine's power. A driver is opened for one machine, does some steps and is closed
 * again; whoever opens it knows what it wants (`planPower`), and the driver knows how.
 */

/** What is done to a machine, one thing at a time. */
export const POWER_STEPS = ['on', 'off', 'shutdown', 'cycle', 'reset', 'pxe-next'] as const;
export type PowerStep = (typeof POWER_STEPS)[number];

/** `changing`: on its way between the two. `unknown`: what was asked did not know it either. */
export const POWER_STATES = ['on', 'off', 'changing', 'unknown'] as const;
export type PowerState = (typeof POWER_STATES)[number];

export interface DriverRow {
  readonly sentence: string;
  /** Steps it can do for a machine that can do all. */
  readonly can: readonly PowerStep[];
  /** Whether it can tell if the machine has power. */
  readonly tellsState: boolean;
  /** What its secret is, and whether it works without one. */
  readonly secret: { readonly what: string; readonly needed: 'yes' | 'no' };
}

/** One row for each driver. */
export const POWER_DRIVERS = {
  wol: {
    sentence: 'Wake-on-LAN: a magic packet wakes the network card; it cannot switch off',
    can: ['on'],
    tellsState: false,
    secret: { what: 'the SecureOn password', needed: 'no' },
  },
  redfish: {
    sentence: 'Redfish, which the BMCs of servers speak over HTTPS',
    can: POWER_STEPS,
    tellsState: true,
    secret: { what: "the password of the BMC's user", needed: 'yes' },
  },
  ipmi: {
    sentence: 'IPMI, by the program ipmitool',
    can: POWER_STEPS,
    tellsState: true,
    secret: { what: "the password of the BMC's user", needed: 'yes' },
  },
  command: {
    sentence: 'A program of your own, out of the folder that commands.folder names',
    can: POWER_STEPS,
    tellsState: true,
    secret: { what: 'what it finds as MUSTER_SECRET', needed: 'no' },
  },
  webhook: {
    sentence: 'A server of your own, which is sent a signed POST',
    can: POWER_STEPS,
    tellsState: true,
    secret: { what: 'the key its requests are signed with', needed: 'yes' },
  },
} as const satisfies Readonly<Record<string, DriverRow>>;

export type DriverName = keyof typeof POWER_DRIVERS;

/**
 * `login`: it knows the user or the password not, so asking again may lock the account. `unsupported`: it can do
 * this for no machine like this. `refused`: it was reached and did not do it. `unreachable`: nothing answered.
 * `missing`: something on this computer is not there.
 */
export const TROUBLES = ['login', 'unsupported', 'refused', 'unreachable', 'missing'] as const;
export type TroubleKind = (typeof TROUBLES)[number];

/** Why a driver did not do what it was asked: expected, told to people, and no mistake of ours. */
export class PowerTrouble extends Error {
  override readonly name = 'PowerTrouble';
  readonly kind: TroubleKind;

  /** @param because one sentence without a secret in it, and without a final stop. */
  constructor(kind: TroubleKind, because: string) {
    super(because);
    this.kind = kind;
  }
}

/** An open driver for one machine. Every method rejects with `PowerTrouble`. */
export interface PowerLink {
  /** What this very machine can do. */
  readonly can: readonly PowerStep[];
  readState(): Promise<PowerState>;
  /** Resolves when the other side has taken it, which is before it is so. */
  perform(step: PowerStep): Promise<void>;
  /** Never rejects. */
  close(): Promise<void>;
}
