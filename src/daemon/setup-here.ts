import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { OtherServers, SetupCard, SetupFacts } from '../cli/setup/setup-facts.ts';
import {
  formatIpv4Network,
  ipv4FromNumber,
  networkContains,
  parseIpv4,
  parseIpv4Network,
} from '../lib/addresses.ts';
import { listInterfaces } from '../os/interfaces.ts';
import { loadSettings, settingsFiles } from './load-settings.ts';
import { chooseNow, probeSegments } from './segments.ts';
import { sourcesOf } from './settings-sources.ts';

/** What this computer has that `muster setup` proposes. What cannot be read is not there. */
export function setupFactsHere(): SetupFacts {
  const sources = sourcesOf({ set: [] });
  const dataFolder = loadSettings({ ...sources, flags: [] }).settings.dataFolder ?? '/var/lib/muster';
  const imagesFolder = join(dataFolder, 'images');
  const homes = homeFolders();
  return {
    cards: cardsHere(),
    discFolders: discFolders([imagesFolder, ...USUAL_DISC_FOLDERS, ...homes.flatMap(discFoldersOf)]),
    dnsServers: dnsServersHere(),
    timezone: timezoneHere(),
    sshKeys: homes.flatMap(sshKeysIn),
    ...serviceHere(),
    settingsFile: settingsFiles(sources)[0]?.path ?? '/etc/muster/muster.yaml',
    imagesFolder,
  };
}

/** Takes two seconds, and never takes an address. */
export async function otherServersHere(cardName: string): Promise<OtherServers> {
  const [served] = chooseNow({ interfaces: [cardName] }).serve;
  if (served === undefined) return { looked: false, because: `${cardName} cannot be served now` };
  const probe = (await probeSegments([served])).get(cardName);
  if (probe === undefined) return { looked: false, because: 'nobody looked' };
  if (!probe.probed) return { looked: false, because: probe.because };
  return { looked: true, servers: probe.servers.map(({ serverId }) => serverId) };
}

/** Those that would be served first, and those with an address that would not. */
function cardsHere(): readonly SetupCard[] {
  const interfaces = listInterfaces();
  const choice = chooseNow({ interfaces: [] }, interfaces);
  const chosen = choice.serve.map(({ interface: { name }, address, network, because }) =>
    card(name, { address, network: formatIpv4Network(network) }, because, true),
  );
  const left = choice.leave.flatMap(({ name, because }) => {
    const found = interfaces.find((one) => one.name === name);
    const at = found?.addresses[0];
    if (found === undefined || at === undefined || found.kind === 'loopback') return [];
    return [card(name, { address: at.address, network: formatIpv4Network(at.network) }, because, false)];
  });
  return [...chosen, ...left];
}

function card(
  name: string,
  at: Pick<SetupCard, 'address' | 'network'>,
  because: string,
  isChosen: boolean,
): SetupCard {
  const router = routerOn(name, at.network);
  return { name, ...at, isChosen, because, ...(router === undefined ? {} : { router }) };
}

/** The default route over that card, as the kernel lists it in hexadecimal, the last octet first. */
function routerOn(name: string, network: string): string | undefined {
  for (const line of linesOf('/proc/net/route').slice(1)) {
    const [cardName, destination, gateway = ''] = line.split('\t');
    if (cardName !== name || destination !== '00000000' || !/^[\dA-F]{8}$/.test(gateway)) continue;
    const octets = gateway.match(/../g) ?? [];
    const router = ipv4FromNumber(Number.parseInt(octets.toReversed().join(''), 16));
    if (networkContains(parseIpv4Network(network), router)) return router;
  }
  return undefined;
}

/** One on this computer itself is of no use to others. */
function dnsServersHere(): readonly string[] {
  return linesOf('/etc/resolv.conf').flatMap((line) => {
    const [, server = ''] = /^nameserver\s+(\d+\.\d+\.\d+\.\d+)\s*$/.exec(line) ?? [];
    try {
      return server === '' || server.startsWith('127.') ? [] : [parseIpv4(server)];
    } catch {
      return [];
    }
  });
}

function timezoneHere(): string {
  try {
    const [, name] = /zoneinfo\/(?:posix\/)?(.+)$/.exec(readlinkSync('/etc/localtime')) ?? [];
    if (name !== undefined) return name;
  } catch {
    // No link: the runtime looked at it.
  }
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Of whoever runs it, and of the person who said sudo. */
function homeFolders(): readonly string[] {
  const { SUDO_USER: person = '' } = process.env;
  const theirs = /^[a-z_][\w-]*$/.test(person) && person !== 'root' ? [join('/home', person)] : [];
  return [...new Set([...theirs, homedir()])];
}

const UNIT_FILES = ['/etc/systemd/system', '/usr/lib/systemd/system', '/lib/systemd/system'].map((folder) =>
  join(folder, 'muster.service'),
);

/** What packaging/ set up: the group that the service's user is in, and the service. Only root hands files to others. */
function serviceHere(): Pick<SetupFacts, 'serviceGroup' | 'isService'> {
  if (process.getuid?.() !== 0) return {};
  const [, id] = linesOf('/etc/group').flatMap((line) => /^muster:[^:]*:(\d+):/.exec(line) ?? []);
  return {
    ...(id === undefined ? {} : { serviceGroup: Number(id) }),
    ...(UNIT_FILES.some((file) => existsSync(file)) ? { isService: true } : {}),
  };
}

function sshKeysIn(home: string): readonly { readonly file: string; readonly key: string }[] {
  const folder = join(home, '.ssh');
  return namesIn(folder)
    .filter((name) => name.endsWith('.pub'))
    .map((name) => ({ file: join(folder, name), key: linesOf(join(folder, name))[0] ?? '' }))
    .filter(({ key }) => /^(?:ssh|ecdsa|sk)-\S+ [\w+/=]+/.test(key));
}

const USUAL_DISC_FOLDERS = ['/srv/iso', '/srv/isos', '/srv/images', '/var/lib/libvirt/images'];
const discFoldersOf = (home: string): readonly string[] => [join(home, 'iso'), join(home, 'Downloads')];

/** So many are named, so that the question stays one line. */
const MOST_DISCS_NAMED = 5;

function discFolders(folders: readonly string[]): SetupFacts['discFolders'] {
  return [...new Set(folders)]
    .map((folder) => ({
      folder,
      discs: namesIn(folder)
        .filter((name) => /\.iso$/i.test(name))
        .slice(0, MOST_DISCS_NAMED),
    }))
    .filter(({ discs }) => discs.length > 0);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
}

function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}
