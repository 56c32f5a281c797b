import { type Ipv6Address, type MacAddress, macFromBytes, type Uuid } from '../../lib/addresses.ts';
import { macOfIpv6 } from '../../lib/ipv6-address.ts';
import { architectureOfClass } from '../../protocols/dhcp/pxe.ts';
import { readDuid } from '../../protocols/dhcpv6/duid.ts';
import type { Dhcpv6Packet } from '../../protocols/dhcpv6/message.ts';
import { type Dhcpv6Options, Options } from '../../protocols/dhcpv6/options.ts';
import { isBootable } from '../boot/firmware.ts';
import type { BootClient } from '../boot/next-step.ts';
import { namesNobody } from '../boot/script-name.ts';
import { plainText } from '../dhcp/plain-text.ts';

/** What firmware calls itself in option 16, and takes answers by (UEFI 2.10 §24.3.1, §24.7.3.1). */
export type BootClass = 'PXEClient' | 'HTTPClient';

/** Who asks over DHCPv6, from what the message says of itself. */
export interface Dhcpv6Client {
  /**
   * The DUID in hex, which makes two messages the same client; that of iPXE is the same on all machines without a UUID.
   * Empty where an Information-request has none.
   */
  readonly duid: string;
  readonly card?: ClientCard | undefined;
  /** Of a DUID made of the machine's UUID, in both byte orders; else none. */
  readonly uuids: readonly Uuid[];
  /** Whom the message came from first: an address of the client's link. */
  readonly peerAddress: Ipv6Address;
  /** What the client wants, or has, from a server that gives addresses. */
  readonly addresses: readonly Ipv6Address[];
  readonly vendorClass?: string | undefined;
  readonly bootClass?: BootClass | undefined;
  readonly asksForBootFile: boolean;
  readonly boot: BootClient;
}

/** The network card, and by what it is known. */
export interface ClientCard {
  readonly mac: MacAddress;
  readonly knownBy: 'its relay (option 79)' | 'its link-local address' | 'its DUID';
}

const ETHERNET = 1;
/** Under which EDK2 and iPXE say their class; it is Intel's, who wrote the PXE specification. */
export const PXE_ENTERPRISE = 343;
const CLASSES: readonly BootClass[] = ['PXEClient', 'HTTPClient'];
const IPXE_CLASS = 'iPXE';

export function readDhcpv6Client(
  { message: { options }, relays }: Dhcpv6Packet,
  sourceAddress: Ipv6Address,
): Dhcpv6Client {
  const nearest = relays.at(-1);
  const peerAddress = nearest?.peerAddress ?? sourceAddress;
  const clientId = options.get(Options.clientId);
  const duid = clientId && readDuid(clientId);
  const vendorClass = options.all(Options.vendorClass).find(({ enterprise }) => enterprise === PXE_ENTERPRISE)
    ?.classes[0];
  const stage = stageOf(options, vendorClass);
  const architecture = architectureOf(options, vendorClass);
  return {
    duid: clientId === undefined ? '' : toHex(clientId),
    card: cardOf(nearest?.options, peerAddress, duid?.kind === 'link-layer' ? duid.mac : undefined),
    uuids: duid?.kind === 'UUID' ? duid.uuids.filter((uuid) => !namesNobody(uuid)) : [],
    peerAddress,
    addresses: options.all(Options.association).flatMap(({ addresses }) => addresses),
    vendorClass: vendorClass === undefined ? undefined : plainText(vendorClass),
    bootClass: CLASSES.find((name) => vendorClass?.startsWith(name)),
    asksForBootFile: options.get(Options.optionRequest)?.includes(Options.bootfileUrl.code) === true,
    boot: {
      stage,
      architecture,
      // iPXE does not say over DHCPv6 what it can; HTTP is in every build, unless somebody took it out.
      ...(stage === 'ipxe' ? { bootsOverHttp: true } : {}),
    },
  };
}

/** The card that asks comes before the one of the DUID, which may be any of the machine's (RFC 8415 §11.2). */
function cardOf(
  ofRelay: Dhcpv6Options | undefined,
  peerAddress: Ipv6Address,
  ofDuid: MacAddress | undefined,
): ClientCard | undefined {
  const told = ofRelay?.get(Options.clientLinkLayer);
  if (told?.hardwareType === ETHERNET && told.address.length === 6)
    return { mac: macFromBytes(told.address), knownBy: 'its relay (option 79)' };
  const ofAddress = macOfIpv6(peerAddress);
  if (ofAddress !== undefined) return { mac: ofAddress, knownBy: 'its link-local address' };
  return ofDuid && { mac: ofDuid, knownBy: 'its DUID' };
}

/** iPXE calls itself a PXEClient as well, as the firmware does that it replaces. */
function stageOf(options: Dhcpv6Options, vendorClass: string | undefined): BootClient['stage'] {
  if (options.get(Options.userClass)?.includes(IPXE_CLASS)) return 'ipxe';
  const isFirmware =
    CLASSES.some((name) => vendorClass?.startsWith(name)) || options.has(Options.clientArchitecture);
  return isFirmware ? 'firmware' : 'operating system';
}

/** The first listed that Muster can boot, else the first (RFC 5970 §3.3: in order of preference). */
function architectureOf(options: Dhcpv6Options, vendorClass: string | undefined): number | undefined {
  const listed = options.get(Options.clientArchitecture) ?? [];
  return listed.find(isBootable) ?? listed[0] ?? architectureOfClass(vendorClass ?? '');
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (octet) => octet.toString(16).padStart(2, '0')).join('');
}
