import { IMAGE_STATES, stateOfImage } from '../core/images/image-condition.ts';
import type { Image } from '../core/images/image.ts';
import { byLabel, type MetricReadings, single } from '../core/metrics/metrics.ts';
import type { SubnetStore } from '../core/network/subnet-store.ts';
import type { DhcpServer } from '../protocols/dhcp/server.ts';
import type { Dhcpv6Server } from '../protocols/dhcpv6/server.ts';
import type { AdvertiserServer } from '../protocols/neighbor-discovery/server.ts';
import type { FileCounts } from '../servers/file-counts.ts';
import type { TftpCounts } from '../servers/tftp-counts.ts';
import type { DhcpCounts } from '../services/dhcp/dhcp-counts.ts';
import type { DhcpService } from '../services/dhcp/dhcp-service.ts';
import type { Dhcpv6Counts } from '../services/dhcp/dhcpv6-counts.ts';
import type { Dhcpv6Service } from '../services/dhcp/dhcpv6-service.ts';
import type { EventCounts } from '../services/event-counts.ts';
import type { EventLog } from '../services/event-log.ts';
import { ARRIVAL_STATES } from '../services/images/arrival-records.ts';
import type { ImageArrivals } from '../services/images/image-arrivals.ts';
import type { InstallIntake } from '../services/installs/install-intake.ts';
import type { InstallLogs } from '../services/installs/install-logs.ts';
import type { LeaseBook } from '../services/dhcp/lease-book.ts';
import type { MirrorService } from '../services/mirrors/mirror-service.ts';
import { processReadings } from './process-readings.ts';

/** Everything that counts; it is read when somebody asks for the metrics, and costs nothing but its counting else. */
export interface MetricSources {
  readonly version: string;
  readonly startedAtMs: number;
  readonly interfaces: () => number;
  readonly dhcp: {
    readonly counts: DhcpCounts;
    readonly datagrams: () => DhcpServer['counts'] | undefined;
    readonly service: Pick<DhcpService, 'silences'>;
  };
  readonly dhcpv6: {
    readonly counts: Dhcpv6Counts;
    readonly datagrams: () => Dhcpv6Server['counts'] | undefined;
    readonly service: Pick<Dhcpv6Service, 'silences'>;
  };
  readonly routers: { readonly counts: () => AdvertiserServer['counts'] | undefined };
  readonly leases: {
    readonly book: Pick<LeaseBook, 'count' | 'fates' | 'groupCounts' | 'loadSeconds'>;
    readonly subnets: Pick<SubnetStore, 'list'>;
  };
  readonly tftp: {
    readonly counts: TftpCounts;
    readonly underWay: () => number;
    readonly way: () => 'plane' | 'plain';
    readonly restarts: () => number;
  };
  /** By protocol. */
  readonly files: Readonly<Record<string, FileCounts>>;
  readonly images: {
    readonly list: () => Promise<readonly Image[]>;
    readonly arrivals: Pick<ImageArrivals, 'list'>;
  };
  readonly mirrors: Pick<MirrorService, 'list'>;
  readonly logs: {
    readonly intake: Pick<InstallIntake, 'fates'>;
    readonly kept: Pick<InstallLogs, 'fates' | 'totalBytes'>;
    readonly connections: () => number;
  };
  readonly events: { readonly log: Pick<EventLog, 'dropped' | 'waiting'>; readonly counts: EventCounts };
}

export async function readMetrics(sources: MetricSources): Promise<MetricReadings> {
  const { version, startedAtMs, interfaces } = sources;
  return {
    info: [{ labels: { version, node: process.versions.node }, value: 1 }],
    interfaces: single(interfaces()),
    ...dhcpReadings(sources.dhcp),
    ...dhcpv6Readings(sources.dhcpv6),
    ...routerReadings(sources.routers),
    ...(await leaseReadings(sources.leases)),
    ...tftpReadings(sources.tftp),
    ...fileReadings(sources.files),
    ...(await imageReadings(sources.images)),
    ...mirrorReadings(sources.mirrors),
    ...logReadings(sources.logs),
    ...eventReadings(sources.events),
    ...processReadings(startedAtMs),
  };
}

async function imageReadings({ list, arrivals }: MetricSources['images']) {
  const states = (await list()).map(stateOfImage);
  const ways = arrivals.list().map(({ state }) => state);
  const countOf = (of: readonly string[], word: string): number => of.filter((one) => one === word).length;
  return {
    images: byLabel(
      'state',
      IMAGE_STATES.map((state) => [state, countOf(states, state)] as const),
    ),
    arrivals: byLabel(
      'state',
      ARRIVAL_STATES.map((state) => [state, countOf(ways, state)] as const),
    ),
  };
}

function dhcpReadings({ counts, datagrams, service }: MetricSources['dhcp']) {
  // `received` is the sum of the others, and of what is being answered at this moment.
  const { received: _, ...outcomes } = datagrams() ?? { received: 0 };
  return {
    dhcpDatagrams: byLabel('outcome', Object.entries(outcomes)),
    dhcpReceived: byLabel('type', counts.received.counts),
    dhcpSent: byLabel('type', counts.sent.counts),
    dhcpUnanswered: byLabel('type', counts.unanswered.counts),
    dhcpSilences: byLabel('reason', service.silences),
    dhcpAnswerSeconds: single(counts.answerSeconds.reading),
  };
}

function routerReadings({ counts }: MetricSources['routers']) {
  const { sent, ...heard } = counts() ?? { sent: 0 };
  return {
    routerMessages: byLabel('kind', Object.entries(heard)),
    emptyAdvertisements: single(sent),
  };
}

async function leaseReadings({ book, subnets }: MetricSources['leases']) {
  const all = await subnets.list();
  const pools = all.map((subnet) => [subnet.name, book.count(subnet)] as const);
  const { groups, sizes, seconds } = book.groupCounts;
  return {
    leases: all.flatMap(({ name: subnet }) =>
      Object.entries(book.fates(subnet)).map(([state, value]) => ({ labels: { subnet, state }, value })),
    ),
    rangeAddresses: byLabel(
      'subnet',
      pools.map(([name, { size }]) => [name, size]),
    ),
    rangeUsed: byLabel(
      'subnet',
      pools.map(([name, { used }]) => [name, used]),
    ),
    leaseLoadSeconds: single(book.loadSeconds),
    leaseGroups: byLabel('outcome', groups.counts),
    leaseGroupSize: single(sizes.reading),
    leaseGroupSeconds: single(seconds.reading),
  };
}

function dhcpv6Readings({ counts, datagrams, service }: MetricSources['dhcpv6']) {
  return {
    dhcpv6Datagrams: byLabel('outcome', Object.entries(datagrams() ?? {})),
    dhcpv6Received: byLabel('type', counts.received.counts),
    dhcpv6Sent: byLabel('type', counts.sent.counts),
    dhcpv6Silences: byLabel('reason', service.silences),
  };
}

function tftpReadings({ counts, underWay, way, restarts }: MetricSources['tftp']) {
  return {
    tftpTransfers: byLabel('outcome', counts.transfers.counts),
    tftpBytes: single(counts.bytes),
    tftpUploads: byLabel('outcome', counts.uploads.counts),
    tftpReceivedBytes: single(counts.receivedBytes),
    tftpRetransmissions: single(counts.retransmissions),
    tftpRefused: byLabel('answer', counts.refused.counts),
    tftpFaults: byLabel('what', counts.faults.counts),
    tftpWay: byLabel('way', [[way(), 1]]),
    tftpRestarts: single(restarts()),
    tftpUnderWay: single(underWay()),
    tftpTransferSeconds: single(counts.transferSeconds.reading),
  };
}

function fileReadings(byProtocol: MetricSources['files']) {
  const all = Object.entries(byProtocol);
  return {
    files: all.flatMap(([protocol, { files }]) =>
      Array.from(files.counts, ([outcome, value]) => ({ labels: { protocol, outcome }, value })),
    ),
    fileBytes: byLabel(
      'protocol',
      all.map(([protocol, { bytes }]) => [protocol, bytes]),
    ),
  };
}

function mirrorReadings(mirrors: MetricSources['mirrors']) {
  const all = mirrors.list();
  const each = (read: (state: (typeof all)[number]) => number) =>
    byLabel(
      'mirror',
      all.map((state) => [state.mirror.name, read(state)]),
    );
  return {
    mirrorRequests: all.flatMap(({ mirror, counts }) =>
      [...counts.requests.counts].map(([outcome, value]) => ({
        labels: { mirror: mirror.name, outcome },
        value,
      })),
    ),
    mirrorUnverified: each(({ counts }) => counts.unverified),
    mirrorMismatches: each(({ counts }) => counts.mismatches),
    mirrorSentBytes: each(({ counts }) => counts.sentBytes),
    mirrorFetchedBytes: each(({ counts }) => counts.fetchedBytes),
    mirrorKeptBytes: each(({ kept }) => kept.bytes),
  };
}

function logReadings({ intake, kept, connections }: MetricSources['logs']) {
  return {
    syslogMessages: byLabel('outcome', intake.fates.counts),
    syslogConnections: single(connections()),
    logLines: byLabel('outcome', kept.fates.counts),
    logBytes: single(kept.totalBytes),
  };
}

function eventReadings({ log, counts }: MetricSources['events']) {
  return {
    events: byLabel('kind', counts.byKind),
    eventsDropped: single(log.dropped),
    eventsWaiting: single(log.waiting),
  };
}
