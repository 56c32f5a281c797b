import {
  claimValues,
  dataPort,
  folder,
  file,
  issuer,
  listenAddress,
  names,
  oneOf,
  port,
  rate,
  text,
  tftpOptions,
  type ValueKind,
  wholeNumber,
} from './value-kind.ts';

/**
 * What Muster needs to start, and nothing else: everything that may change while it runs is data in the store.
 * The settings file, the environment, the flags, `muster config show`, docs/settings.md and the JSON Schema all
 * come from this table.
 */

export interface SettingRow<T> extends ValueKind<T> {
  readonly default: T | 'by user';
  readonly sentence: string;
}

function row<T>(shape: ValueKind<T>, fallback: T | 'by user', sentence: string): SettingRow<T> {
  return { ...shape, default: fallback, sentence };
}

const MIB = 1024 * 1024;
/** A pebibyte: more than any disk here, and still an exact number. */
const MAX_BYTES = 2 ** 50;

export const SETTINGS = {
  interfaces: row(
    names,
    [],
    'Network interfaces to serve: a list of names, or auto to choose every wired one that has an address',
  ),
  dataFolder: row(folder, 'by user', 'Where Muster keeps its database and what it makes'),
  'images.folder': row(
    folder,
    undefined,
    'Where disc images are loaded to, and where those that appear become images by themselves; left out: images in the data folder',
  ),
  'site.file': row(
    file,
    undefined,
    'A site file, or a folder of them, that is applied as soon as Muster runs, where it is not as it was applied last; muster setup writes one. Left out: none',
  ),
  'dhcp.port': row(port, 67, 'UDP port of the DHCP server'),
  'pxe.port': row(
    port,
    4011,
    'UDP port where UEFI machines ask what to boot, in subnets whose addresses another DHCP server gives',
  ),
  'dhcp.probeSeconds': row(
    wholeNumber(5, 86_400),
    60,
    'Seconds between two looks for other DHCP servers, in subnets of the mode auto',
  ),
  'ipv6.routerAdvertisement': row(
    oneOf(['auto', 'off']),
    'auto',
    'Whether boot ROMs that look for an IPv6 router are told that there is none: auto does where Muster gives addresses over DHCP and no router is heard; off never does, and the iPXE ROM waits 13 s',
  ),
  'ipv6.boot': row(
    oneOf(['auto', 'on', 'off']),
    'auto',
    'Whether machines boot over IPv6 too: DHCPv6 that tells firmware what to boot and gives no address, TFTP and HTTP. auto does where a subnet of the interface is served over IPv4; on does on every served interface; off never does',
  ),
  'tftp.port': row(port, 69, 'UDP port of the TFTP server'),
  'tftp.root': row(
    folder,
    undefined,
    'A folder of your own whose files are served over TFTP, such as /srv/tftp or /tftpboot',
  ),
  'tftp.dataPort': row(
    dataPort,
    'shared',
    'Where answers over TFTP come from: shared is one port for all transfers, which the system chooses; a number is that port; same is the port that was asked (for firewalls, NAT and containers); each gives every transfer a port of its own, and is slower',
  ),
  'tftp.plane': row(
    oneOf(['on', 'off']),
    'on',
    'Whether threads of their own send files over TFTP, with many packets in one system call; off is slower and needs nothing of the system',
  ),
  'tftp.threads': row(
    wholeNumber(1, 16),
    1,
    'Threads that send files over TFTP; one is enough for about 1 Gbit/s without windows, and 3 Gbit/s with windows of 16 blocks',
  ),
  'tftp.mtu': row(
    wholeNumber(576, 65_535),
    1500,
    'Largest IP packet for TFTP, in bytes: less for tunnels, more for jumbo frames on every machine; the MTU of the interface always bounds it',
  ),
  'tftp.refuseOptions': row(
    tftpOptions,
    [],
    'Options that are never granted over TFTP, such as blksize: for ROMs that ask for what they cannot do',
  ),
  'tftp.transfers': row(
    wholeNumber(1, 100_000),
    1000,
    'Transfers over TFTP at the same time, for each address of this server',
  ),
  'tftp.perSource': row(
    wholeNumber(1, 100_000),
    32,
    'Transfers over TFTP at the same time of one client address',
  ),
  'tftp.requestsPerSecond': row(
    rate,
    1000,
    'Requests over TFTP a second of one client address, or off for no limit; above it nothing is answered for tftp.pauseSeconds',
  ),
  'tftp.requestsPerSecondInAll': row(
    rate,
    'off',
    'The same for all client addresses together; off unless set, since one sender with forged addresses could then silence all',
  ),
  'tftp.pauseSeconds': row(
    wholeNumber(0, 3600),
    1,
    'How long a client address is not answered over TFTP once it made too many requests',
  ),
  'tftp.uploads.folder': row(
    folder,
    undefined,
    'Where files go that machines send over TFTP (write requests); without it none are taken. It must lie outside of what is served',
  ),
  'tftp.uploads.fileBytes': row(wholeNumber(1, MAX_BYTES), 64 * MIB, 'Largest upload over TFTP, in bytes'),
  'tftp.uploads.files': row(
    wholeNumber(1, 100_000),
    1000,
    'Files in the folder of uploads; beyond it none are taken',
  ),
  'tftp.uploads.totalBytes': row(
    wholeNumber(1, MAX_BYTES),
    1024 * MIB,
    'Bytes of all files in the folder of uploads together',
  ),
  'machineHttp.port': row(
    port,
    8080,
    'TCP port where machines fetch kernels, answer files and install trees',
  ),
  'machineHttp.plane': row(
    oneOf(['on', 'off']),
    'on',
    'Whether threads of their own send the files of images over HTTP, out of which the kernel takes them; off is slower and needs nothing of the system',
  ),
  'machineHttp.threads': row(wholeNumber(1, 16), 1, 'Threads that send the files of images over HTTP'),
  'ftp.port': row(
    port,
    21,
    'TCP port where machines fetch install trees over FTP, or off; where another program has it, Muster starts without',
  ),
  'ftp.plane': row(
    oneOf(['on', 'off']),
    'on',
    'Whether threads of their own send the files of images over FTP, out of which the kernel takes them; off is slower and needs nothing of the system',
  ),
  'ftp.threads': row(wholeNumber(1, 16), 1, 'Threads that send the files of images over FTP'),
  'nfs.port': row(
    port,
    2049,
    'TCP and UDP port where machines mount install trees over NFS, or off; where another program has it, Muster starts without',
  ),
  'nfs.portmap': row(
    port,
    111,
    'TCP and UDP port where NFS clients ask for the one above (port mapper), or off; where another program has it, clients must be told: -o port=2049,mountport=2049',
  ),
  'nfs.plane': row(
    oneOf(['on', 'off']),
    'on',
    'Whether a thread of its own sends files over NFS (TCP), out of which the kernel takes them; off is slower and needs nothing of the system',
  ),
  'syslog.port': row(
    port,
    514,
    'UDP and TCP port where installers send their logs, or off; where another program has it, Muster starts without',
  ),
  'installLogs.installBytes': row(
    wholeNumber(64 * 1024, MAX_BYTES),
    16 * MIB,
    'Bytes that are kept of the log of one install',
  ),
  'installLogs.totalBytes': row(
    wholeNumber(1024 * 1024, MAX_BYTES),
    1024 * MIB,
    'Bytes of the logs of all installs together; beyond it the logs of those go that were over first',
  ),
  'mirrors.folder': row(
    folder,
    undefined,
    'Where package mirrors keep what they fetched; without it, mirrors below dataFolder',
  ),
  'mirrors.freeBytes': row(
    wholeNumber(0, MAX_BYTES),
    2048 * MIB,
    'Bytes of that disk that package mirrors leave free, whatever each may keep',
  ),
  'mirrors.checkSeconds': row(
    wholeNumber(1, 7 * 86_400),
    300,
    'Seconds after which the indexes of a package mirror are asked for anew',
  ),
  'ipxe.signatures': row(
    oneOf(['off', 'required']),
    'off',
    'Whether iPXE starts only kernels and initrds that are signed: required has it check FILE.sig beside each FILE of the image (imgverify); the build of iPXE must have IMAGE_TRUST_CMD, and your certificate built in',
  ),
  'commands.folder': row(
    folder,
    undefined,
    'A folder whose programs Muster may run, for power settings and hooks that name them; without it none are. Nobody but root and the user Muster runs as may write there',
  ),
  'api.address': row(
    listenAddress,
    '127.0.0.1',
    'Address the API and the web page listen on; any but 127.0.0.1 and ::1 is reached over TLS alone, by people who log in',
  ),
  'api.port': row(port, 8067, 'TCP port of the API and of the web page'),
  'api.login': row(
    oneOf(['on', 'off']),
    'on',
    'Whether people log in: with off, whoever reaches the API on this computer may do everything',
  ),
  'api.tls': row(
    oneOf(['auto', 'on', 'off']),
    'auto',
    'Whether the API is reached over TLS: auto is where it listens on more than this computer',
  ),
  'api.certificate': row(
    file,
    undefined,
    'The certificate of the API and those that vouch for it, in PEM; left out: one is made in the data folder, and its fingerprint is told at the start',
  ),
  'api.key': row(file, undefined, 'The private key of that certificate, in PEM, without a passphrase'),
  'oidc.issuer': row(
    issuer,
    undefined,
    'An OpenID provider where people log in, as its discovery document names it; left out: none',
  ),
  'oidc.clientId': row(text, 'muster', 'What Muster is called there'),
  'oidc.clientSecretFile': row(
    file,
    undefined,
    'A file with the secret that the provider gave for it; left out: it is a public client',
  ),
  'oidc.roleClaim': row(text, 'groups', 'The claim of the ID token that says what somebody may'),
  'oidc.admins': row(
    claimValues,
    [],
    'Values of that claim, such as groups, that make an admin; * stands for everybody',
  ),
  'oidc.operators': row(claimValues, [], 'Values that make an operator'),
  'oidc.viewers': row(claimValues, [], 'Values that make a viewer; whoever has no such value cannot log in'),
  'log.level': row(
    oneOf(['error', 'warn', 'info', 'debug']),
    'info',
    'The least important messages that are logged',
  ),
  'log.format': row(
    oneOf(['auto', 'json', 'text']),
    'auto',
    'Form of the log on standard error: auto is text on a terminal, JSON elsewhere',
  ),
} as const;

export type SettingName = keyof typeof SETTINGS;
type ValueOf<Row> = Row extends SettingRow<infer T> ? T : never;
export type Settings = { readonly [Name in SettingName]: ValueOf<(typeof SETTINGS)[Name]> };

export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[];

/** The environment variable of a setting: `tftp.root` is `MUSTER_TFTP_ROOT`, `dataFolder` is `MUSTER_DATA_FOLDER`. */
export function environmentName(name: SettingName): string {
  return `MUSTER_${name
    .replaceAll('.', '_')
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toUpperCase()}`;
}
