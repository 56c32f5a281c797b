/** What an interface is, as far as it matters for serving machines on it. */
export type InterfaceKind =
  | 'ethernet'
  | 'bridge'
  | 'vlan'
  | 'bond'
  | 'wireless'
  | 'container'
  | 'tap'
  | 'tunnel'
  | 'loopback'
  | 'other';

/** What /sys/class/net/NAME tells, or as much of it as is there. */
export interface InterfaceTraits {
  readonly name: string;
  /** `type`: ARPHRD_… of linux/if_arp.h. */
  readonly hardwareType?: number;
  /** `DEVTYPE` of `uevent`: `wlan`, `bridge`, `bond`, `vlan`, … Plain cards have none. */
  readonly deviceType?: string;
  readonly isWireless: boolean;
  /** `tun_flags`: IFF_TUN or IFF_TAP, of linux/if_tun.h; undefined for what is neither. */
  readonly tunFlags?: number;
}

const ARPHRD_ETHER = 1;
const ARPHRD_LOOPBACK = 772;
const IFF_TAP = 2;

/** ppp, IP in IP, 6in4, GRE, and those without a link layer (tun, WireGuard). */
const TUNNEL_HARDWARE = new Set([512, 768, 769, 776, 778, 65534]);

/** The names that container engines and hypervisors give to the host's side of their networks. */
const CONTAINER_NAMES =
  /^(?:docker\d|docker_gwbridge|br-[\da-f]{12}$|veth|virbr|vnet|vmnet|vboxnet|lxcbr|lxdbr|incusbr|cni|cali|flannel|podman|cilium|kube-)/;

const DEVICE_TYPES: Readonly<Record<string, InterfaceKind>> = {
  wlan: 'wireless',
  wwan: 'tunnel',
  bridge: 'bridge',
  bond: 'bond',
  vlan: 'vlan',
  wireguard: 'tunnel',
  ppp: 'tunnel',
};

/** First rule that fits wins. */
export function kindOfInterface(traits: InterfaceTraits): InterfaceKind {
  if (traits.hardwareType === ARPHRD_LOOPBACK || traits.name === 'lo') return 'loopback';
  // Before the device type, since docker0 and virbr0 are bridges too.
  if (CONTAINER_NAMES.test(traits.name)) return 'container';
  if (traits.isWireless) return 'wireless';
  const byDeviceType = DEVICE_TYPES[traits.deviceType ?? ''];
  if (byDeviceType) return byDeviceType;
  if (traits.tunFlags !== undefined) return (traits.tunFlags & IFF_TAP) !== 0 ? 'tap' : 'tunnel';
  if (traits.hardwareType !== undefined && TUNNEL_HARDWARE.has(traits.hardwareType)) return 'tunnel';
  return traits.hardwareType === undefined || traits.hardwareType === ARPHRD_ETHER ? 'ethernet' : 'other';
}
