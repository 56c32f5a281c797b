import { z } from 'zod';
import {
  ipv4,
  line,
  mac,
  machineName,
  machineReference,
  MAX_ARGUMENTS_LENGTH,
  MAX_DOMAIN_NAME_LENGTH,
  MAX_LIST_LENGTH,
  MAX_NAME_LENGTH,
  MAX_TEMPLATE_LENGTH,
  MAX_TEXT_LENGTH,
  name,
  network,
  time,
  uuid,
  variableName,
  variables,
  variableValue,
} from './fields.ts';
import { conditionFields } from './image-schemas.ts';

/**
 * What goes over the wire of the people's API. What Muster sends (`z.object`) may grow new fields, and old programs
 * pass over them; what it takes (`z.strictObject`) may not hold a field it does not know, so that a slip of the pen
 * is told and not ignored.
 */

/** Bytes of a boot file's name: option 67 holds no more. Whether it fits is for the rules of subnets to say. */
const MAX_BOOT_FILE_LENGTH = 255;
/** Characters of an option's value as text: 255 octets in hex with colons fit. */
const MAX_OPTION_TEXT_LENGTH = 1024;
/** MAC addresses of one machine. */
const MAX_MACS = 32;
/** Routers or DNS servers of one subnet: options 3 and 6 hold 63 addresses. */
const MAX_SERVERS = 63;
/** Seconds of a lease: option 51 has 32 bits, and all ones stand for a lease without end. */
const MAX_SECONDS = 0xffff_ffff;
/** Characters of the identifier of a port: 255 bytes in hex. */
const MAX_PORT_ID_LENGTH = 512;
/** New clients that are let in at once, or in a second. */
const MAX_NEW_CLIENTS = 1_000_000;
/** Seconds that a menu waits for a person. */
const MAX_MENU_SECONDS = 3600;

const listOf = <T extends z.ZodType>(item: T, max: number = MAX_LIST_LENGTH): z.ZodArray<T> =>
  z.array(item).max(max);

const loader = z.enum(['pxelinux', 'grub', 'ipxe']);
const source = z.enum(['http', 'ftp', 'nfs']);
const memoryCheck = z.enum(['off']);
/** A pebibyte in MiB. */
const memoryMegabytes = z
  .int()
  .min(1)
  .max(1024 ** 3);

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
  portReservations: listOf(PortReservation)
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
  ranges: listOf(AddressRange).describe('The addresses that are handed out; none: only reservations are'),
  reservations: listOf(Reservation).describe('Addresses that are kept for one machine each'),
  routers: listOf(ipv4, MAX_SERVERS).describe('Routers, the preferred one first (option 3)'),
  dnsServers: listOf(ipv4, MAX_SERVERS).describe('DNS servers, the preferred one first (option 6)'),
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
  options: listOf(ExtraOption).describe('Further DHCP options to send'),
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

export const Machine = z
  .object({
    id: z.string().describe('Stable for its whole life, also when it is renamed'),
    name: z.string().describe('Its name, which is also its host name'),
    macs: z.array(mac).describe('Its MAC addresses'),
    uuid: uuid.exactOptional().describe('Its SMBIOS UUID'),
    variables: z
      .record(z.string(), z.string())
      .describe("Handed to the answer file's template; they win over the profile's"),
    loader: loader.exactOptional().describe('The loader it boots with, whatever its firmware'),
    source: source
      .exactOptional()
      .describe('Over what it gets the tree of an image, whatever its profile says'),
    memoryMegabytes: memoryMegabytes
      .exactOptional()
      .describe('How much memory it has, in MiB, as somebody said'),
    memoryCheck: memoryCheck
      .exactOptional()
      .describe('off: images are started though it has less memory than they take'),
    createdAt: time.describe('When it became known'),
  })
  .describe('A computer Muster knows');

const machineFields = {
  name: machineName.describe('Its name, which is also its host name: a DNS label'),
  macs: listOf(mac, MAX_MACS).min(1).describe('Its MAC addresses, at least one'),
};

export const MachineInput = z
  .strictObject({
    ...machineFields,
    uuid: uuid.exactOptional().describe('Its SMBIOS UUID'),
    variables: variables
      .default({})
      .describe("Handed to the answer file's template; they win over the profile's"),
    loader: loader
      .exactOptional()
      .describe(
        "The loader it boots with; left out: its profile's, its subnet's, or the best for its firmware",
      ),
    source: source
      .exactOptional()
      .describe("Over what it gets the tree of an image; left out: its profile's, or the image's first way"),
    memoryMegabytes: memoryMegabytes
      .exactOptional()
      .describe('How much memory it has, in MiB; left out: not known, and so not looked at'),
    memoryCheck: memoryCheck
      .exactOptional()
      .describe('off: images are started though it has less memory than they take'),
  })
  .describe('A machine to make known');

export const MachineChange = z
  .strictObject({
    name: machineFields.name.exactOptional(),
    macs: machineFields.macs.exactOptional(),
    uuid: uuid.nullable().exactOptional().describe('Its SMBIOS UUID; null takes it away'),
    variables: z
      .record(variableName, variableValue.nullable())
      .exactOptional()
      .describe('Variables to set; null takes one away; those not named stay'),
    loader: loader.nullable().exactOptional().describe('The loader it boots with; null takes it away'),
    source: source
      .nullable()
      .exactOptional()
      .describe('Over what it gets the tree of an image; null takes it away'),
    memoryMegabytes: memoryMegabytes
      .nullable()
      .exactOptional()
      .describe('How much memory it has, in MiB; null: not known'),
    memoryCheck: memoryCheck
      .nullable()
      .exactOptional()
      .describe('off: images are started though it has less memory than they take; null: they are not'),
  })
  .describe('What is to change; the rest stays as it is');

const ANSWER_KINDS = [
  'kickstart',
  'preseed',
  'autoinstall',
  'autoyast',
  'agama',
  'ignition',
  'proxmox',
  'script',
] as const;

export const Image = z
  .object({
    name: z.string().describe('Its name'),
    folder: z.string().describe('Its folder or disc image on the server'),
    family: z.string().describe('The distribution it was recognised as; files when nothing in it boots'),
    title: z.string().describe('As people say it: CentOS 6.3'),
    release: z.string().describe('Its release: 6.3'),
    architecture: z.string().describe('As the kernel says it: x86_64'),
    kernel: z.string().exactOptional().describe('The kernel, relative to the folder'),
    initrds: z.array(z.string()).describe('The initial RAM disks, relative to the folder, in loading order'),
    answerKind: z.enum([...ANSWER_KINDS, 'none']).describe('The answer file its installer reads'),
    loaders: z
      .array(
        z.object({
          cpu: z.string().describe('The processor, as UEFI names it: x64'),
          first: z.string().describe('The shim, relative to the folder'),
          next: z.string().describe('The GRUB that goes with it'),
        }),
      )
      .exactOptional()
      .describe('Its own signed loaders of UEFI'),
    ...conditionFields,
    addedAt: time.describe('When it was added'),
  })
  .describe('An operating system that can be booted and installed');

export const AddedImage = Image.extend({
  note: z.string().exactOptional().describe('What to know before using it'),
}).describe('The image, and what to know before using it');

const profileFields = {
  image: name.describe('Name of the image that is installed'),
  template: z
    .string()
    .min(1)
    .max(MAX_TEMPLATE_LENGTH)
    .exactOptional()
    .describe("The answer file's template; left out: the one that comes with Muster for this image"),
  arguments: line(MAX_ARGUMENTS_LENGTH).describe("Added to the kernel's command line as they stand"),
  variables: variables.describe('Handed to the template'),
  loader: loader
    .exactOptional()
    .describe('The loader machines boot its installer with; left out: the best for each firmware'),
  source: source
    .exactOptional()
    .describe(
      "Over what its installers get the tree of the image; left out: the image's first way that is open",
    ),
  memoryCheck: memoryCheck
    .exactOptional()
    .describe('off: the image is started though a machine has less memory than it takes'),
};

export const Profile = z
  .object({ name: name.describe('Its name'), ...profileFields })
  .describe('How to install');

export const ProfileInput = z
  .strictObject({
    name: name.exactOptional().describe('May be left out; if there, it is the name in the path'),
    ...profileFields,
    arguments: profileFields.arguments.default(''),
    variables: profileFields.variables.default({}),
  })
  .describe('A profile as it shall be, whole: what is left out gets its default');

export const RenderedAnswer = z
  .object({
    kind: z.enum(ANSWER_KINDS).describe('Which installer reads it'),
    text: z.string().describe('The answer file'),
  })
  .describe('The answer file as the machine would get it');

export const Install = z
  .object({
    id: z.string().describe('Its id'),
    machine: z.string().describe('Name of the machine'),
    machineId: z.string().describe('Id of the machine'),
    profile: z.string().describe('Name of the profile'),
    state: z
      .enum(['requested', 'booting', 'installing', 'installed', 'failed', 'cancelled'])
      .describe('How far it is; docs/install-life.md says what may follow'),
    step: z.string().exactOptional().describe("The installer's last words on how far it is"),
    percent: z.number().exactOptional().describe('0 to 100, as the installer said it'),
    because: z.string().exactOptional().describe('Why it failed or was cancelled'),
    requestedAt: time.describe('When it was armed'),
    changedAt: time.describe('When it last changed'),
  })
  .describe('One armed try to install one machine');

export const InstallInput = z
  .strictObject({
    machine: machineReference.describe('Name, id or MAC address of the machine'),
    profile: name.describe('Name of the profile'),
  })
  .describe('An install to arm');

export const TimelineEvent = z
  .object({
    id: z.int().describe('Grows with each event of the whole server'),
    at: time.describe('When it happened'),
    kind: z.string().describe('What kind of event: docs/events.md lists them'),
    text: z.string().describe('One sentence'),
    because: z.string().exactOptional().describe('Why it happened'),
    machineId: z.string().exactOptional().describe('Id of the machine'),
    machine: z.string().exactOptional().describe('Name of the machine, if it is still known'),
    mac: mac.exactOptional().describe('The MAC address that was seen'),
    installId: z.string().exactOptional().describe('Id of the install'),
    data: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
      .exactOptional()
      .describe('Further values, by kind'),
  })
  .describe('Something that happened');

const menuFields = {
  title: line(MAX_TEXT_LENGTH).min(1).describe("The menu's title"),
  timeoutSeconds: z
    .int()
    .min(0)
    .max(MAX_MENU_SECONDS)
    .describe('Seconds until the default is taken; 0 waits for a person'),
  images: z
    .union([z.literal('all'), listOf(name)])
    .describe('Names of the images whose installers people may choose at the machine, or all'),
  default: name.describe('The entry taken when nobody chooses: local, or the name of an image'),
};

const policyFields = {
  unknownMachines: z
    .enum(['menu', 'ignore'])
    .describe('What a machine gets that is not known: the menu, or silence'),
  authoritative: z
    .boolean()
    .describe('Whether a client that asks for an address of another network is refused (DHCPNAK)'),
};
const newClientFields = {
  burst: z
    .int()
    .min(1)
    .max(MAX_NEW_CLIENTS)
    .describe('So many clients that were never seen are let in at once'),
  perSecond: z
    .number()
    .min(0.1)
    .max(MAX_NEW_CLIENTS)
    .describe('So many more each second, on each link: a flood of made-up clients takes no more'),
};

export const Policy = z
  .object({
    ...policyFields,
    newClients: z.object(newClientFields).describe('How many new DHCP clients are let in'),
    menu: z.object(menuFields).describe('The menu'),
  })
  .describe('What holds for every machine');

export const PolicyChange = z
  .strictObject({
    unknownMachines: policyFields.unknownMachines.exactOptional(),
    authoritative: policyFields.authoritative.exactOptional(),
    newClients: z
      .strictObject({
        burst: newClientFields.burst.exactOptional(),
        perSecond: newClientFields.perSecond.exactOptional(),
      })
      .exactOptional()
      .describe('What is to change in it'),
    menu: z
      .strictObject({
        title: menuFields.title.exactOptional(),
        timeoutSeconds: menuFields.timeoutSeconds.exactOptional(),
        images: menuFields.images.exactOptional(),
        default: menuFields.default.exactOptional(),
      })
      .exactOptional()
      .describe('What is to change in the menu'),
  })
  .describe('What is to change; the rest stays as it is');

export const LoaderFinding = z
  .object({
    name: z.string().describe('The file a boot client asks for'),
    purpose: z.string().describe('What it is for'),
    set: z.string().describe('What it is a part of: all of one set come from one build'),
    needed: z.boolean().describe('Whether most machines boot nothing without it'),
    found: z.boolean().describe('Whether it is there'),
    path: z.string().exactOptional().describe('Where it was found on the server'),
    bytes: z.int().exactOptional().describe('How large it is'),
    because: z.string().exactOptional().describe('Why it is not there'),
    advice: z.string().exactOptional().describe('What to do about it'),
  })
  .describe('A boot loader, and where it was found');

export const BootExplanation = z
  .object({
    machine: Machine.exactOptional().describe('The machine, if it is known'),
    boots: z
      .object({
        boot: z.enum(['nothing', 'menu', 'installer', 'local disk']).describe('What it would boot now'),
        because: z.string().describe('Why'),
        installId: z.string().exactOptional().describe('The install whose installer it is'),
        profile: z.string().exactOptional().describe('The profile of that install'),
        source: z
          .object({
            protocol: source
              .exactOptional()
              .describe('Left out: it cannot be given its tree, and boots its disk'),
            because: z.string().describe('Why'),
          })
          .exactOptional()
          .describe('Over what its installer gets the tree of the image'),
      })
      .describe('The decision'),
    firmware: z
      .object({
        architecture: z.int().describe('IANA number of its architecture (option 93)'),
        name: z.string().describe('As people call it: x86 BIOS'),
        from: z
          .enum(['seen', 'assumed'])
          .describe('seen: from its last request; assumed: it has not asked yet'),
        gives: z
          .enum(['boot file', 'Raspberry Pi boot', 'nothing'])
          .describe('What the DHCP answer says about booting'),
        file: z.string().exactOptional().describe('The boot file'),
        chain: z.string().exactOptional().describe('The programs it goes through, up to the script it reads'),
        rule: z.string().describe('Which rule it was: firmware table, wish, subnet boot file, …'),
        because: z.string().describe('Why'),
      })
      .describe('What its firmware is told'),
    loader: LoaderFinding.exactOptional().describe('The boot file among the loaders of this server'),
    lease: Lease.exactOptional().describe('Its newest lease'),
    install: Install.exactOptional().describe('Its newest install'),
    decisions: z.array(TimelineEvent).describe('The last decisions about it, oldest first'),
  })
  .describe('What a machine would boot now, and because');

export const MachineMedia = z
  .object({
    url: z.string().describe('Where its BMC finds the disc, for as long as the install is armed'),
    image: z.string().describe('The image whose disc it is'),
    left: z
      .array(z.string())
      .describe('Loaders of the disc that could not be told to start the installer, and why'),
  })
  .describe('A disc that starts the installer of a machine, for the virtual drive of its BMC');

export const Status = z
  .object({
    version: z.string().describe('Version of Muster'),
    startedAt: time.describe('When it started'),
    dataFolder: z.string().describe('Where it keeps its data'),
    interfaces: z
      .array(
        z.object({
          name: z.string().describe('Its name'),
          addresses: z.array(z.string()).describe('Its addresses, each with its prefix length'),
          mode: z
            .enum(['full', 'proxy', 'off'])
            .describe('full: addresses are given out there; proxy: only what to boot is told'),
          because: z.string().describe('Why'),
        }),
      )
      .describe('The network interfaces that are served, or why one is not'),
    listeners: z
      .array(
        z.object({
          protocol: z.string().describe('What is spoken there: dhcp, pxe, tftp, http, api'),
          address: z.string().describe('The address'),
          port: z.int().describe('The port'),
        }),
      )
      .describe('Where it listens'),
    counts: z
      .object({
        machines: z.int().describe('Machines that are known'),
        openInstalls: z.int().describe('Installs under way'),
        droppedEvents: z.int().describe('Events lost to a flood since the start'),
      })
      .describe('Numbers'),
    warnings: z.array(z.string()).exactOptional().describe('What somebody should look at'),
  })
  .describe('How the server is');

export const Health = z.object({ status: z.literal('ok').describe('ok') }).describe('The process answers');
