import type { NewClientLimit } from '../dhcp/new-clients.ts';
import { DEFAULT_INSTALL_POLICY, type InstallPolicy } from '../install/install-policy.ts';

/** What holds for every machine; data, changed while running. */
export interface Policy {
  /** What a machine gets that Muster does not know: the menu (which falls to its own disk), or silence. */
  readonly unknownMachines: 'menu' | 'ignore';
  /** Answer DHCPNAK where a client of another network asks for its old address (RFC 2131 §4.3.2); off where another DHCP server is on the segment. */
  readonly authoritative: boolean;
  /** Clients that were never seen, have no reservation and are no known machine: so many on one link are let in. */
  readonly newClients: NewClientLimit;
  readonly menu: MenuPolicy;
  readonly installs: InstallPolicy;
}

export interface MenuPolicy {
  readonly title: string;
  /** Seconds until the default is taken; 0 waits for a person. */
  readonly timeoutSeconds: number;
  /** Names of the images whose installers people may choose at the machine; `all`, or a list. They ask before they touch a disk. */
  readonly images: 'all' | readonly string[];
  /** The entry that is taken when nobody chooses: `local`, or the name of an image. */
  readonly default: string;
}

export const DEFAULT_POLICY: Policy = {
  unknownMachines: 'menu',
  authoritative: false,
  newClients: { burst: 16_384, perSecond: 100 },
  menu: { title: 'Muster', timeoutSeconds: 10, images: 'all', default: 'local' },
  installs: DEFAULT_INSTALL_POLICY,
};
