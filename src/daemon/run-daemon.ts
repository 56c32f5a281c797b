import type { Settings } from '../core/settings/settings.ts';
import { type Ipv4Address, parseIpv4 } from '../lib/addresses.ts';
import { type Notifier, openNotifier } from '../os/notify.ts';
import { tellFound, watchServers, type WatchServersNeeds } from './watch-servers.ts';
import { watchInterfaces } from '../os/watch-interfaces.ts';
import type { Probe } from '../protocols/dhcp/probe.ts';
import { ConflictProber } from '../services/dhcp/conflict-prober.ts';
import type { LeaseBook } from '../services/dhcp/lease-book.ts';
import type { ClockSource } from '../services/dhcp/lease-clock.ts';
import { boxLines, drawBox } from './box.ts';
import { boxFacts, type BoxInput, type Shortfalls } from './box-facts.ts';
import { type ComposeNeeds, composeServices } from './compose.ts';
import { lockFolder, openStores, prepareFolders } from './data-folder.ts';
import { Lifecycle } from './lifecycle.ts';
import { faultData, type Log } from './log.ts';
import { MachineDoors } from './machine-doors.ts';
import { endEventLog, noteStart } from './note-life.ts';
import { openApi } from './open-api.ts';
import { preparePeopleDoor } from './people-door.ts';
import { probeSubnet } from './probe-subnet.ts';
import { openUploads } from './open-uploads.ts';
import { chooseNow, probeSegments, type Served } from './segments.ts';

export interface DaemonInput {
  readonly settings: Settings;
  readonly version: string;
  readonly log: Log;
  readonly clocks: ClockSource;
  /** Where the box is drawn. */
  readonly say: (text: string) => void;
  readonly frame: 'lines' | 'plain';
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborted when Muster is to stop. */
  readonly stop: AbortSignal;
}

/** Before the doors are open. */
const NO_TREES = { trees: [], closed: {} };
/** Between two looks at the network interfaces. */
const INTERFACE_EVERY_MS = 1_000;

/**
 * Runs Muster until it is told to stop: starts in order, stops in reverse.
 *
 * @throws StartError when it cannot start; whatever was open is closed again.
 */
export async function runDaemon(input: DaemonInput): Promise<void> {
  const { log, stop } = input;
  const lifecycle = new Lifecycle((part, error) =>
    log.error(`${part} could not be stopped in order`, faultData(error)),
  );
  try {
    await start(input, lifecycle);
    if (!stop.aborted)
      await new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }));
    log.info('Stopping: what is under way is finished first');
  } finally {
    await lifecycle.stop();
  }
}

async function start(input: DaemonInput, lifecycle: Lifecycle): Promise<void> {
  const { settings, log, clocks, version } = input;
  const startedAtMs = clocks.read().wallMs;
  const notifier = openNotifier({ environment: input.environment, report: (because) => log.warn(because) });
  const folders = prepareFolders(settings);
  const lock = await lockFolder(folders.data);
  lifecycle.started('The lock of the data folder', () => lock.release());
  const opened = await openStores(folders.data);
  lifecycle.started('The store', () => opened.close());

  const segments = { choice: chooseNow(settings) };
  const served = (): readonly Served[] => segments.choice.serve;
  const machineAddress = (): Ipv4Address => served()[0]?.address ?? parseIpv4('127.0.0.1');
  const late: { doors?: MachineDoors } = {};
  const treesAt: ComposeNeeds['treesAt'] = (address) => late.doors?.treesAt(address) ?? NO_TREES;
  const syslogAt: ComposeNeeds['syslogAt'] = (address) => late.doors?.syslog.portAt(address);
  const { identity, localSecret } = await preparePeopleDoor(settings, folders.data, startedAtMs);
  const given = { stores: opened, settings, clocks, log, machineAddress, served, treesAt, syslogAt };
  const services = composeServices({ ...given, localSecret });
  const { stores, clock } = services;
  await openKept(services, log, lifecycle);
  lifecycle.started('The event log', () => endEventLog(services.events, version));

  // It listens before it speaks: other servers are looked for before the first answer.
  const probes = settings['dhcp.port'] === 'off' ? new Map<string, Probe>() : await probeSegments(served());
  const found: WatchServersNeeds['found'] = (name, servers) => services.dhcp.foundServers(name, servers);
  for (const [name, probe] of probes) tellFound(name, probe, found);
  if (input.stop.aborted) return;
  const uploads = await openUploads(settings, folders, log);
  const doors = new MachineDoors({ settings, services, stores, log, uploads });
  late.doors = doors;
  lifecycle.started('The doors for machines', () => doors.close());
  await doors.open(served());
  if (settings['dhcp.port'] !== 'off') {
    startProber(services, served, log, lifecycle);
    startServerWatch(input, lifecycle, { served, subnets: stores.subnets, found });
  }
  // Before the waves, which switch machines on, so that it stops after them.
  await startPowerAndHooks(services, lifecycle);
  await startBehindDoors(services, doors, lifecycle);
  const life = { version, startedAtMs, clock, log };
  const api = await openApi({ settings, identity, services, stores, doors, served, ...life });
  lifecycle.started('The API', () => api.close());
  startInterfaceWatch(lifecycle, (now) => {
    segments.choice = chooseNow(settings, now);
    void doors.setInterfaces(served());
  });

  const interfaces = served().map((one) => one.interface.name);
  noteStart(services.events, version, interfaces, probes);
  await sayReady(input, services, {
    choice: segments.choice,
    probes,
    imagesFolder: folders.images,
    apiUrl: api.url,
    apiSha256: identity?.sha256,
    ...doors.shortfalls,
  });
  await notifier.ready(`serving ${interfaces.join(', ') || 'no interface'}`);
  lifecycle.started('The word to systemd', startWatchdog(notifier));
}

/** What a person wants to know before the first machine is switched on. */
async function sayReady(
  { settings, version, say, frame }: DaemonInput,
  { stores, dhcp, loaders, people }: ReturnType<typeof composeServices>,
  seen: Pick<BoxInput, 'choice' | 'probes' | 'imagesFolder' | 'apiUrl' | 'apiSha256'> & Shortfalls,
): Promise<void> {
  const facts = boxFacts({
    ...seen,
    version,
    settings,
    subnets: await stores.subnets.list(),
    verdictOn: (name) => dhcp.verdictOn(name),
    imageNames: (await stores.images.list()).map(({ name }) => name),
    loaders: await loaders.find(),
    firstLogin: settings['api.login'] === 'on' ? await people.logins.firstLink() : undefined,
  });
  say(`${drawBox(boxLines(facts), frame)}\n`);
}

/** After the doors, since machines come first. */
async function startBehindDoors(
  { imageChecks, imageArrivals, imageWatch, sendingRate, waveTurns }: ReturnType<typeof composeServices>,
  doors: MachineDoors,
  lifecycle: Lifecycle,
): Promise<void> {
  lifecycle.started('The checksums of images', () => imageChecks.close());
  await imageChecks.start();
  lifecycle.started('Disc images on their way', () => imageArrivals.close());
  await imageArrivals.start();
  lifecycle.started('The watch over images', () => imageWatch.close());
  imageWatch.start();
  sendingRate.add(() => doors.tftpCounts.bytes);
  lifecycle.started('The turns of waves', () => waveTurns.close());
  await waveTurns.start();
}

async function startPowerAndHooks(
  { power, powerWatch, hooks, webhookDispatcher }: ReturnType<typeof composeServices>,
  lifecycle: Lifecycle,
): Promise<void> {
  lifecycle.started('Connections to webhooks', () => webhookDispatcher.destroy());
  lifecycle.started('Power actions', () => power.close());
  lifecycle.started('The look at the power of machines', () => powerWatch.close());
  powerWatch.start();
  lifecycle.started('Hooks', () => hooks.close());
  await hooks.start();
}

/** What is kept from one run to the next, besides the store. */
async function openKept(
  services: ReturnType<typeof composeServices>,
  log: Log,
  lifecycle: Lifecycle,
): Promise<void> {
  const { leaseBook, facts, mirrors, installLogs, roots, answerWorker, steadyClock, installWatch } = services;
  lifecycle.started('What is seen of machines', () => facts.settled());
  await leaseBook.open();
  sayLoaded(leaseBook, log);
  lifecycle.started('The lease book', () => leaseBook.close());
  await mirrors.start();
  lifecycle.started('The package mirrors', () => mirrors.close());
  await installLogs.start();
  lifecycle.started('The logs of installs', () => installLogs.close());
  lifecycle.started('The disc images', () => roots.close());
  lifecycle.started('The rendering of answer files', () => answerWorker.close());
  // Before the doors: what expired meanwhile must not be booted.
  await steadyClock.open();
  await installWatch.start();
  lifecycle.started('The watch over installs', () => installWatch.close());
}

/** Where there is anything to say: a first start has no leases. */
function sayLoaded({ size, loadSeconds }: Pick<LeaseBook, 'size' | 'loadSeconds'>, log: Log): void {
  if (size === 0) return;
  const leases = size === 1 ? '1 lease was' : `${size} leases were`;
  log.info(`${leases} read in ${loadSeconds.toFixed(1)} s`, { leases: size, seconds: loadSeconds });
}

function startInterfaceWatch(
  lifecycle: Lifecycle,
  changed: (now: NonNullable<Parameters<typeof chooseNow>[1]>) => void,
): void {
  const watch = watchInterfaces({ everyMs: INTERFACE_EVERY_MS, onChange: ({ now }) => changed(now) });
  lifecycle.started('The watch over interfaces', () => Promise.resolve(watch.close()));
}

/** Looks again and again for other DHCP servers, which decide in mode `auto` who gives the addresses. */
function startServerWatch(
  { settings, log }: DaemonInput,
  lifecycle: Lifecycle,
  needs: Pick<WatchServersNeeds, 'served' | 'subnets' | 'found'>,
): void {
  const watch = watchServers({
    ...needs,
    everyMs: settings['dhcp.probeSeconds'] * 1000,
    failed: (error) => log.error('Other DHCP servers could not be looked for', faultData(error)),
  });
  lifecycle.started('The look for other DHCP servers', () => watch.close());
}

/** Looks in the background whether somebody sits on the addresses that are offered next. */
function startProber(
  { stores, leaseBook, events, clock }: ReturnType<typeof composeServices>,
  served: () => readonly Served[],
  log: Log,
  lifecycle: Lifecycle,
): void {
  const prober = new ConflictProber({
    subnets: stores.subnets,
    leases: leaseBook,
    events,
    clock,
    probe: probeSubnet(served),
    cannot: (because) =>
      log.warn(`Addresses are offered without a look whether somebody has them: ${because}`),
    failed: (error) => log.error('Addresses could not be probed', faultData(error)),
  });
  prober.start();
  lifecycle.started('The look for address conflicts', () => prober.close());
}

/** Tells systemd that this process is alive, as often as it wants to hear it. */
function startWatchdog(notifier: Notifier): () => Promise<void> {
  const every = notifier.watchdogEveryMs;
  const timer = every === undefined ? undefined : setInterval(() => void notifier.watchdog(), every);
  timer?.unref();
  return async () => {
    clearInterval(timer);
    await notifier.stopping();
  };
}
