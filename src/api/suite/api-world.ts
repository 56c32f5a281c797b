import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Happening } from '../../services/event-log.ts';
import { AnswerPreview } from '../../services/answers/answer-preview.ts';
import { VariablesNotTold } from '../../services/answers/variables-not-told.ts';
import { AnswerService } from '../../services/answers/answer-service.ts';
import { BootService } from '../../services/boot/boot-service.ts';
import { EventLog } from '../../services/event-log.ts';
import { ExplainService } from '../../services/boot/explain-service.ts';
import { GroupService } from '../../services/machines/group-service.ts';
import { openInsideFolder } from '../../services/images/folder-tree.ts';
import { TreeRoots } from '../../services/images/tree-roots.ts';
import { FactService } from '../../services/machines/fact-service.ts';
import { ImageArrivals } from '../../services/images/image-arrivals.ts';
import { ImageContents } from '../../services/images/image-contents.ts';
import { ImageService } from '../../services/images/image-service.ts';
import { InstallSources } from '../../services/installs/install-sources.ts';
import { InstallLogs } from '../../services/installs/install-logs.ts';
import { InstallService } from '../../services/installs/install-service.ts';
import { LeaseService } from '../../services/dhcp/lease-service.ts';
import { LoaderService } from '../../services/boot/loader-service.ts';
import { MachineChanges } from '../../services/machines/machine-changes.ts';
import { MachineImports } from '../../services/machines/machine-imports.ts';
import { MachineService } from '../../services/machines/machine-service.ts';
import { MirrorService } from '../../services/mirrors/mirror-service.ts';
import { PolicyService } from '../../services/policy-service.ts';
import type { HookService } from '../../services/hooks/hook-service.ts';
import type { PowerService } from '../../services/power/power-service.ts';
import { ProfileService } from '../../services/machines/profile-service.ts';
import { SnippetService } from '../../services/answers/snippet-service.ts';
import { hashHere } from '../../services/suite/hash-here.ts';
import { SiteService } from '../../services/site-service.ts';
import { SubnetService } from '../../services/subnet-service.ts';
import { WaveService } from '../../services/waves/wave-service.ts';
import { lintAnswer } from '../../core/answers/lint/lint-answer.ts';
import { renderHere } from '../../core/answers/suite/answer-samples.ts';
import { withTools } from '../../services/machines/tool-profiles.ts';
import { ToolService } from '../../services/machines/tool-service.ts';
import { METRIC_KEYS, type MetricReadings, single } from '../../core/metrics/metrics.ts';
import type { Stores } from '../../core/stores.ts';
import { parseIpv4 } from '../../lib/addresses.ts';
import { openEmptyStores } from '../../store/sqlite/suite/open-sqlite.ts';
import type { ApiNeeds } from '../api-needs.ts';
import { buildApi } from '../build-api.ts';
import { hookService, makeCommands, powerService } from './power-world.ts';

/** 2026-11-23T13:00:00Z. */
export const START_MS = Date.UTC(2026, 10, 23, 13);

/** The API over real services and a real database in a folder of its own; only the clock and chance are ours. */
export interface ApiWorld {
  readonly needs: ApiNeeds;
  readonly stores: Stores;
  readonly api: FastifyInstance;
  readonly folder: string;
  /** A folder with an install tree that is recognised. */
  readonly tree: string;
  /** Their other sides, where machines are: the API has a part of each. */
  readonly installs: InstallService;
  readonly installLogs: InstallLogs;
  /** Mistakes the API reported. */
  readonly mistakes: unknown[];
  /** Moves the clock. */
  readonly later: (ms: number) => void;
  /** An event that is on disk when it resolves. */
  readonly happened: (happening: Happening) => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function openApiWorld(): Promise<ApiWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-api-'));
  const tree = await makeTree(folder);
  await mkdir(join(folder, 'data/images'), { recursive: true });
  await makeLoaders(folder);
  await makeCommands(folder);
  const stores = await openEmptyStores();
  const mistakes: unknown[] = [];
  let nowMs = START_MS;
  const installLogs = await openLogs(folder, mistakes);
  const needs = { ...composeNeeds(stores, folder, () => nowMs, mistakes), installLogs };
  const api = buildApi(needs);
  return {
    needs,
    installs: needs.installs,
    installLogs,
    stores,
    api,
    folder,
    tree,
    mistakes,
    later: (ms) => {
      nowMs += ms;
    },
    happened: async (happening) => {
      needs.events.note(happening);
      await needs.events.settled();
    },
    close: async () => {
      await api.close();
      await needs.events.settled();
      await installLogs.close();
      await stores.close();
      await rm(folder, { recursive: true });
    },
  };
}

const NOTHING_READ = Object.fromEntries(METRIC_KEYS.map((key) => [key, []])) as unknown as MetricReadings;

const MACHINE_HTTP = { address: parseIpv4('192.168.122.1'), port: 8080 };

/** Discs are made of a real one where they are tested. */
const BOOT_MEDIA: ApiNeeds['bootMedia'] = {
  urlFor: async ({ name }) => ({
    found: true,
    url: `http://192.168.122.1:8080/media/0/${name}.iso`,
    image: 'x',
    left: [],
  }),
};

/** What the daemon says of itself. */
const SERVER: Pick<ApiNeeds, 'readiness' | 'metrics' | 'version' | 'startedAtMs' | 'status'> = {
  readiness: async () => ({ ready: false, because: 'no network interface is served' }),
  metrics: async () => ({ ...NOTHING_READ, interfaces: single(1) }),
  version: '1.2.3',
  startedAtMs: START_MS,
  status: async () => ({
    dataFolder: '/var/lib/muster',
    interfaces: [
      { name: 'eth1', addresses: ['192.168.122.1/24'], mode: 'full', because: 'subnet lab is there' },
    ],
    listeners: [{ protocol: 'dhcp', address: '0.0.0.0', port: 67 }],
  }),
};

/** Of the installs, what machines do to them as well. */
type Composed = Omit<ApiNeeds, 'installLogs' | 'installs'> & { readonly installs: InstallService };

function composeNeeds(stores: Stores, folder: string, nowMs: () => number, mistakes: unknown[]): Composed {
  const ground = composeGround(stores, folder, nowMs, mistakes);
  const { events, clock, failed, sources, loaders } = ground;
  const mirrors = mirrorService(stores, ground);
  const machines = composeMachines(stores, ground);
  const sites = composeSites(stores, { ...ground, mirrors, hooks: machines.hooks });
  const { subnets, leases, images, policy } = stores;
  return {
    events,
    loaders,
    leases: new LeaseService({ leases, events, clock }),
    clock,
    failed,
    ...SERVER,
    ...machines,
    subnets: new SubnetService({ subnets }),
    policy: new PolicyService({ policy, images, profiles: stores.profiles }),
    ...sites,
    ...composeProfiles(stores, ground, sites),
    ...composeImages(stores, ground),
    mirrors,
    ...composeInstalls(stores, ground, machines.power),
    bootMedia: BOOT_MEDIA,
    explain: new ExplainService({
      ...stores,
      profiles: withTools(stores.profiles, images, policy),
      boot: new BootService(stores),
      events,
      sources,
      loaders,
      clock,
      machineHttp: () => MACHINE_HTTP,
    }),
  };
}

type Ground = ReturnType<typeof composeGround>;

/** What the others stand on. */
function composeGround(stores: Stores, folder: string, nowMs: () => number, mistakes: unknown[]) {
  const clock = { nowMs };
  const failed = (error: unknown): void => void mistakes.push(error);
  let drawn = 0;
  return {
    folder,
    clock,
    failed,
    randomHex: (bytes: number): string => (++drawn).toString(16).padStart(bytes * 2, '0'),
    events: new EventLog({ events: stores.events, clock, failed }),
    sources: new InstallSources({ machineHttpPort: MACHINE_HTTP.port }),
    roots: new TreeRoots({ clock }),
    loaders: new LoaderService({ openInsideFolder, systemRoot: join(folder, 'system') }),
  };
}

function composeMachines(stores: Stores, ground: Ground) {
  const { machines, facts } = stores;
  const found = new MachineService({ ...ground, machines, hashPassword: hashHere });
  return {
    facts: new FactService({ ...ground, facts }),
    machines: found,
    machineChanges: new MachineChanges({ ...stores, ...ground, found }),
    machineImports: new MachineImports({ ...ground, machines, hashPassword: hashHere }),
    power: powerService(stores, found, ground),
    hooks: hookService(stores, ground),
  };
}

function composeProfiles(
  stores: Stores,
  { sources }: Ground,
  { groups }: Pick<ApiNeeds, 'groups'>,
): Pick<ApiNeeds, 'profiles' | 'answerPreview' | 'notTold'> {
  const { profiles, images, installs } = stores;
  const service = new ProfileService({
    profiles,
    images,
    answers: new AnswerService({ ...stores, renderTemplate: renderHere }),
    sources,
    machineHttp: () => MACHINE_HTTP,
    hashPassword: hashHere,
  });
  const notTold = new VariablesNotTold(stores);
  return {
    profiles: service,
    notTold,
    answerPreview: new AnswerPreview({
      installs,
      profiles: service,
      groups,
      notTold,
      lint: (input) => ({ linted: true, findings: lintAnswer(input) }),
    }),
  };
}

function composeInstalls(
  stores: Stores,
  { events, clock, randomHex }: Ground,
  power: Pick<PowerService, 'objectionTo' | 'objectionToCut'>,
) {
  const { images, policy } = stores;
  const installs = new InstallService({
    ...stores,
    profiles: withTools(stores.profiles, images, policy),
    events,
    clock,
    steadyClock: clock,
    randomHex,
    machineHttp: 'on',
  });
  const waves = new WaveService({
    waves: stores.waves,
    installs,
    events,
    clock,
    changed: () => undefined,
    objectionToPower: (machine) => power.objectionTo(machine),
    objectionToCut: (machine) => power.objectionToCut(machine),
  });
  return { installs, waves, tools: new ToolService({ images, installs }) };
}

async function openLogs(folder: string, mistakes: unknown[]): Promise<InstallLogs> {
  const logs = new InstallLogs({
    folder: join(folder, 'data/logs'),
    limits: { installBytes: 2 ** 20, totalBytes: 2 ** 24 },
    isOpen: async () => true,
    failed: (error) => void mistakes.push(error),
  });
  await logs.start();
  return logs;
}

/** What is set up beside machines and profiles, and all of it as one thing. */
function composeSites(
  stores: Stores,
  given: Ground & { readonly mirrors: MirrorService; readonly hooks: HookService },
): Pick<ApiNeeds, 'groups' | 'snippets' | 'site'> {
  const snippets = new SnippetService({ snippets: stores.snippets, renderTemplate: renderHere });
  return {
    snippets,
    groups: new GroupService({ ...stores, hashPassword: hashHere }),
    site: new SiteService({ ...stores, ...given, snippets }),
  };
}

/** Without the look at the folder and without threads. */
function composeImages(
  { images, arrivals }: Stores,
  given: Ground,
): Pick<ApiNeeds, 'images' | 'imageChecks' | 'imageArrivals' | 'imageContents' | 'imageWatch'> {
  const { roots, folder } = given;
  const imagesFolder = join(folder, 'data/images');
  const service = new ImageService({
    ...given,
    images,
    checks: { check: () => undefined, leave: () => undefined },
    dataFolder: join(folder, 'data'),
  });
  return {
    images: service,
    imageChecks: { percentOf: () => undefined },
    imageContents: new ImageContents(roots),
    imageArrivals: new ImageArrivals({ ...given, arrivals, images, service, fetch, imagesFolder }),
    imageWatch: { leave: async () => undefined },
  };
}

function mirrorService({ mirrors }: Stores, { folder, events, clock, failed }: Ground): MirrorService {
  return new MirrorService({
    events,
    clock,
    failed,
    mirrors,
    folder: join(folder, 'mirrors'),
    freeBytes: 0,
    checkSeconds: 300,
  });
}

/** What a CentOS disc has that shows what it is. */
async function makeTree(folder: string): Promise<string> {
  const tree = join(folder, 'centos');
  await mkdir(join(tree, 'images/pxeboot'), { recursive: true });
  await writeFile(
    join(tree, '.treeinfo'),
    '[general]\nfamily = CentOS\nversion = 7\narch = x86_64\n[images-x86_64]\nkernel = images/pxeboot/vmlinuz\ninitrd = images/pxeboot/initrd.img\n',
  );
  await writeFile(join(tree, 'images/pxeboot/vmlinuz'), 'kernel');
  await writeFile(join(tree, 'images/pxeboot/initrd.img'), 'initrd');
  return tree;
}

/** A system that has pxelinux.0 and no menu. */
async function makeLoaders(folder: string): Promise<void> {
  const system = join(folder, 'system');
  await mkdir(join(system, 'etc'), { recursive: true });
  await mkdir(join(system, 'usr/lib/PXELINUX'), { recursive: true });
  await writeFile(join(system, 'etc/os-release'), 'ID=debian\n');
  await writeFile(join(system, 'usr/lib/PXELINUX/pxelinux.0'), 'loader');
}
