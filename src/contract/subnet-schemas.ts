import { z } from 'zod';
import {
  MAX_NAME_LENGTH,
  MAX_DOMAIN_NAME_LENGTH,
  ipv4,
  mac,
  uuid,
  network,
  time,
  name,
  line,
  entries,
  loader,
} from './fields.ts';

/**
 * What goes over the wire of the people's API. What Muster sends (`z.object`) may grow new fields, and old programs
 * pass over them; what it takes (`z.strictObject`) may not hold a field it does not know, so that a slip of the pen
 * is told and not ignored.
 */

/** Bytes of a boot file's name: option 67 holds no more. Whether it fits is for the rules of subnets to say. */
const MAX_BOOT_FILE_LENGTH = 255;
/** Characters of an option's value as text: 255 octets in hex with colons fit. */
const MAX_OPTION_TEXT_LENGTH = 1024;

/** Routers or DNS servers of one subnet: options 3 and 6 hold 63 addresses. */
const MAX_SERVERS = 63;
/** Seconds of a lease: option 51 has 32 bits, and all ones stand for a lease without end. */
const MAX_SECONDS = 0xffff_ffff;
/** Characters of the identifier of a port: 255 bytes in hex. */
const MAX_PORT_ID_LENGTH = 512;

export const AddressRange = z.strictObject({
  first: ipv4.describe('The first address that is handed out'),
  last: ipv4.describe('The last address that is handed out'),
});

export const Reservation = z.strictObject({
  mac: mac.describe('The MAC address it is kept for'),
  address: ipv4.describe('The address; it may lie in a range or outside of all'),
  hostname: line(MAX_DOMAIN_NAME_LENGTH)
    .min(1)
    .exactOptional()
    .describe('The host name the client is told (option 12)'),
});

export const PortReservation = z.strictObject({
  circuitId: line(MAX_PORT_ID_LENGTH)
    .min(1)
    .describe(
      'The port, as the relay or switch calls it (option 82, circuit id): text, or 0x and hex digits',
    ),
  remoteId: line(MAX_PORT_ID_LENGTH)
    .min(1)
    .exactOptional()
    .describe('The relay or switch itself (option 82, remote id); without it, on whichever'),
  address: ipv4.describe('The address of whatever machine is on that port'),
  hostname: line(MAX_DOMAIN_NAME_LENGTH)
    .min(1)
    .exactOptional()
    .describe('The host name the client is told (option 12)'),
});

/** What is absent is as it is by default. */
const ruleFields = {
  sharedNetwork: name
    .exactOptional()
    .describe(
      'Subnets that name the same one lie on one link: a machine there gets its address from any of them',
    ),
  identity: z
    .enum(['mac', 'relay-port'])
    .exactOptional()
    .describe(
      'What tells machines apart: mac, their card (default); relay-port, the port they are plugged into',
    ),
  bootp: z
    .enum(['off', 'reserved', 'dynamic'])
    .exactOptional()
    .describe('Who gets an address over BOOTP: nobody, who has a reservation (default), or everyone'),
  rapidCommit: z
    .boolean()
    .exactOptional()
    .describe(
      'Whether clients that ask for it have their lease after two messages (RFC 4039); false by default',
    ),
  conflictProbe: z
    .boolean()
    .exactOptional()
    .describe('Whether addresses nobody ever had are probed before they are offered; true by default'),
  minLeaseSeconds: z
    .int()
    .min(1)
    .max(MAX_SECONDS)
    .exactOptional()
    .describe('The shortest lease that is granted; 120 by default'),
  renewalPercent: z.number().min(1).max(100).exactOptional().describe('When machines renew, in per cent; 50'),
  rebindingPercent: z
    .number()
    .min(1)
    .max(100)
    .exactOptional()
    .describe('When machines ask any server, in per cent of the lease; 87.5'),
  portReservations: entries(PortReservation)
    .exactOptional()
    .describe('Addresses that are kept for whatever machine is on a port'),
  loader: loader
    .exactOptional()
    .describe('The loader its machines boot with; left out: the best for each firmware'),
};

export const ExtraOption = z.strictObject({
  option: line(MAX_NAME_LENGTH).min(1).describe('The name or the code of the option: ntp-servers, or 42'),
  value: line(MAX_OPTION_TEXT_LENGTH).describe('Its value as text'),
});

const subnetFields = {
  network: network.describe('The network with its prefix length, such as 192.168.122.0/24'),
  mode: z
    .enum(['full', 'proxy', 'auto', 'off'])
    .describe(
      'full: addresses and boot data from here; proxy: only boot data, beside the DHCP server that gives the addresses; auto: proxy while another DHCP server answers, else full; off: every client is met with silence',
    ),
  ranges: entries(AddressRange).describe('The addresses that are handed out; none: only reservations are'),
  reservations: entries(Reservation).describe('Addresses that are kept for one machine each'),
  routers: entries(ipv4, MAX_SERVERS).describe('Routers, the preferred one first (option 3)'),
  dnsServers: entries(ipv4, MAX_SERVERS).describe('DNS servers, the preferred one first (option 6)'),
  domainName: line(MAX_DOMAIN_NAME_LENGTH)
    .min(1)
    .exactOptional()
    .describe('The domain name clients are told (option 15)'),
  defaultLeaseSeconds: z.int().min(1).max(MAX_SECONDS).describe('What a client gets that asks for no length'),
  maxLeaseSeconds: z.int().min(1).max(MAX_SECONDS).describe('The longest lease that is granted'),
  nextServer: ipv4.exactOptional().describe('The TFTP server (siaddr), where it is not this one'),
  bootFile: line(MAX_BOOT_FILE_LENGTH)
    .min(1)
    .exactOptional()
    .describe('The boot file every boot client of the subnet gets, in place of the one for its firmware'),
  options: entries(ExtraOption).describe('Further DHCP options to send'),
  ...ruleFields,
};

export const Subnet = z
  .object({ name: name.describe('Its name'), ...subnetFields })
  .describe('Addresses on a segment and what goes with them');

/** What was left out is what was never said: the service fills in its defaults. */
export const SubnetInput = z
  .strictObject({
    name: name.exactOptional().describe('May be left out; if there, it is the name in the path'),
    ...subnetFields,
    mode: subnetFields.mode.default('full'),
    ranges: subnetFields.ranges.default([]),
    reservations: subnetFields.reservations.default([]),
    routers: subnetFields.routers.default([]),
    dnsServers: subnetFields.dnsServers.default([]),
    defaultLeaseSeconds: subnetFields.defaultLeaseSeconds.exactOptional(),
    maxLeaseSeconds: subnetFields.maxLeaseSeconds.exactOptional(),
    options: subnetFields.options.default([]),
  })
  .describe('A subnet as it shall be, whole: what is left out gets its default');

export const LeaseState = z.enum(['held', 'expired', 'released', 'declined']);

export const Lease = z
  .object({
    address: ipv4.describe('The address'),
    subnet: z.string().describe('Name of the subnet'),
    state: LeaseState.describe(
      'held: a client has it; expired: its time is over; released: it was given back; declined: somebody else was found on it',
    ),
    mac: mac.exactOptional().describe('The MAC address of the client'),
    machine: z.string().exactOptional().describe('Name of the machine with that MAC address'),
    hostname: z.string().exactOptional().describe('What the client calls itself (option 12)'),
    vendorClass: z.string().exactOptional().describe('What the client says it is (option 60)'),
    uuid: uuid.exactOptional().describe('The SMBIOS UUID the client told'),
    clientKey: z.string().describe('What makes two requests the same client'),
    startedAt: time.describe('When this client got it'),
    expiresAt: time.describe('When it ends'),
  })
  .describe('An address bound to a client');
