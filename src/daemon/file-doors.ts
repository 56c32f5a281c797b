import type { IpAddress } from '../lib/addresses.ts';
import { isIpv6 } from '../lib/ipv6-address.ts';
import type { Settings } from '../core/settings/settings.ts';
import type { Stores } from '../core/stores.ts';
import { serveTftp } from '../protocols/tftp/server.ts';
import type { TftpServer } from '../protocols/tftp/server-options.ts';
import { type MachineHttpServer, serveMachineHttp } from '../servers/machine-http.ts';
import { serveTftpDoor } from '../servers/tftp.ts';
import type { TftpCounts } from '../servers/tftp-counts.ts';
import type { UploadFolder } from '../services/images/upload-folder.ts';
import type { Services } from './compose.ts';
import type { HttpWay } from './http-way.ts';
import { listenError, type WantedPort } from './listen-error.ts';
import { faultData, type Log } from './log.ts';
import { tftpOptionsOf } from './tftp-options.ts';
import type { TftpWay } from './tftp-way.ts';

export interface FileDoorsNeeds {
  readonly settings: Settings;
  readonly services: Pick<
    Services,
    | 'roots'
    | 'bootFiles'
    | 'bootMedia'
    | 'installFiles'
    | 'installFacts'
    | 'intake'
    | 'discovery'
    | 'httpTimeline'
    | 'whoAsks'
    | 'events'
    | 'programs'
    | 'mirrors'
  >;
  readonly stores: Pick<Stores, 'images'>;
  readonly log: Log;
  /** Where files go that machines send; undefined while uploads are off. */
  readonly uploads?: UploadFolder | undefined;
  readonly tftpWay: TftpWay;
  readonly httpWay: Pick<HttpWay, 'plane'>;
  readonly tftpCounts: TftpCounts;
}

/** Where one door is. */
interface DoorPlace {
  readonly address: IpAddress;
  /** Of an IPv6 address: the interface it is on. */
  readonly interfaceName?: string;
}

/** TFTP on one address; the plane knows IPv4 alone. @throws StartError when the port cannot be had. */
export function openTftpDoor(
  needs: FileDoorsNeeds,
  { address, interfaceName }: DoorPlace,
): Promise<TftpServer> {
  const { settings, services, log, uploads, tftpWay, tftpCounts } = needs;
  const port = Number(settings['tftp.port']);
  const { bootFiles, whoAsks, events, programs } = services;
  const options = tftpOptionsOf(settings, address);
  return worded({ protocol: 'udp', port, setting: 'tftp.port' }, () =>
    serveTftpDoor({
      ...options,
      uploads,
      serve: isIpv6(address) ? serveTftp : tftpWay.serve,
      address,
      interfaceName,
      port,
      bootFiles,
      whoAsks,
      events,
      programs,
      counts: tftpCounts,
      report: sayFaults(log, 'TFTP'),
    }),
  );
}

/** HTTP for machines on one address. @throws StartError when the port cannot be had. */
export function openHttpDoor(needs: FileDoorsNeeds, place: DoorPlace): Promise<MachineHttpServer> {
  const { settings, services, stores, log, httpWay } = needs;
  const port = Number(settings['machineHttp.port']);
  const {
    bootFiles,
    bootMedia,
    installFiles,
    installFacts,
    intake,
    discovery,
    httpTimeline: timeline,
    programs,
  } = services;
  return worded({ protocol: 'tcp', port, setting: 'machineHttp.port' }, () =>
    serveMachineHttp({
      ...place,
      port,
      images: stores.images,
      mirrors: services.mirrors,
      openInsideFolder: services.roots.open,
      listInside: services.roots.list,
      bootFiles,
      bootMedia,
      installFiles,
      installFacts,
      intake,
      discovery,
      timeline,
      programs,
      report: sayFaults(log, 'HTTP'),
      plane: httpWay.plane,
    }),
  );
}

/** @throws StartError that says what to do when a port cannot be had. */
export async function worded<T>(wanted: WantedPort, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    throw listenError(error, wanted);
  }
}

export function sayFaults(log: Log, door: string): (what: 'dropped' | 'failed', error: unknown) => void {
  return (what, error) => {
    if (what === 'dropped') log.debug(`${door} dropped what makes no sense: ${String(error)}`);
    else log.error(`${door} could not serve a request`, faultData(error));
  };
}
