import type { ImageLoader } from '../images/image-loaders.ts';
import type { ChainName } from './firmware.ts';

/** iPXE asks the machine for what DHCP does not tell, before this is done. */
type AsksFirst = 'who it is';

/** What a machine boots now, and because. The only outcome of `decideBoot`. */
export type BootPlan =
  /** Muster stays silent about booting; the firmware goes on to its next device. */
  | { readonly boot: 'nothing'; readonly asks?: AsksFirst; readonly because: string }
  /** A menu for people, which falls to the machine's own disk. */
  | { readonly boot: 'menu'; readonly asks?: AsksFirst; readonly because: string }
  /** The waiting menu: its turn in a wave comes later. */
  | {
      readonly boot: 'wait';
      readonly wave: string;
      /** How many of the wave get their turn before it. */
      readonly ahead: number;
      readonly because: string;
    }
  /** The unknown machine tells its hardware, by an installer that installs nothing. */
  | { readonly boot: 'discovery'; readonly because: string }
  /** The installer of an armed install, with its answer file. */
  | ({
      readonly boot: 'installer';
      readonly installId: string;
      readonly because: string;
    } & WayOfInstall)
  /** The machine's own disk, said so by the loader. */
  | {
      readonly boot: 'local disk';
      /**
       * Of an installer that has not ended. Its firmware is told the same way once more, since it asks because that
       * installer was cut off, and may be told to start it again by what it loads.
       */
      readonly way?: WayOfInstall;
      readonly because: string;
    };

/** What an install says of the way to its installer. */
export interface WayOfInstall {
  readonly profile: string;
  /** The chain of loaders that the profile wishes for. */
  readonly profileLoader?: ChainName;
  /** The image's own signed loaders: paths below this server's root. */
  readonly imageLoaders?: readonly ImageLoader[];
}

export function wayOf(plan: BootPlan): WayOfInstall | undefined {
  if (plan.boot === 'installer') return plan;
  return plan.boot === 'local disk' ? plan.way : undefined;
}
