import { type ListeningApi, listenApi } from '../api/listen-api.ts';
import type { Settings } from '../core/settings/settings.ts';
import type { Stores } from '../core/stores.ts';
import type { Clock } from '../lib/clock.ts';
import { Throughput } from '../services/throughput.ts';
import type { ApiIdentity } from './api-identity.ts';
import { describeMode } from './box-facts.ts';
import type { Services } from './compose.ts';
import { listenError } from './listen-error.ts';
import { faultData, type Log } from './log.ts';
import type { MachineDoors } from './machine-doors.ts';
import { pageFolder } from './page-folder.ts';
import { type MetricSources, readMetrics } from './read-metrics.ts';
import { seeReadiness } from './see-health.ts';
import type { Served } from './segments.ts';

export interface OpenApiNeeds {
  readonly settings: Settings;
  /** What it shows over TLS; undefined: it is reached without. */
  readonly identity: ApiIdentity | undefined;
  readonly services: Services;
  readonly stores: Pick<Stores, 'leases' | 'subnets'>;
  readonly doors: MachineDoors;
  readonly served: () => readonly Served[];
  readonly version: string;
  readonly startedAtMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** The people's door. @throws StartError when its port cannot be had. */
export async function openApi(needs: OpenApiNeeds): Promise<ListeningApi> {
  const { settings, services, log } = needs;
  const port = settings['api.port'];
  if (port === 'off') return { url: 'off', port: 0, close: () => Promise.resolve() };
  const { version, startedAtMs, clock } = needs;
  const failed = (error: unknown): void => log.error('A request to the API failed', faultData(error));
  const sources = metricSources(needs);
  const throughput = throughputOf(needs);
  const asked = {
    status: () => daemonStatus(needs, port),
    readiness: () => seeReadiness(needs),
    metrics: () => readMetrics(sources),
    throughput,
    pageFolder: pageFolder(),
  };
  try {
    const api = await listenApi(
      { ...services, version, startedAtMs, clock, failed, ...asked },
      { address: settings['api.address'], port, ...(needs.identity ? { tls: needs.identity } : {}) },
    );
    throughput.start();
    return {
      ...api,
      close: async () => {
        throughput.stop();
        await api.close();
      },
    };
  } catch (error) {
    throw listenError(error, { protocol: 'tcp', port, setting: 'api.port' });
  }
}

function throughputOf({ services, doors, clock }: OpenApiNeeds): Throughput {
  const { httpTimeline, ftpTimeline, nfsTimeline } = services;
  return new Throughput({
    clock,
    sentBytes: {
      tftp: () => doors.tftpCounts.bytes,
      http: () => httpTimeline.counts.bytes,
      ftp: () => ftpTimeline.counts.bytes,
      nfs: () => nfsTimeline.counts.bytes,
    },
  });
}

function metricSources({ services, doors, served, version, startedAtMs }: OpenApiNeeds): MetricSources {
  return {
    version,
    startedAtMs,
    interfaces: () => served().length,
    dhcp: { counts: doors.dhcpCounts, datagrams: () => doors.dhcpDatagrams, service: services.dhcp },
    dhcpv6: {
      counts: doors.ipv6.counts,
      datagrams: () => doors.ipv6.datagrams,
      service: services.dhcpv6,
    },
    routers: { counts: () => doors.routerMessages },
    leases: { book: services.leaseBook, subnets: services.stores.subnets },
    tftp: {
      counts: doors.tftpCounts,
      underWay: () => doors.tftpTransfers,
      way: () => (doors.plainTftp === undefined ? 'plane' : 'plain'),
      restarts: () => doors.tftpRestarts,
    },
    files: {
      http: services.httpTimeline.counts,
      ftp: services.ftpTimeline.counts,
      nfs: services.nfsTimeline.counts,
    },
    images: { list: () => services.images.list(), arrivals: services.imageArrivals },
    mirrors: services.mirrors,
    logs: {
      intake: services.intake,
      kept: services.installLogs,
      connections: () => doors.syslog.connections,
    },
    events: { log: services.events, counts: services.eventCounts },
  };
}

async function daemonStatus({ settings, services, stores, doors, served }: OpenApiNeeds, port: number) {
  const subnets = await stores.subnets.list();
  return {
    dataFolder: settings.dataFolder ?? '',
    interfaces: served().map((one) => {
      const { mode, because } = describeMode(
        one,
        subnets,
        settings,
        services.dhcp.verdictOn(one.interface.name),
      );
      return {
        name: one.interface.name,
        addresses: [`${one.address}/${one.network.prefixLength}`],
        mode,
        because,
      };
    }),
    pools: subnets.map((subnet) => ({ subnet: subnet.name, ...services.leaseBook.count(subnet) })),
    listeners: [...doors.listeners, { protocol: 'api', address: settings['api.address'], port }],
  };
}
