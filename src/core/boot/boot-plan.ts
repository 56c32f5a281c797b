/** What a machine boots now, and because. The only outcome of `decideBoot`. */
export type BootPlan =
  /** Muster stays silent about booting; the firmware goes on to its next device. */
  | { readonly boot: 'nothing'; readonly because: string }
  /** A menu for people, which falls to the machine's own disk. */
  | { readonly boot: 'menu'; readonly because: string }
  /** The installer of an armed install, with its answer file. */
  | {
      readonly boot: 'installer';
      readonly installId: string;
      readonly profile: string;
      readonly because: string;
    }
  /** The machine's own disk, said so by the loader. */
  | { readonly boot: 'local disk'; readonly because: string };
