import type { NewClientLimit } from '../dhcp/new-clients.ts';
import { DEFAULT_INSTALL_POLICY, type InstallPolicy } from '../install/install-policy.ts';
import type { EnrolPolicy } from '../machines/enrol-rule.ts';

/** What holds for every machine; data, changed while running. */
export interface Policy {
  /**
   * What a machine gets that Muster does not know: the menu (which falls to its own disk), silence, a boot in which it
   * tells its hardware and becomes known, or what it gets once a rule made it known.
   */
  readonly unknownMachines: UnknownMachines;
  readonly enrol: EnrolPolicy;
  readonly discovery: DiscoveryPolicy;
  readonly tools: ToolsPolicy;
  /** Answer DHCPNAK where a client of another network asks for its old address (RFC 2131 §4.3.2); off where another DHCP server is on the segment. */
  readonly authoritative: boolean;
  /** Clients that were never seen, have no reservation and are no known machine: so many on one link are let in. */
  readonly newClients: NewClientLimit;
  readonly menu: MenuPolicy;
  readonly installs: InstallPolicy;
}

export type UnknownMachines = 'ignore' | 'menu' | 'discover' | 'enrol';

export interface DiscoveryPolicy {
  /** Which image unknown machines tell their hardware with; `auto`: the first that can and that they start. */
  readonly image: string;
}

export interface ToolsPolicy {
  /** Added to the kernel's command line of each tool, discovery among them: `console=ttyS0`. */
  readonly arguments: string;
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
  enrol: { maximum: 100, rules: [] },
  discovery: { image: 'auto' },
  tools: { arguments: '' },
  authoritative: false,
  newClients: { burst: 16_384, perSecond: 100 },
  menu: { title: 'Muster', timeoutSeconds: 10, images: 'all', default: 'local' },
  installs: DEFAULT_INSTALL_POLICY,
};
