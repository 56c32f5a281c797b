import { DecodeError } from '../../lib/decode-error.ts';
import { domainList } from './domain-list-format.ts';
import {
  address,
  addressList,
  addressPairs,
  boolean,
  bytes,
  int32,
  nothing,
  type OptionFormat,
  routes,
  seconds,
  text,
  uint16,
  uint16List,
  uint32,
  uint8,
  uint8List,
  userClasses,
} from './option-formats.ts';

export interface OptionRow<T> {
  readonly code: number;
  /** As IANA's "BOOTP Vendor Extensions and DHCP Options" prints it. */
  readonly name: string;
  readonly format: OptionFormat<T>;
  /** What ISC dhcpd calls it, where that is not the IANA name with dashes: people know it from `dhcpd.conf`. */
  readonly alias?: string;
}

function option<T>(code: number, name: string, format: OptionFormat<T>, alias?: string): OptionRow<T> {
  return { code, name, format, ...(alias === undefined ? {} : { alias }) };
}

/** Every option Muster knows by name. One row adds one option; a number works for all others. */
export const Options = {
  subnetMask: option(1, 'Subnet Mask', address), //                                   RFC 2132 §3.3
  timeOffset: option(2, 'Time Offset', int32), //                                     RFC 2132 §3.4
  router: option(3, 'Router', addressList, 'routers'), //                             RFC 2132 §3.5
  timeServer: option(4, 'Time Server', addressList, 'time-servers'),
  nameServer: option(5, 'Name Server', addressList, 'ien116-name-servers'),
  domainServer: option(6, 'Domain Server', addressList, 'domain-name-servers'), //    RFC 2132 §3.8
  logServer: option(7, 'Log Server', addressList, 'log-servers'),
  quotesServer: option(8, 'Quotes Server', addressList, 'cookie-servers'),
  lprServer: option(9, 'LPR Server', addressList, 'lpr-servers'),
  impressServer: option(10, 'Impress Server', addressList, 'impress-servers'),
  rlpServer: option(11, 'RLP Server', addressList, 'resource-location-servers'),
  hostname: option(12, 'Hostname', text, 'host-name'), //                             RFC 2132 §3.14
  bootFileSize: option(13, 'Boot File Size', uint16, 'boot-size'), //                 RFC 2132 §3.15
  meritDumpFile: option(14, 'Merit Dump File', text, 'merit-dump'),
  domainName: option(15, 'Domain Name', text), //                                     RFC 2132 §3.17
  swapServer: option(16, 'Swap Server', address),
  rootPath: option(17, 'Root Path', text), //                                         RFC 2132 §3.19
  extensionFile: option(18, 'Extension File', text, 'extensions-path'),
  forwardOnOff: option(19, 'Forward On/Off', boolean, 'ip-forwarding'), //            RFC 2132 §4
  sourceRouteOnOff: option(20, 'SrcRte On/Off', boolean, 'non-local-source-routing'),
  policyFilter: option(21, 'Policy Filter', addressPairs),
  maxDatagramAssembly: option(22, 'Max DG Assembly', uint16, 'max-dgram-reassembly'),
  defaultIpTtl: option(23, 'Default IP TTL', uint8),
  mtuTimeout: option(24, 'MTU Timeout', seconds, 'path-mtu-aging-timeout'),
  mtuPlateau: option(25, 'MTU Plateau', uint16List, 'path-mtu-plateau-table'),
  mtuInterface: option(26, 'MTU Interface', uint16, 'interface-mtu'), //              RFC 2132 §5
  mtuSubnet: option(27, 'MTU Subnet', boolean, 'all-subnets-local'),
  broadcastAddress: option(28, 'Broadcast Address', address),
  maskDiscovery: option(29, 'Mask Discovery', boolean, 'perform-mask-discovery'),
  maskSupplier: option(30, 'Mask Supplier', boolean),
  routerDiscovery: option(31, 'Router Discovery', boolean),
  routerRequest: option(32, 'Router Request', address, 'router-solicitation-address'),
  staticRoute: option(33, 'Static Route', addressPairs, 'static-routes'),
  trailers: option(34, 'Trailers', boolean, 'trailer-encapsulation'), //              RFC 2132 §6
  arpTimeout: option(35, 'ARP Timeout', seconds, 'arp-cache-timeout'),
  ethernet: option(36, 'Ethernet', boolean, 'ieee802-3-encapsulation'),
  defaultTcpTtl: option(37, 'Default TCP TTL', uint8), //                             RFC 2132 §7
  keepaliveTime: option(38, 'Keepalive Time', seconds, 'tcp-keepalive-interval'),
  keepaliveData: option(39, 'Keepalive Data', boolean, 'tcp-keepalive-garbage'),
  nisDomain: option(40, 'NIS Domain', text), //                                       RFC 2132 §8
  nisServers: option(41, 'NIS Servers', addressList),
  ntpServers: option(42, 'NTP Servers', addressList),
  vendorSpecific: option(43, 'Vendor Specific', bytes, 'vendor-encapsulated-options'),
  netbiosNameServer: option(44, 'NETBIOS Name Srv', addressList, 'netbios-name-servers'),
  netbiosDistServer: option(45, 'NETBIOS Dist Srv', addressList, 'netbios-dd-server'),
  netbiosNodeType: option(46, 'NETBIOS Node Type', uint8),
  netbiosScope: option(47, 'NETBIOS Scope', text),
  xWindowFont: option(48, 'X Window Font', addressList, 'font-servers'),
  xWindowManager: option(49, 'X Window Manager', addressList, 'x-display-manager'),
  addressRequest: option(50, 'Address Request', address, 'dhcp-requested-address'), //  RFC 2132 §9.1
  addressTime: option(51, 'Address Time', seconds, 'dhcp-lease-time'), //             RFC 2132 §9.2
  overload: option(52, 'Overload', uint8, 'dhcp-option-overload'), //                 RFC 2132 §9.3
  messageType: option(53, 'DHCP Msg Type', uint8, 'dhcp-message-type'), //            RFC 2132 §9.6
  dhcpServerId: option(54, 'DHCP Server Id', address, 'dhcp-server-identifier'), //   RFC 2132 §9.7
  parameterList: option(55, 'Parameter List', uint8List, 'dhcp-parameter-request-list'), //  RFC 2132 §9.8
  dhcpMessage: option(56, 'DHCP Message', text), //                                   RFC 2132 §9.9
  maxMessageSize: option(57, 'DHCP Max Msg Size', uint16, 'dhcp-max-message-size'), //  RFC 2132 §9.10
  renewalTime: option(58, 'Renewal Time', seconds, 'dhcp-renewal-time'), //           RFC 2132 §9.11
  rebindingTime: option(59, 'Rebinding Time', seconds, 'dhcp-rebinding-time'), //     RFC 2132 §9.12
  classId: option(60, 'Class Id', text, 'vendor-class-identifier'), //                RFC 2132 §9.13
  clientId: option(61, 'Client Id', bytes, 'dhcp-client-identifier'), //              RFC 2132 §9.14
  netwareIpDomain: option(62, 'NetWare/IP Domain', text, 'nwip-domain'), //           RFC 2242
  netwareIpOption: option(63, 'NetWare/IP Option', bytes, 'nwip-suboptions'),
  nisPlusDomain: option(64, 'NIS-Domain-Name', text, 'nisplus-domain'), //            RFC 2132 §8.11
  nisPlusServers: option(65, 'NIS-Server-Addr', addressList, 'nisplus-servers'),
  serverName: option(66, 'Server-Name', text, 'tftp-server-name'), //                 RFC 2132 §9.4
  bootfileName: option(67, 'Bootfile-Name', text), //                                 RFC 2132 §9.5
  homeAgents: option(68, 'Home-Agent-Addrs', addressList, 'mobile-ip-home-agent'),
  smtpServer: option(69, 'SMTP-Server', addressList),
  pop3Server: option(70, 'POP3-Server', addressList, 'pop-server'),
  nntpServer: option(71, 'NNTP-Server', addressList),
  wwwServer: option(72, 'WWW-Server', addressList),
  fingerServer: option(73, 'Finger-Server', addressList),
  ircServer: option(74, 'IRC-Server', addressList),
  streettalkServer: option(75, 'StreetTalk-Server', addressList),
  stdaServer: option(76, 'STDA-Server', addressList, 'streettalk-directory-assistance-server'),
  userClass: option(77, 'User-Class', userClasses), //                                RFC 3004
  directoryAgent: option(78, 'Directory Agent', bytes, 'slp-directory-agent'), //     RFC 2610
  serviceScope: option(79, 'Service Scope', bytes, 'slp-service-scope'), //           RFC 2610
  rapidCommit: option(80, 'Rapid Commit', nothing), //                                RFC 4039
  clientFqdn: option(81, 'Client FQDN', bytes, 'fqdn'), //                            RFC 4702
  relayAgent: option(82, 'Relay Agent Information', bytes), //                        RFC 3046
  ndsServers: option(85, 'NDS Servers', addressList), //                              RFC 2241
  ndsTreeName: option(86, 'NDS Tree Name', text),
  ndsContext: option(87, 'NDS Context', text),
  authentication: option(90, 'Authentication', bytes), //                             RFC 3118
  clientSystem: option(93, 'Client System', uint16List), //                           RFC 4578 §2.1
  clientNdi: option(94, 'Client NDI', bytes), //                                      RFC 4578 §2.2
  ldap: option(95, 'LDAP', text),
  uuid: option(97, 'UUID/GUID', bytes), //                                            RFC 4578 §2.3
  userAuth: option(98, 'User-Auth', text, 'uap-servers'), //                          RFC 2485
  timeZonePosix: option(100, 'PCode', text), //                                       RFC 4833
  timeZoneName: option(101, 'TCode', text), //                                        RFC 4833
  ipv6OnlyPreferred: option(108, 'IPv6-Only Preferred', seconds, 'v6-only-preferred'), //  RFC 8925
  netinfoAddress: option(112, 'Netinfo Address', addressList, 'netinfo-server-address'),
  netinfoTag: option(113, 'Netinfo Tag', text, 'netinfo-server-tag'),
  captivePortal: option(114, 'DHCP Captive-Portal', text, 'captive-portal'), //       RFC 8910
  autoConfig: option(116, 'Auto-Config', boolean), //                                 RFC 2563
  nameServiceSearch: option(117, 'Name Service Search', uint16List), //               RFC 2937
  subnetSelection: option(118, 'Subnet Selection Option', address, 'subnet-selection'), //  RFC 3011
  domainSearch: option(119, 'Domain Search', domainList), //                          RFC 3397
  sipServers: option(120, 'SIP Servers', bytes), //                                   RFC 3361
  classlessRoutes: option(121, 'Classless Static Route Option', routes, 'classless-static-routes'), //  RFC 3442
  vendorIdentifyingClass: option(124, 'V-I Vendor Class', bytes, 'vivco'), //         RFC 3925
  vendorIdentifying: option(125, 'V-I Vendor-Specific Information', bytes, 'vivso'), //  RFC 3925
  capwapControllers: option(138, 'OPTION_CAPWAP_AC_V4', addressList, 'capwap-ac-v4'), //  RFC 5417
  tftpServers: option(150, 'TFTP server address', addressList, 'tftp-servers'), //    RFC 5859
  etherboot: option(175, 'Etherboot', bytes), //                                      iPXE's encapsulated options
  pxelinuxMagic: option(208, 'PXELINUX Magic', uint32, 'pxelinux-magic'), //          RFC 5071 §3
  configurationFile: option(209, 'Configuration File', text, 'loader-configfile'), //  RFC 5071 §4
  pathPrefix: option(210, 'Path Prefix', text, 'loader-pathprefix'), //               RFC 5071 §5
  rebootTime: option(211, 'Reboot Time', seconds, 'loader-reboottime'), //            RFC 5071 §6
  webProxyDiscovery: option(252, 'Web Proxy Auto-Discovery', text, 'wpad'), //        private use, by custom
} as const;

/** RFC 2132 §9.6. */
export const MessageType = {
  DHCPDISCOVER: 1,
  DHCPOFFER: 2,
  DHCPREQUEST: 3,
  DHCPDECLINE: 4,
  DHCPACK: 5,
  DHCPNAK: 6,
  DHCPRELEASE: 7,
  DHCPINFORM: 8,
} as const;

const TYPE_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(MessageType).map(([name, value]) => [value, name]),
);

/** `DHCPDISCOVER`; a type without a name here is printed with its number. */
export function messageTypeName(type: number): string {
  return TYPE_NAMES.get(type) ?? `message type ${type}`;
}

function decodeOrNothing<T>(row: OptionRow<T>, raw: Uint8Array): T | undefined {
  try {
    return row.format.decode(raw);
  } catch (error) {
    // One bad option must not cost a machine its boot: firmware sends odd ones that nobody needs.
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** 0 and 255 are no options: they stand for nothing and for the end. */
const FIRST_CODE = 1;
const LAST_CODE = 254;

/** The options of one message: each code once, in the order they stand on the wire. */
export class DhcpOptions {
  static readonly none = new DhcpOptions([], []);

  // Two short lists: a message has a dozen options.
  readonly #codes: readonly number[];
  readonly #values: readonly Uint8Array[];
  /** What was read once, where its value is: the same few options are looked at all along the way of a packet. */
  #decoded: unknown[] | undefined;

  /**
   * @param codes each once.
   * @param values in the same order, whole (RFC 3396 parts already put together).
   */
  constructor(codes: readonly number[], values: readonly Uint8Array[]) {
    this.#codes = codes;
    this.#values = values;
  }

  static from(entries: Iterable<readonly [code: number, value: Uint8Array]>): DhcpOptions {
    const values = new Map(entries);
    return new DhcpOptions([...values.keys()], [...values.values()]);
  }

  /** The value; undefined when the option is missing, and also when its bytes do not fit its format. */
  get<T>(row: OptionRow<T>): T | undefined {
    const at = this.#codes.indexOf(row.code);
    const raw = this.#values[at];
    if (raw === undefined) return undefined;
    const known = this.#decoded?.[at];
    if (known !== undefined) return known as T;
    const value = decodeOrNothing(row, raw);
    this.#decoded ??= this.#codes.map(() => undefined);
    this.#decoded[at] = value;
    return value;
  }

  raw(code: number): Uint8Array | undefined {
    return this.#values[this.#codes.indexOf(code)];
  }

  has(row: OptionRow<unknown>): boolean {
    return this.#codes.includes(row.code);
  }

  get codes(): readonly number[] {
    return this.#codes;
  }

  /** In the order of `codes`. */
  get values(): readonly Uint8Array[] {
    return this.#values;
  }

  entries(): Iterable<readonly [code: number, value: Uint8Array]> {
    return this.#codes.map((code, at) => [code, this.#values[at] ?? NOTHING]);
  }
}

const NOTHING = new Uint8Array(0);

/** Collects options; they stand on the wire in the order in which they were first set. */
export class DhcpOptionsBuilder {
  readonly #values = new Map<number, Uint8Array>();

  set<T>(row: OptionRow<T>, value: T): this {
    return this.setRaw(row.code, row.format.encode(value));
  }

  /** @throws RangeError for a code that is none, and for option 52, which `encodeMessage` alone would write. */
  setRaw(code: number, value: Uint8Array): this {
    if (!Number.isInteger(code) || code < FIRST_CODE || code > LAST_CODE)
      throw new RangeError(`An option's code is a number from ${FIRST_CODE} to ${LAST_CODE}, not ${code}`);
    if (code === Options.overload.code)
      throw new RangeError('Option 52 (Overload) is a matter of the wire, not of the message');
    this.#values.set(code, value);
    return this;
  }

  delete(code: number): this {
    this.#values.delete(code);
    return this;
  }

  build(): DhcpOptions {
    return DhcpOptions.from(this.#values);
  }
}
