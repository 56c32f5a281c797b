import { tortureClock } from './clock.ts';
import { tortureDiskFull } from './disk-full.ts';
import { tortureLeases } from './leases.ts';
import { tortureTftp } from './tftp.ts';

export interface TortureContext {
  readonly say: (text: string) => void;
  /** One line of the result. @param found what was found instead, where it did not hold. */
  readonly check: (sentence: string, holds: boolean, found: string) => void;
  /** As in `npm test`: seconds instead of minutes. */
  readonly short: boolean;
}

export interface Torture {
  readonly sentence: string;
  /** About how long it takes on two cores. */
  readonly seconds: number;
  /** `test`: its short form is part of `npm test`. */
  readonly when: 'test' | 'all';
  readonly run: (context: TortureContext) => Promise<void>;
}

/** Every torture, by name: real processes, real packets, real kills. */
export const TORTURES = {
  leases: {
    sentence: '50 times kill -9 under load: no acknowledged lease is lost, no address is given twice',
    seconds: 300,
    when: 'test',
    run: tortureLeases,
  },
  'disk-full': {
    sentence:
      'the disk fills up under load: no DHCPACK, an event, and all by itself well again when there is room',
    seconds: 40,
    when: 'all',
    run: tortureDiskFull,
  },
  clock: {
    sentence:
      'the clock is set a year forward and back: no lease ends, none is extended, and no install expires',
    seconds: 75,
    when: 'all',
    run: tortureClock,
  },
  tftp: {
    sentence:
      '50 times the thread that sends files is killed: back within a second, and nothing is left over',
    seconds: 130,
    when: 'all',
    run: tortureTftp,
  },
} as const satisfies Record<string, Torture>;

export type TortureName = keyof typeof TORTURES;
export const TORTURE_NAMES = Object.keys(TORTURES) as readonly TortureName[];
