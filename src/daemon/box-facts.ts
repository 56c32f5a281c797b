import { formatIpv4Network } from '../lib/addresses.ts';
import { loginPath } from '../contract/people-schemas.ts';
import type { SegmentVerdict } from '../core/dhcp/segment-modes.ts';
import type { Subnet, SubnetMode } from '../core/network/subnet.ts';
import type { Settings } from '../core/settings/settings.ts';
import type { Probe } from '../protocols/dhcp/probe.ts';
import type { LoaderFinding } from '../services/boot/loader-service.ts';
import type { BoxFacts, InterfaceFacts } from './box.ts';
import { type Choice, describeProbe, type Served } from './segments.ts';

/** What does not go as well as it could, and why. */
export interface Shortfalls {
  /** By interface, where the plain fallback serves: why. */
  readonly plain: ReadonlyMap<string, string>;
  /** By interface, where boot ROMs that look for an IPv6 router get no answer: why. */
  readonly cannotAdvertise: ReadonlyMap<string, string>;
  /** By interface, where nobody is served over IPv6: why. */
  readonly cannotBootOverIpv6: ReadonlyMap<string, string>;
  /** Why TFTP is served without the plane, where it is. */
  readonly plainTftp: string | undefined;
  /** Why files go out over HTTP without the plane, where they do. */
  readonly plainHttp: string | undefined;
  /** Why images are not served over FTP or NFS, though somebody wants it. */
  readonly closedTrees: ReadonlyMap<'FTP' | 'NFS', string>;
  /** Why files go out over FTP or NFS without a plane, where they do. */
  readonly plainTrees: ReadonlyMap<'FTP' | 'NFS', string>;
  /** Why the logs of installers are not taken over syslog, though somebody wants it. */
  readonly closedSyslog: string | undefined;
}

export interface BoxInput extends Shortfalls {
  readonly version: string;
  readonly settings: Settings;
  readonly choice: Choice;
  readonly probes: ReadonlyMap<string, Probe>;
  readonly subnets: readonly Subnet[];
  /** What is done on an interface in the mode `auto`. */
  readonly verdictOn: (interfaceName: string) => SegmentVerdict;
  readonly imageNames: readonly string[];
  readonly imagesFolder: string;
  readonly loaders: readonly LoaderFinding[];
  readonly apiUrl: string;
  /** Of the certificate that it shows over TLS. */
  readonly apiSha256: string | undefined;
  /** The secret of the link that makes the first user, where there is none. */
  readonly firstLogin: string | undefined;
}

export function boxFacts(input: BoxInput): BoxFacts {
  const { settings, choice, loaders } = input;
  const missing = loaders.filter((loader) => !loader.found && loader.needed);
  const advice = missing.flatMap((loader) => (loader.found ? [] : [loader.advice]))[0];
  return {
    version: input.version,
    interfaces: choice.serve.map((served) => interfaceFacts(served, input)),
    // Loopback is nobody's segment; leaving it out needs no reason.
    notServed: choice.leave.filter(({ name }) => name !== 'lo'),
    machines: machinesLine(choice.serve, settings, input.plainHttp),
    tftp: tftpLine(settings, input.plainTftp),
    ftp: treeLine('FTP', input),
    nfs: treeLine('NFS', input),
    logs: logsLine(input),
    api: input.apiUrl,
    ...(input.apiSha256 === undefined ? {} : { apiSha256: input.apiSha256 }),
    ...(input.firstLogin === undefined || input.apiUrl === 'off'
      ? {}
      : { firstLogin: `${input.apiUrl}${loginPath(input.firstLogin)}` }),
    imagesFolder: input.imagesFolder,
    images: input.imageNames,
    loadersFound: loaders.filter((loader) => loader.found).map(({ name }) => name),
    loadersMissing: missing.map(({ name }) => name),
    ...(advice === undefined ? {} : { loaderCommand: advice }),
  };
}

function interfaceFacts(served: Served, input: BoxInput): InterfaceFacts {
  const { name } = served.interface;
  const plain = input.plain.get(name);
  const { mode: word, because } = describeMode(served, input.subnets, input.settings, input.verdictOn(name));
  const mode = comingSubnets(input) ?? `${word}: ${because}`;
  return {
    name,
    address: `${served.address}/${served.network.prefixLength}`,
    because: served.because,
    mode: plain === undefined ? mode : `${mode}; through a plain socket, because ${plain}`,
    neighbours: describeProbe(input.probes.get(name)),
    ...(word === 'full' ? { router: routerLine(name, input) } : {}),
    ...ipv6Line(name, word, input),
  };
}

/** The site file of a first start, which is applied after this is drawn. */
function comingSubnets({ settings, subnets }: BoxInput): string | undefined {
  const site = settings['site.file'];
  if (site === undefined || subnets.length > 0 || settings['dhcp.port'] === 'off') return undefined;
  return `off: no subnet is configured yet; ${site} is applied next, unless it was already`;
}

function ipv6Line(
  name: string,
  mode: SegmentMode['mode'],
  { settings, cannotBootOverIpv6 }: BoxInput,
): Pick<InterfaceFacts, 'ipv6'> {
  const wish = settings['ipv6.boot'];
  if (wish === 'off') return { ipv6: 'IPv6: nothing boots over it (--set ipv6.boot=auto)' };
  if (wish === 'auto' && mode === 'off') return {};
  const because = cannotBootOverIpv6.get(name);
  return {
    ipv6:
      because === undefined
        ? 'IPv6: firmware hears what to boot beside the DHCPv6 server that gives addresses'
        : `IPv6: nothing boots over it, because ${because}`,
  };
}

function routerLine(name: string, { settings, cannotAdvertise }: BoxInput): string {
  if (settings['ipv6.routerAdvertisement'] === 'off')
    return 'IPv6: boot ROMs that look for a router get no answer (--set ipv6.routerAdvertisement=auto)';
  const because = cannotAdvertise.get(name);
  return because === undefined
    ? 'IPv6: boot ROMs are told that there is no router, unless there is one'
    : `IPv6: boot ROMs that look for a router get no answer: ${because}`;
}

export interface SegmentMode {
  readonly mode: Exclude<SubnetMode, 'auto'>;
  readonly because: string;
}

/** The subnet a client on this interface belongs to, and what is done there. */
export function describeMode(
  served: Pick<Served, 'network'>,
  subnets: readonly Subnet[],
  settings: Pick<Settings, 'dhcp.port'>,
  verdict: SegmentVerdict,
): SegmentMode {
  if (settings['dhcp.port'] === 'off') return { mode: 'off', because: 'DHCP is off' };
  const segment = formatIpv4Network(served.network);
  const subnet = subnets.find(({ network }) => formatIpv4Network(network) === segment);
  if (!subnet) {
    return {
      mode: 'off',
      because: `no subnet is configured for ${segment}, so nobody gets an address: muster subnet add NAME --network ${segment} --range FIRST-LAST`,
    };
  }
  if (subnet.mode === 'off') return { mode: 'off', because: `subnet ${subnet.name} says so` };
  if (subnet.mode === 'auto' && verdict.mode === 'proxy')
    return {
      mode: 'proxy',
      because: `the DHCP server ${verdict.server} gives the addresses, and subnet ${subnet.name} goes by that; machines hear from here what to boot`,
    };
  if (subnet.mode === 'proxy')
    return {
      mode: 'proxy',
      because: `another DHCP server gives the addresses, as subnet ${subnet.name} says; machines hear from here what to boot`,
    };
  const ranges = subnet.ranges.map(({ first, last }) => `${first} to ${last}`).join(', ');
  const reserved = `${subnet.reservations.length} reserved`;
  const given =
    ranges === '' ? `addresses to its reservations only (${reserved})` : `${ranges} (${reserved})`;
  return { mode: 'full', because: `subnet ${subnet.name} gives ${given}` };
}

function machinesLine(served: readonly Served[], settings: Settings, plain: string | undefined): string {
  const port = settings['machineHttp.port'];
  if (port === 'off') return 'HTTP is off, so nothing can be installed (--set machineHttp.port=8080)';
  if (served.length === 0) return 'nowhere';
  return `${served.map(({ address }) => `http://${address}:${port}`).join(', ')}${slowly(plain)}`;
}

function slowly(plain: string | undefined): string {
  return plain === undefined ? '' : `; files go out more slowly, because ${plain}`;
}

function tftpLine(settings: Settings, plain: string | undefined): string {
  if (settings['tftp.port'] === 'off') return 'off';
  const root = settings['tftp.root'];
  const files =
    root === undefined ? 'no folder of your own (--set tftp.root=/srv/tftp)' : `the files of ${root}`;
  const uploads = settings['tftp.uploads.folder'];
  const way = plain === undefined ? '' : `; by the plain server, because ${plain}`;
  const taken = uploads === undefined ? '' : `; takes uploads into ${uploads}`;
  return `port ${settings['tftp.port']}: generated menus, loaders, kernels of images; ${files}${taken}${way}`;
}

/** Where whole images can be had, or why they cannot. */
function treeLine(
  protocol: 'FTP' | 'NFS',
  {
    settings,
    choice,
    closedTrees,
    plainTrees,
  }: Pick<BoxInput, 'settings' | 'choice' | 'closedTrees' | 'plainTrees'>,
): string {
  const setting = protocol === 'FTP' ? 'ftp.port' : 'nfs.port';
  const port = settings[setting];
  if (port === 'off') return `off (--set ${setting}=${protocol === 'FTP' ? 21 : 2049})`;
  const because = closedTrees.get(protocol);
  if (because !== undefined) return `not served: ${because}`;
  if (choice.serve.length === 0) return 'nowhere';
  const places = choice.serve.map(({ address }) =>
    protocol === 'FTP'
      ? `ftp://${address}${port === 21 ? '' : `:${port}`}/images`
      : `${address}:/images/NAME${port === 2049 ? '' : ` on port ${port}`}`,
  );
  const version = protocol === 'NFS' ? ', version 3' : '';
  const way = slowly(plainTrees.get(protocol));
  return `${places.join(', ')}${version}: every image, for anybody who reads${way}`;
}

/** Where installers send their logs, or why they cannot. */
function logsLine({
  settings,
  choice,
  closedSyslog,
}: Pick<BoxInput, 'settings' | 'choice' | 'closedSyslog'>): string {
  const port = settings['syslog.port'];
  if (port === 'off') return 'of installers are taken over HTTP only (--set syslog.port=514)';
  if (closedSyslog !== undefined) return `of installers are taken over HTTP only: ${closedSyslog}`;
  if (choice.serve.length === 0) return 'nowhere';
  const places = choice.serve.map(({ address }) => `${address} port ${port}`);
  return `of installers, over syslog at ${places.join(', ')} (UDP, TCP)`;
}
