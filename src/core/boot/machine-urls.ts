import type { IpAddress } from '../../lib/addresses.ts';
import { urlHost } from '../../lib/ipv6-address.ts';
import type { AnswerKind } from '../images/image.ts';
import { type InstallSource, sourceUrl } from '../images/install-source.ts';

/** Where machines reach this server: the address they already talk to, so that no route and no name is needed. */
export interface MachineHttp {
  readonly address: IpAddress;
  readonly port: number;
  /** Where the same address takes the logs of installers over syslog, if it does. */
  readonly syslogPort?: number | undefined;
}

/** Where an installer sends its log, over UDP or TCP. */
export interface SyslogPlace {
  readonly address: IpAddress;
  readonly port: number;
}

/** The last part of an answer file's URL; installers look at its ending. */
export const ANSWER_FILES: Readonly<Record<AnswerKind, string>> = {
  kickstart: 'ks.cfg',
  preseed: 'preseed.cfg',
  // cloud-init is told the folder, and adds this name.
  autoinstall: 'user-data',
  autoyast: 'autoinst.xml',
  agama: 'profile.json',
  ignition: 'config.ign',
  alpine: 'answers',
  proxmox: 'answer.toml',
  esxi: 'ks.cfg',
  unattend: 'unattend.xml',
  script: 'install.sh',
};

/**
 * Kinds whose installers fetch the answer file over FTP too: anaconda (its dracut hooks by curl, the loader of EL 5
 * and 6 by itself), the debian-installer (`fetch-url` by wget), linuxrc and Agama (curl), Arch's script (curl). Ignition
 * and cloud-init know no FTP.
 */
const KINDS_OVER_FTP: ReadonlySet<AnswerKind> = new Set([
  'kickstart',
  'preseed',
  'autoyast',
  'agama',
  'script',
] as const);

/** The reports an installer can send, as the last part of their URLs. */
export const REPORTS = {
  started: 'started',
  progress: 'progressed',
  finished: 'finished',
  failed: 'failed',
  booted: 'diskBooted',
} as const;

export type ReportName = keyof typeof REPORTS;

/** What else is posted there: a piece of the installer's log as text, and events of cloud-init's webhook as JSON. */
export const INSTALL_LOG = 'log';
export const INSTALL_REPORTING = 'reporting';

/** Name of a file of an image below a door's root; the same for TFTP and HTTP. */
export function imagePath(imageName: string, path: string): string {
  return `images/${imageName}/${path}`;
}

/** The folder of an image, without a slash at its end. */
export function treeUrl(http: MachineHttp, imageName: string): string {
  return `${originOf(http)}/images/${imageName}`;
}

/** What one install on one machine is told; complete URLs without spaces and without a slash at their end. */
export interface InstallUrls {
  /** Where the tree of the image is. */
  readonly source: InstallSource;
  /** The same as a URL; of NFS as `nfs://…`. */
  readonly tree: string;
  readonly answer: string;
  /** Reports are posted to this, a slash, and a name of `REPORTS`. */
  readonly report: string;
  /** Package mirrors are below it, each under its name. */
  readonly mirrors: string;
  /** Left out: no logs are taken over syslog. They can be posted to `report`, a slash, and `log`. */
  readonly syslog?: SyslogPlace;
}

/** The answer file comes the way of the tree where the installer can; reports are always posted over HTTP. */
export function installUrls(
  http: MachineHttp,
  source: InstallSource,
  token: string,
  kind: AnswerKind,
): InstallUrls {
  const path = `${INSTALLS_DOOR}/${token}`;
  const report = installReportUrl(http, token);
  const ftp = source.protocol === 'ftp' && KINDS_OVER_FTP.has(kind) ? ftpOrigin(source.url) : undefined;
  const answer = `${ftp === undefined ? report : `${ftp}/${path}`}/${ANSWER_FILES[kind]}`;
  const { address, syslogPort } = http;
  return {
    source,
    tree: sourceUrl(source),
    answer,
    report,
    mirrors: `${originOf(http)}/mirrors`,
    ...(syslogPort === undefined ? {} : { syslog: { address, port: syslogPort } }),
  };
}

/** Reports of one install are posted below it. */
export function installReportUrl(http: MachineHttp, token: string): string {
  return `${originOf(http)}/${INSTALLS_DOOR}/${token}`;
}

function ftpOrigin(url: string): string | undefined {
  return /^ftp:\/\/[^/]+/.exec(url)?.[0];
}

/** iPXE's script for whichever machine asks; it stands in a DHCP field of 127 letters. */
export function scriptUrl(http: MachineHttp): string {
  return `${originOf(http)}/${BOOT_DOOR}/${IPXE_SCRIPT}`;
}

/** A loader, for firmware that boots over HTTP. */
export function loaderUrl(http: MachineHttp, name: string): string {
  return `${originOf(http)}/${BOOT_DOOR}/${name}`;
}

/** The disc of an armed machine, for the virtual drive of its BMC. */
export function mediaUrl(http: MachineHttp, key: string, file: string): string {
  return `${originOf(http)}/${MEDIA_DOOR}/${key}/${file}`;
}

export const MEDIA_DOOR = 'media';
/** The first part of the path of what belongs to one install. */
export const INSTALLS_DOOR = 'installs';
/** The first part of the path of loaders and scripts; what a loader fetches beside itself is below it as well. */
export const BOOT_DOOR = 'boot';
export const IPXE_SCRIPT = 'boot.ipxe';

/** `http://192.0.2.1:8080` or `http://[fd00::1]:8080`, without a slash at its end. */
export function originOf({ address, port }: MachineHttp): string {
  const host = urlHost(address);
  return port === 80 ? `http://${host}` : `http://${host}:${port}`;
}
