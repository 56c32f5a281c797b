import type { Ipv4Address, Ipv4Network, MacAddress } from '../../lib/addresses.ts';

/** An interface as the DHCP sockets need to know it. */
export interface DhcpInterface {
  readonly interfaceName: string;
  readonly interfaceIndex: number;
  /** Without it, nobody is answered by hardware address. */
  readonly mac?: MacAddress;
  /** What replies are sent from, and what option 54 says. */
  readonly localAddress: Ipv4Address;
  readonly localNetwork: Ipv4Network;
}

/** Where and from whom a message came. */
export interface DhcpArrival {
  readonly interfaceName: string;
  /** This server's address on that interface: option 54 of the answer. */
  readonly localAddress: Ipv4Address;
  readonly localNetwork: Ipv4Network;
  /** `0.0.0.0` of a client that has none yet; a relay's. */
  readonly sourceAddress: Ipv4Address;
  /** Where a relay that says so wants its replies (RFC 8357). */
  readonly sourcePort: number;
}

/** `plain`: the system does not tell where a datagram arrived, and nobody is answered by hardware address. */
export type DhcpMode = 'per-interface' | 'plain';

export interface Sender {
  readonly address: Ipv4Address;
  readonly port: number;
}

/** What the DHCP door has to tell; the daemon makes log lines of it. */
export type DhcpReport =
  /** `because` says why it is plain. */
  | {
      readonly what: 'serving';
      readonly on: DhcpInterface;
      readonly mode: DhcpMode;
      readonly because?: string;
    }
  | { readonly what: 'left'; readonly on: DhcpInterface }
  /** Something works, but not as well as it could. */
  | { readonly what: 'fallback'; readonly interfaceName: string; readonly because: string }
  /** A datagram that is not answered, through no fault of ours: for the debug log. */
  | {
      readonly what: 'dropped';
      readonly interfaceName?: string;
      readonly from: Sender;
      readonly because: string;
    }
  | {
      readonly what: 'failed';
      readonly interfaceName: string;
      readonly doing: string;
      readonly error: unknown;
    };

export type DatagramHandler = (bytes: Uint8Array, from: Sender) => void;
