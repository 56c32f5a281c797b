import { biosClassic } from './bios-classic.ts';
import { biosInstall } from './bios-install.ts';
import { biosUnknown } from './bios-unknown.ts';
import type { BootStage } from './boot-stage.ts';
import { biosDebian } from './debian/bios-debian.ts';
import { debianMaterial } from './debian/debian-material.ts';
import { demoLeavesNothing } from './demo-leaves-nothing.ts';

export interface Boot {
  readonly sentence: string;
  /** About how long it takes on two cores in software emulation. */
  readonly seconds: number;
  /** It is given up after this. */
  readonly limitSeconds: number;
  /** `test`: part of `npm test`; `all`: only when named, or with `--all`. */
  readonly when: 'test' | 'all';
  /** Makes what it needs, outside the private network, where there is a way to a package archive. */
  readonly prepare?: (say: (sentence: string) => void) => Promise<unknown>;
  readonly run: (stage: BootStage) => Promise<void>;
}

/** Every real boot, by name. */
export const BOOTS = {
  'bios-install': {
    sentence:
      'SeaBIOS and iPXE ROM: an armed machine is installed over the network and then boots its own disk',
    seconds: 45,
    limitSeconds: 240,
    when: 'test',
    run: biosInstall,
  },
  'bios-unknown': {
    sentence:
      'SeaBIOS and iPXE ROM: an unknown machine gets the menu, which falls to its own disk, unchanged',
    seconds: 25,
    limitSeconds: 180,
    when: 'test',
    run: biosUnknown,
  },
  'bios-classic': {
    sentence:
      'The classic way: dhcpd options and a hand-made /tftpboot with pxelinux.cfg/default boot as ever',
    seconds: 45,
    limitSeconds: 240,
    when: 'test',
    run: biosClassic,
  },
  'bios-debian': {
    sentence:
      'The stock debian-installer with Muster\'s preseed installs Debian 12 from a mirror Muster serves, to "login:"',
    seconds: 900,
    limitSeconds: 2_400,
    when: 'all',
    prepare: debianMaterial,
    run: biosDebian,
  },
  demo: {
    sentence: 'muster demo installs its machine; finished, interrupted or killed, it leaves nothing behind',
    seconds: 75,
    limitSeconds: 300,
    when: 'test',
    run: demoLeavesNothing,
  },
} as const satisfies Record<string, Boot>;

export type BootName = keyof typeof BOOTS;
export const BOOT_NAMES = Object.keys(BOOTS) as readonly BootName[];
