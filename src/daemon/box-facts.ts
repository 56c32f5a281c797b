import { formatIpv4Network } from '../lib/addresses.ts';
import type { Subnet } from '../core/network/subnet.ts';
import type { Settings } from '../core/settings/settings.ts';
import type { Probe } from '../protocols/dhcp/probe.ts';
import type { LoaderFinding } from '../services/loader-service.ts';
import type { BoxFacts, InterfaceFacts } from './box.ts';
import { type Choice, describeProbe, type Served } from './segments.ts';

export interface BoxInput {
  readonly version: string;
  readonly settings: Settings;
  readonly choice: Choice;
  readonly probes: ReadonlyMap<string, Probe>;
  readonly subnets: readonly Subnet[];
  readonly imageNames: readonly string[];
  readonly imagesFolder: string;
  readonly loaders: readonly LoaderFinding[];
  readonly apiUrl: string;
  /** By interface, where the plain fallback serves: why. */
  readonly plain: ReadonlyMap<string, string>;
  /** Why TFTP is served without the plane, where it is. */
  readonly plainTftp: string | undefined;
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
    machines: machinesLine(choice.serve, settings),
    tftp: tftpLine(settings, input.plainTftp),
    api: input.apiUrl,
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
  const { mode: word, because } = describeMode(served, input.subnets, input.settings);
  const mode = `${word}: ${because}`;
  return {
    name,
    address: `${served.address}/${served.network.prefixLength}`,
    because: served.because,
    mode: plain === undefined ? mode : `${mode}; through a plain socket, because ${plain}`,
    neighbours: describeProbe(input.probes.get(name)),
  };
}

export interface SegmentMode {
  readonly mode: 'full' | 'off';
  readonly because: string;
}

/** The subnet a client on this interface belongs to, and what is done there. */
export function describeMode(
  served: Pick<Served, 'network'>,
  subnets: readonly Subnet[],
  settings: Pick<Settings, 'dhcp.port'>,
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
  const ranges = subnet.ranges.map(({ first, last }) => `${first} to ${last}`).join(', ');
  const reserved = `${subnet.reservations.length} reserved`;
  const given =
    ranges === '' ? `addresses to its reservations only (${reserved})` : `${ranges} (${reserved})`;
  return { mode: 'full', because: `subnet ${subnet.name} gives ${given}` };
}

function machinesLine(served: readonly Served[], settings: Settings): string {
  const port = settings['machineHttp.port'];
  if (port === 'off') return 'HTTP is off, so nothing can be installed (--set machineHttp.port=8080)';
  return served.length === 0
    ? 'nowhere'
    : served.map(({ address }) => `http://${address}:${port}`).join(', ');
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
