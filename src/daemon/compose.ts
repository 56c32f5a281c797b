import type { Settings } from '../core/settings/settings.ts';
import type { Stores } from '../core/stores.ts';
import type { IpAddress, Ipv4Address } from '../lib/addresses.ts';
import { FileTimeline } from '../servers/file-timeline.ts';
import { AnswerService } from '../services/answers/answer-service.ts';
import { BootService } from '../services/boot/boot-service.ts';
import { DhcpService } from '../services/dhcp/dhcp-service.ts';
import { Dhcpv6Service } from '../services/dhcp/dhcpv6-service.ts';
import { EnrolmentService } from '../services/machines/enrolment-service.ts';
import { EventCounts } from '../services/event-counts.ts';
import { EventLog } from '../services/event-log.ts';
import { FactService } from '../services/machines/fact-service.ts';
import { TreeOverlays } from '../services/images/tree-overlays.ts';
import { TreeRoots } from '../services/images/tree-roots.ts';
import { ImageTrees } from '../services/images/image-trees.ts';
import type { InstallSources, TreeDoorsOpen } from '../services/installs/install-sources.ts';
import { InstallService, type InstallServiceNeeds } from '../services/installs/install-service.ts';
import { InstallWatch } from '../services/installs/install-watch.ts';
import { LeaseBook } from '../services/dhcp/lease-book.ts';
import { type ClockSource, LeaseClock } from '../services/dhcp/lease-clock.ts';
import { LoaderService, unpackedLoadersFolder } from '../services/boot/loader-service.ts';
import { ProgramWatch } from '../services/boot/program-watch.ts';
import { objectionToInstall } from '../services/installs/objection-to-install.ts';
import { AnswerWorker } from '../services/answers/answer-worker.ts';
import { SteadyClock } from '../services/steady-clock.ts';
import { SeenAddresses } from '../services/boot/seen-addresses.ts';
import { withTools } from '../services/machines/tool-profiles.ts';
import { WhoAsks } from '../services/boot/who-asks.ts';
import { composeBoots, installSources, overlaysFolder } from './compose-boots.ts';
import { composeHooks } from './compose-hooks.ts';
import { composeImages, composeMirrors } from './compose-images.ts';
import { composeWaves } from './compose-waves.ts';
import { composeLogs } from './compose-logs.ts';
import { composeForPeople } from './compose-people.ts';
import { composePower } from './compose-power.ts';
import { machineHttpOf, machinePortOf, randomHex } from './machine-http-of.ts';
import { ipv6SegmentOf } from './ipv6-segment.ts';
import { faultData, type Log } from './log.ts';
import type { Served } from './segments.ts';
import { storesWithBook } from './stores-with-book.ts';
import { tellOfEvents, tellOfLeases } from './tell-of-disk.ts';

export interface ComposeNeeds {
  readonly stores: Stores;
  readonly settings: Settings;
  readonly clocks: ClockSource;
  readonly log: Log;
  /** An address of this server that machines reach, as far as one can be told without a machine that asks. */
  readonly machineAddress: () => Ipv4Address;
  readonly served: () => readonly Served[];
  /** The doors for whole trees that are open at an address of this server. */
  readonly treesAt: (address: IpAddress) => TreeDoorsOpen;
  /** The port that takes the logs of installers over syslog at an address of this server, if one does. */
  readonly syslogAt: (address: IpAddress) => number | undefined;
  /** What this computer's own commands show the API. */
  readonly localSecret: string;
}

export type Services = ReturnType<typeof composeServices>;

/** The assembly drawing: every service, in order, once. What one needs stands above it. */
export function composeServices(given: ComposeNeeds) {
  const ground = composeGround(given);
  const needs = { ...given, ...ground };
  const foundation = composeFoundation(needs);
  const forMachines = composeForMachines(needs, foundation);
  return {
    ...ground,
    ...foundation,
    ...forMachines,
    dhcpv6: composeIpv6(needs, foundation, forMachines.dhcp),
    ...composeForPeople(needs, foundation),
    installWatch: new InstallWatch({
      ...needs,
      installs: foundation.installs,
      policy: ground.stores.policy,
      failed: (error) => given.log.error('Installs could not be looked after', faultData(error)),
    }),
    ...composeImages(needs, foundation),
    ...composeLogs(needs, foundation),
  };
}

export type Grounded = ComposeNeeds & ReturnType<typeof composeGround>;

/** What everything else stands on: the time, the timeline, and leases in memory in place of those of the store. */
function composeGround({ stores: opened, clocks, log }: ComposeNeeds) {
  const clock = new LeaseClock(clocks);
  const steadyClock = new SteadyClock({ clocks, kept: opened.steadyReading });
  const events: EventLog = new EventLog({
    events: opened.events,
    clock,
    ...tellOfEvents(() => events, log),
  });
  const leaseBook = new LeaseBook({
    records: opened.leaseRecords,
    clock,
    ...tellOfLeases(events, log),
  });
  return { clock, steadyClock, events, leaseBook, stores: storesWithBook(opened, leaseBook) };
}

export type Foundation = ReturnType<typeof composeFoundation>;

/** What both machines and people come to. */
function composeFoundation(needs: Grounded) {
  const { stores, settings, clock, events, log, treesAt } = needs;
  const { machines, leases, images, groups, snippets, installs, policy, waves } = stores;
  const answerWorker = new AnswerWorker();
  const profiles = withTools(stores.profiles, images, policy);
  const seen = new SeenAddresses();
  const whoAsks = new WhoAsks({ machines, leases, seen, events, clock });
  const folder = overlaysFolder(settings);
  const roots = new TreeRoots({ clock, overlayOf: new TreeOverlays({ images, folder, clock }).of });
  const mirrors = composeMirrors({ stores, settings, clock, events, log });
  const facts = new FactService({
    facts: stores.facts,
    clock,
    failed: (error) => log.error('What was seen of a machine could not be written', faultData(error)),
  });
  const sources = installSources(settings, roots, treesAt, facts);
  const answers = new AnswerService({
    profiles,
    images,
    groups,
    snippets,
    renderTemplate: answerWorker.render,
    mirrorNames: () => mirrors.names(),
  });
  const installService = composeInstalls(needs, { profiles, sources, answers });
  const power = composePower(needs);
  return {
    profilesAndTools: profiles,
    eventCounts: new EventCounts(events),
    facts,
    seen,
    programs: new ProgramWatch({ events, clock, whoAsks }),
    whoAsks,
    boot: new BootService({ machines, installs, policy, profiles, images, waves }),
    installs: installService,
    ...power,
    ...composeHooks(needs, power),
    ...composeWaves(needs, installService, power),
    enrolment: new EnrolmentService({ ...stores, installs: installService, events, clock, randomHex }),
    answerWorker,
    answers,
    sources,
    roots,
    mirrors,
    loaders: new LoaderService({
      openInsideFolder: roots.open,
      unpackedFolder: unpackedLoadersFolder(settings.dataFolder ?? '/var/lib/muster'),
    }),
  };
}

/** The life of installs. */
function composeInstalls(
  needs: Grounded,
  {
    profiles,
    sources,
    answers,
  }: Pick<InstallServiceNeeds, 'profiles'> & {
    readonly sources: InstallSources;
    readonly answers: AnswerService;
  },
): InstallService {
  const { stores, settings, clock, steadyClock, events } = needs;
  const machineHttp = machineHttpOf(needs);
  return new InstallService({
    ...stores,
    profiles,
    events,
    clock,
    steadyClock,
    randomHex,
    machineHttp: settings['machineHttp.port'] === 'off' ? 'off' : 'on',
    objectionToWay: (install) => objectionToInstall({ sources, answers, machineHttp }, install),
  });
}

/** What answers machines: DHCP, boot files, answer files and reports. */
function composeForMachines(needs: Grounded, foundation: Foundation) {
  const { stores, settings, clock, events, log } = needs;
  const { subnets, leases, images, installs, policy } = stores;
  const { whoAsks, boot, loaders, seen, programs, roots, sendingRate } = foundation;
  const machineHttpPort = machinePortOf(settings);
  const timelineOf = (protocol: 'http' | 'ftp' | 'nfs'): FileTimeline =>
    new FileTimeline({
      protocol,
      events,
      whoAsks,
      installs,
      clock,
      failed: (error) =>
        log.error(`A transfer (${protocol}) could not be noted in the timeline`, faultData(error)),
    });
  const timelines = {
    httpTimeline: timelineOf('http'),
    ftpTimeline: timelineOf('ftp'),
    nfsTimeline: timelineOf('nfs'),
  };
  for (const { counts } of Object.values(timelines)) sendingRate.add(() => counts.bytes);
  return {
    ...timelines,
    dhcp: new DhcpService({
      subnets,
      leases,
      whoAsks,
      boot,
      loaders,
      policy,
      seen,
      programs,
      facts: foundation.facts,
      enrolment: foundation.enrolment,
      events,
      clock,
      ...(machineHttpPort === 0 ? {} : { machineHttpPort }),
    }),
    ...composeBoots(needs, { ...foundation, randomHex }, machineHttpPort),
    imageTrees: new ImageTrees({ images, roots, clock }),
  };
}

/** Boots over IPv6, where DHCPv4 says what is done on a segment. */
function composeIpv6(
  { stores, settings, clock, events, served }: Grounded,
  { whoAsks, boot, loaders, seen }: Foundation,
  dhcp: Pick<DhcpService, 'verdictOn'>,
): Dhcpv6Service {
  const { subnets } = stores;
  const machineHttpPort = machinePortOf(settings);
  return new Dhcpv6Service({
    segmentOf: async (name) => {
      const segment = served().find((one) => one.interface.name === name);
      return ipv6SegmentOf(segment, await subnets.list(), settings, dhcp.verdictOn(name));
    },
    whoAsks,
    boot,
    loaders,
    seen,
    events,
    clock,
    ...(machineHttpPort === 0 ? {} : { machineHttpPort }),
  });
}
