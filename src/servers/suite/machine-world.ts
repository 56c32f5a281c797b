import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Ipv4Address, MacAddress } from '../../lib/addresses.ts';
import { renderHere } from '../../core/answers/suite/answer-samples.ts';
import type { TimelineEvent } from '../../core/events/timeline-event.ts';
import type { Image } from '../../core/images/image.ts';
import type { Install } from '../../core/install/install.ts';
import type { Machine } from '../../core/machines/machine.ts';
import type { Stores } from '../../core/stores.ts';
import { makeMemoryFolder } from '../../os/suite/memory-folder.ts';
import { AnswerService } from '../../services/answers/answer-service.ts';
import { BootFiles, type BootFilesNeeds } from '../../services/boot/boot-files.ts';
import { BootService } from '../../services/boot/boot-service.ts';
import { DiscoveryService } from '../../services/machines/discovery-service.ts';
import { EnrolmentService } from '../../services/machines/enrolment-service.ts';
import { EventLog } from '../../services/event-log.ts';
import { openInsideFolder } from '../../services/images/folder-tree.ts';
import { FactService } from '../../services/machines/fact-service.ts';
import { InstallFacts } from '../../services/installs/install-facts.ts';
import { InstallFiles } from '../../services/installs/install-files.ts';
import { InstallSources } from '../../services/installs/install-sources.ts';
import { InstallIntake, type InstallIntakeNeeds } from '../../services/installs/install-intake.ts';
import { InstallLogs } from '../../services/installs/install-logs.ts';
import { InstallService } from '../../services/installs/install-service.ts';
import { InstallerWords } from '../../services/installs/installer-words.ts';
import { LoaderService } from '../../services/boot/loader-service.ts';
import { ProgramWatch } from '../../services/boot/program-watch.ts';
import { withTools } from '../../services/machines/tool-profiles.ts';
import { WhoAsks } from '../../services/boot/who-asks.ts';
import { WhoLogs } from '../../services/installs/who-logs.ts';
import { openEmptyStores } from '../../store/sqlite/suite/open-sqlite.ts';
import {
  fillStores,
  type Folders,
  holdLease,
  type LeaseSays,
  makeFiles,
  SERVER,
  STRANGER,
  WEB01,
  WEB02,
  write,
} from './machine-world-contents.ts';

/** A Muster in a temporary folder, with everything real but the clock: what the doors for machines stand in. */
export interface MachineWorld {
  readonly stores: Stores;
  readonly events: EventLog;
  readonly told: TimelineEvent[];
  readonly whoAsks: WhoAsks;
  readonly programs: ProgramWatch;
  readonly installs: InstallService;
  readonly bootFiles: BootFiles;
  readonly installFiles: InstallFiles;
  readonly installFacts: InstallFacts;
  readonly facts: FactService;
  readonly intake: InstallIntake;
  readonly installLogs: InstallLogs;
  readonly discovery: DiscoveryService;
  readonly enrolment: EnrolmentService;
  readonly clock: { nowMs(): number };
  readonly image: Image;
  readonly web01: Machine;
  /** Folder of the image `debian`. */
  readonly imageFolder: string;
  /** Folder of the user's tree. */
  readonly tftpRoot: string;
  /** Stands for `/` where loaders are looked for; has pxelinux.0, ldlinux.c32, menu.c32 and libutil.c32. */
  readonly systemRoot: string;
  /** A BootFiles of the same world with other settings. */
  bootFilesWith(settings: Pick<BootFilesNeeds, 'ipxeSignatures' | 'overlays'>): BootFiles;
  pass(ms: number): void;
  /** Sets the wall clock, which `pass` moves as well, and nothing else. */
  setClock(byMs: number): void;
  /** Goes on with `pass` alone. */
  readonly steadyClock: { nowMs(): number };
  lease(address: Ipv4Address, mac: MacAddress, says?: LeaseSays): Promise<void>;
  arm(machine?: Machine, profile?: string): Promise<Install>;
  write(path: string, content: string | Uint8Array): void;
  /** New services on the same disk, as after a restart. */
  servedAnew(): Services;
  close(): Promise<void>;
}

export { SERVER, STRANGER, WEB01, WEB02 };
export type { LeaseSays };

/**
 * @param folder an empty one, which goes when the world is closed.
 * @param through what stands between the database and all that uses it.
 */
export async function makeMachineWorld(
  folder = makeMemoryFolder('muster-doors-'),
  through: (stores: Stores) => Stores = (stores) => stores,
): Promise<MachineWorld> {
  const stores = through(await openEmptyStores());
  const place = (name: string): string => join(folder, name);
  const folders = { imageFolder: place('image'), tftpRoot: place('tree'), systemRoot: place('system') };
  makeFiles(folders);
  const filled = await fillStores(stores, folders.imageFolder);
  let nowMs = Date.now();
  let steadyMs = 1_000_000;
  const clock = { nowMs: () => nowMs };
  const steadyClock = { nowMs: () => steadyMs };
  mkdirSync(place('logs'));
  const randomHex = countingHex();
  const opened: Services[] = [];
  const servedAnew = (): Services => {
    const clocks = { clock, steadyClock, randomHex };
    const services = openServices(stores, clocks, { ...folders, logs: place('logs') }, filled.web01);
    opened.push(services);
    return services;
  };
  return {
    stores,
    clock,
    steadyClock,
    ...folders,
    ...filled,
    ...servedAnew(),
    servedAnew,
    write,
    lease: (address, mac, says = {}) => holdLease(stores, nowMs, address, mac, says),
    pass: (ms) => {
      nowMs += ms;
      steadyMs += ms;
    },
    setClock: (byMs) => {
      nowMs += byMs;
    },
    close: async () => {
      for (const { facts } of opened) await facts.settled();
      await stores.close();
      rmSync(folder, { recursive: true });
    },
  };
}

type ServiceName =
  | 'events'
  | 'told'
  | 'whoAsks'
  | 'programs'
  | 'installs'
  | 'bootFiles'
  | 'bootFilesWith'
  | 'installFiles'
  | 'intake'
  | 'installLogs'
  | 'arm'
  | keyof Told;

type Services = Pick<MachineWorld, ServiceName>;

/** No two are alike, and they tell in which order they were made. */
function countingHex(): (bytes: number) => string {
  let count = 0;
  return (bytes) => (count += 1).toString(16).padStart(bytes * 2, '0');
}

function openServices(
  stores: Stores,
  {
    clock,
    steadyClock,
    randomHex,
  }: Pick<MachineWorld, 'clock' | 'steadyClock'> & { readonly randomHex: (bytes: number) => string },
  { tftpRoot, systemRoot, logs: logsFolder }: Folders & { readonly logs: string },
  web01: Machine,
): Services {
  const { events, heard } = openEvents(stores, clock);
  const whoAsks = new WhoAsks({ machines: stores.machines, leases: stores.leases, events, clock });
  const profiles = withTools(stores.profiles, stores.images, stores.policy);
  const installs = new InstallService({
    ...stores,
    profiles,
    events,
    clock,
    steadyClock,
    randomHex,
    machineHttp: 'on',
  });
  const loaders = new LoaderService({ openInsideFolder, systemRoot });
  const shared = {
    ...stores,
    profiles,
    answers: new AnswerService({ ...stores, profiles, renderTemplate: renderHere }),
    sources: new InstallSources({ machineHttpPort: 8080 }),
    events,
    clock,
    whoAsks,
    installHappened: installs.happened.bind(installs),
    bootsAnew: installs.bootsAnew.bind(installs),
    heard: installs.heard.bind(installs),
    machineHttpPort: 8080,
  };
  const boot = new BootService({ ...stores, profiles });
  const told = openFacts({ ...shared, stores, installService: installs, randomHex });
  const bootFilesWith: MachineWorld['bootFilesWith'] = (settings) =>
    new BootFiles({ ...shared, ...told, ...settings, boot, loaders, openInsideFolder, tftpRoot });
  return {
    ...told,
    events,
    told: heard,
    whoAsks,
    programs: new ProgramWatch({ events, clock, whoAsks }),
    installs,
    bootFiles: bootFilesWith({}),
    bootFilesWith,
    installFiles: new InstallFiles(shared),
    ...openIntake(stores, shared, logsFolder),
    arm: async (machine = web01, profile = 'server') => {
      const armed = await installs.arm(machine, profile, { confirmErase: true });
      if (!armed.armed) throw new Error(armed.because);
      return armed.install;
    },
  };
}

function failed(error: unknown): never {
  throw error;
}

function openEvents(
  stores: Stores,
  clock: MachineWorld['clock'],
): { readonly events: EventLog; readonly heard: TimelineEvent[] } {
  const heard: TimelineEvent[] = [];
  const events = new EventLog({ events: stores.events, clock, failed });
  events.listen((event) => heard.push(event));
  return { events, heard };
}

type Told = Pick<MachineWorld, 'facts' | 'installFacts' | 'discovery' | 'enrolment'>;

/** What machines tell of their hardware, the unknown ones too. */
function openFacts(
  shared: Omit<ConstructorParameters<typeof DiscoveryService>[0], 'facts' | 'enrolment'> &
    Omit<ConstructorParameters<typeof InstallFacts>[0], 'facts'> & {
      readonly stores: Stores;
      readonly installService: InstallService;
    },
): Told {
  const { stores, clock, installService } = shared;
  const facts = new FactService({ facts: stores.facts, clock, failed });
  const { events } = shared;
  const enrolment = new EnrolmentService({ ...shared, ...stores, events, installs: installService });
  return {
    facts,
    enrolment,
    installFacts: new InstallFacts({ ...shared, facts }),
    discovery: new DiscoveryService({ ...shared, facts, enrolment }),
  };
}

/** What takes the logs of installers. */
function openIntake(
  stores: Stores,
  shared: Pick<InstallIntakeNeeds, 'whoAsks' | 'installHappened' | 'heard' | 'clock'>,
  folder: string,
): Pick<MachineWorld, 'intake' | 'installLogs'> {
  const { installs, machines } = stores;
  const limits = { installBytes: 2 ** 20, totalBytes: 2 ** 24 };
  const installLogs = new InstallLogs({
    folder,
    limits,
    isOpen: async () => true,
    failed,
    clock: shared.clock,
  });
  return {
    installLogs,
    intake: new InstallIntake({
      ...shared,
      installs,
      machines,
      failed,
      whoLogs: new WhoLogs({ ...shared, installs }),
      logs: installLogs,
      words: new InstallerWords({ ...stores, ...shared }),
    }),
  };
}
