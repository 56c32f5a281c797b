import type { IpAddress } from '../../lib/addresses.ts';
import { urlHost } from '../../lib/ipv6-address.ts';
import type { AnswerKind } from '../images/image.ts';

/** Where machines reach this server: the address they already talk to, so that no route and no name is needed. */
export interface MachineHttp {
  readonly address: IpAddress;
  readonly port: number;
}

/** The last part of an answer file's URL; installers look at its ending. */
export const ANSWER_FILES: Readonly<Record<AnswerKind, string>> = {
  kickstart: 'ks.cfg',
  preseed: 'preseed.cfg',
};

/** The reports an installer can send, as the last part of their URLs. */
export const REPORTS = {
  started: 'started',
  progress: 'progressed',
  finished: 'finished',
  failed: 'failed',
  booted: 'diskBooted',
} as const;

export type ReportName = keyof typeof REPORTS;

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
  /** The folder of the image. */
  readonly tree: string;
  readonly answer: string;
  /** Reports are posted to this, a slash, and a name of `REPORTS`. */
  readonly report: string;
}

export function installUrls(
  http: MachineHttp,
  image: { readonly name: string },
  token: string,
  kind: AnswerKind,
): InstallUrls {
  const report = `${originOf(http)}/installs/${token}`;
  return { tree: treeUrl(http, image.name), answer: `${report}/${ANSWER_FILES[kind]}`, report };
}

/** iPXE's script for whichever machine asks; it stands in a DHCP field of 127 letters. */
export function scriptUrl(http: MachineHttp): string {
  return `${originOf(http)}/${BOOT_DOOR}/${IPXE_SCRIPT}`;
}

/** A loader, for firmware that boots over HTTP. */
export function loaderUrl(http: MachineHttp, name: string): string {
  return `${originOf(http)}/${BOOT_DOOR}/${name}`;
}

/** The first part of the path of loaders and scripts; what a loader fetches beside itself is below it as well. */
export const BOOT_DOOR = 'boot';
export const IPXE_SCRIPT = 'boot.ipxe';

/** `http://192.0.2.1:8080` or `http://[fd00::1]:8080`, without a slash at its end. */
export function originOf({ address, port }: MachineHttp): string {
  const host = urlHost(address);
  return port === 80 ? `http://${host}` : `http://${host}:${port}`;
}
