import type { Seen } from '../machines/identify.ts';
import { macKey } from '../network/lease.ts';
import { portText } from '../network/relay-port-text.ts';
import type { MacAddress, Uuid } from '../../lib/addresses.ts';
import type { DhcpMessage } from '../../protocols/dhcp/message.ts';
import { Options } from '../../protocols/dhcp/options.ts';
import { IpxeFeature, decodeIpxeFeatures } from '../../protocols/dhcp/ipxe.ts';
import { architectureOfClass, decodeBootClass, decodeMachineUuid } from '../../protocols/dhcp/pxe.ts';
import { relayPort } from '../../protocols/dhcp/relay-agent.ts';
import { cardAddress, ethernetAddress } from '../../protocols/dhcp/where-to-send.ts';
import { isBootable } from '../boot/firmware.ts';
import type { BootClient } from '../boot/next-step.ts';
import { isRaspberryPi, takesOfferUnasked } from '../boot/raspberry-pi.ts';
import { plainText } from './plain-text.ts';
import { type Silence, silence } from './silence.ts';

/** Who asks, from what the message says of itself. */
export interface DhcpClient {
  /** What makes two messages the same client: `mac:52:54:…`, else `id:` with option 61, else `hw:` with chaddr. */
  readonly clientKey: string;
  readonly mac?: MacAddress | undefined;
  readonly uuid?: Uuid | undefined;
  readonly hostname?: string | undefined;
  readonly vendorClass?: string | undefined;
  readonly userClasses: readonly string[];
  /** Option 93, or what option 60 says where that is missing. */
  readonly architecture?: number | undefined;
  /** It takes the address of an offer for its own, and no DHCPREQUEST comes. */
  readonly takesOffer?: boolean;
  readonly boot: BootClient;
}

/** What it can be told by which machine this is. A relay's word on the port is another's claim, too: anybody can send it. */
export function sightOf({ mac, uuid }: DhcpClient, message: Pick<DhcpMessage, 'options'>): Seen {
  const { circuitId, remoteId } = relayPort(message) ?? {};
  return {
    mac,
    ...(uuid === undefined ? {} : { uuids: [uuid] }),
    ...(circuitId === undefined
      ? {}
      : {
          port: {
            circuitId: portText(circuitId),
            ...(remoteId === undefined ? {} : { remoteId: portText(remoteId) }),
          },
        }),
  };
}

/** What clients may say of themselves at most; longer is cut. */
const MAX_USER_CLASSES = 8;
const MAX_CLIENT_ID_BYTES = 255;
/** RFC 1035 §2.3.4. */
const MAX_HOSTNAME_LETTERS = 253;

/** What stands in front of an Ethernet address in option 61 (RFC 2132 §9.14). */
const CLIENT_ID_ETHERNET = 1;

/** Silence where the message says nothing by which its sender could be told from others. */
export function readClient(message: DhcpMessage): DhcpClient | Silence {
  const { options } = message;
  const mac = ethernetAddress(message) ?? macOfClientId(message);
  const clientKey = keyOf(message, mac);
  if (clientKey === undefined)
    return silence(
      'malformed',
      'the client tells neither a hardware address nor a client identifier (option 61)',
    );
  const machineId = options.raw(Options.uuid.code);
  const uuid = machineId && decodeMachineUuid(machineId);
  const hostname = hostnameOf(options.get(Options.hostname));
  const vendorClass = options.get(Options.classId);
  const userClasses = options.get(Options.userClass)?.slice(0, MAX_USER_CLASSES).map(plainText) ?? [];
  const architecture = architectureOf(message);
  const stage = stageOf(message);
  const signs = { mac, architecture, machineId };
  return {
    clientKey,
    mac,
    uuid,
    hostname,
    vendorClass: vendorClass === undefined ? undefined : plainText(vendorClass),
    userClasses,
    architecture,
    ...(stage === 'firmware' && takesOfferUnasked(signs) ? { takesOffer: true } : {}),
    boot: {
      stage,
      architecture,
      bootsOverHttp: stage === 'ipxe' && bootsOverHttp(message),
      isRaspberryPi: stage === 'firmware' && isRaspberryPi(signs),
    },
  };
}

/**
 * The card's address comes first, and the client identifier only where there is none: one machine shows several
 * identifiers in one boot (ROM none, iPXE 01 and its MAC, systemd a DUID), and would be given several addresses.
 */
function keyOf(message: DhcpMessage, mac: MacAddress | undefined): string | undefined {
  if (mac !== undefined) return macKey(mac);
  const clientId = message.options.raw(Options.clientId.code);
  if (clientId !== undefined && clientId.length > 0)
    return `id:${toHex(clientId.subarray(0, MAX_CLIENT_ID_BYTES))}`;
  if (message.chaddr.some((octet) => octet !== 0)) return `hw:${message.htype}:${toHex(message.chaddr)}`;
  return undefined;
}

/** Some firmware puts a GUID in chaddr, or nothing, and its MAC in option 61. */
function macOfClientId({ options }: DhcpMessage): MacAddress | undefined {
  const clientId = options.raw(Options.clientId.code);
  return clientId?.[0] === CLIENT_ID_ETHERNET ? cardAddress(clientId.subarray(1)) : undefined;
}

/** The first listed that Muster can boot, else the first (RFC 4578 §2.1: a client may list several). */
function architectureOf({ options }: DhcpMessage): number | undefined {
  const listed = options.get(Options.clientSystem) ?? [];
  return listed.find(isBootable) ?? listed[0] ?? architectureOfClass(options.get(Options.classId) ?? '');
}

/** Builds differ: the ROM of VirtualBox starts no Linux kernels, others know no HTTP. Each says what it can. */
function bootsOverHttp({ options }: DhcpMessage): boolean {
  const features = decodeIpxeFeatures(options.raw(Options.etherboot.code) ?? new Uint8Array());
  const startsKernels = features.has(IpxeFeature.bzImage) || features.has(IpxeFeature.efi);
  return features.has(IpxeFeature.http) && startsKernels;
}

/** User classes of iPXE, and of what it was before. */
const IPXE_CLASSES: ReadonlySet<string> = new Set(['iPXE', 'gPXE']);

/** Vendor classes of programs that run when the boot is done; a boot file would mean something else to them. */
const OPERATING_SYSTEM_CLASSES: readonly string[] = [
  'd-i',
  'anaconda-',
  'MSFT ',
  'udhcp ',
  'dhcpcd-',
  'dhcpcd ',
  'Linux ipconfig',
  'dracut',
];

const UBOOT_CLASS = 'U-Boot.';

/**
 * Which program asks. Liberal, since firmware leaves out much: Intel ROMs option 97, FlexBoot the user class iPXE,
 * U-Boot the class PXEClient. But an installer must get no boot file: the Debian installer takes one with `://`
 * for its answer file, and anaconda asks NFS for it.
 */
function stageOf({ options }: DhcpMessage): BootClient['stage'] {
  // BOOTP is spoken by ROMs older than DHCP, and asks for a boot file before all else (RFC 951).
  if (!options.has(Options.messageType)) return 'firmware';
  const userClasses = options.get(Options.userClass) ?? [];
  if (userClasses.some((name) => IPXE_CLASSES.has(name))) return 'ipxe';
  const vendorClass = options.get(Options.classId) ?? '';
  if (OPERATING_SYSTEM_CLASSES.some((start) => vendorClass.startsWith(start))) return 'operating system';
  if (options.has(Options.etherboot)) return 'ipxe';
  const isFirmware =
    decodeBootClass(vendorClass) !== undefined ||
    vendorClass.startsWith(UBOOT_CLASS) ||
    options.has(Options.clientSystem);
  return isFirmware ? 'firmware' : 'operating system';
}

/** A name as RFC 1123 allows it, in small letters; anything else is no name, and is left out. */
function hostnameOf(text: string | undefined): string | undefined {
  const name = text?.toLowerCase();
  if (name === undefined || name.length > MAX_HOSTNAME_LETTERS) return undefined;
  return /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/.test(name) ? name : undefined;
}

function toHex(bytes: Uint8Array): string {
  return [...bytes].map((octet) => octet.toString(16).padStart(2, '0')).join('');
}
