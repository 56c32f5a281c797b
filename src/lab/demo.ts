import { copyFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WireEvent } from '../contract/events.ts';
import type { MacAddress } from '../lib/addresses.ts';
import { EventFeed } from './event-feed.ts';
import { requireLabHost } from './host-programs.ts';
import { LabRefusal } from './lab-refusal.ts';
import { LiveTimeline, type TimelineScreen } from './live-timeline.ts';
import { STAGES, stageDurations } from './boot-progress.ts';
import { API_URL, MusterProcess } from './muster-process.ts';
import {
  isInsidePrivateNetwork,
  LAB_NETWORK,
  labMachineMac,
  labNetworkText,
  runInPrivateNetwork,
  setUpPrivateNetwork,
} from './private-network.ts';
import { makeBlankDisk } from './qemu-command.ts';
import { secondsText } from './timeline-picture.ts';
import { tinyDistribution } from './tiny-distribution.ts';
import { VirtualMachine } from './virtual-machine.ts';

export interface DemoOptions {
  /** The program and its first words that start Muster; `demo` after them starts this again, inside. */
  readonly muster: readonly string[];
  readonly screen: TimelineScreen;
  readonly environment: NodeJS.ProcessEnv;
}

const DISK_BYTES = 256 * 1024 * 1024;
/** Without the answer of an IPv6 router the ROM waits 13 s twice, and computers differ. */
const BOOT_TIMEOUT_MS = 300_000;
const MACHINE_NAME = 'demo';
const CONSOLE_LINES_SHOWN = 8;
/** 128 + SIGINT, as shells say it. */
const INTERRUPTED = 130;

/**
 * Makes a private network with a blank virtual machine in it, installs the machine with Muster before the user's
 * eyes, and leaves nothing behind.
 *
 * @returns the exit status: 0 when the machine runs from its own disk.
 */
export async function runDemo(options: DemoOptions): Promise<number> {
  const timeline = new LiveTimeline(options.screen, options.environment);
  try {
    if (isInsidePrivateNetwork(options.environment)) return await runInside(options, timeline);
    requireLabHost();
    // Here, because inside there is no way to a package archive.
    await tinyDistribution((sentence) => timeline.say(sentence));
    return await runInPrivateNetwork([...options.muster, 'demo']);
  } catch (error) {
    timeline.say(`The demo stopped: ${error instanceof Error ? error.message : String(error)}`, 'bad');
    if (!(error instanceof LabRefusal) && error instanceof Error) timeline.say(error.stack ?? '', 'quiet');
    return 1;
  }
}

/** What runs inside, so that it can be taken down in order. */
interface Stage {
  readonly scratchFolder: string;
  readonly timeline: LiveTimeline;
  muster?: MusterProcess;
  feed?: EventFeed;
  machine?: VirtualMachine;
}

async function runInside(options: DemoOptions, timeline: LiveTimeline): Promise<number> {
  const { scratchFolder } = await setUpPrivateNetwork();
  const stage: Stage = { scratchFolder, timeline };
  const interrupted = new Promise<'interrupted'>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => resolve('interrupted'));
  });
  try {
    const outcome = await Promise.race([interrupted, play(options, stage)]);
    timeline.stop();
    if (outcome === 'interrupted') {
      timeline.say('Interrupted; everything is taken down', 'quiet');
      return INTERRUPTED;
    }
    sayDurations(stage);
    return 0;
  } catch (error) {
    timeline.stop();
    await sayFailure(stage, error);
    return 1;
  } finally {
    stage.feed?.stop();
    await stage.machine?.powerOff();
    await stage.muster?.stop();
  }
}

/** The demo itself: what a user would do, in the same order and with the same commands. */
async function play(options: DemoOptions, stage: Stage): Promise<'installed'> {
  const { timeline, scratchFolder } = stage;
  const distribution = await tinyDistribution((sentence) => timeline.say(sentence));
  timeline.say(
    `A private network: ${labNetworkText()}, with this computer as ${LAB_NETWORK.server} and one blank machine`,
    'strong',
  );
  const muster = await MusterProcess.start({
    command: options.muster,
    settings: {
      MUSTER_DATA_FOLDER: join(scratchFolder, 'data'),
      MUSTER_INTERFACES: LAB_NETWORK.bridge,
      MUSTER_LOG_FORMAT: 'text',
    },
    logPath: join(scratchFolder, 'muster.log'),
  });
  stage.muster = muster;
  timeline.say('$ muster up', 'strong');
  for (const words of commandsOf(distribution.folder)) {
    timeline.say(`$ muster ${words.map(shellWord).join(' ')}`, 'strong');
    const said = await muster.mustRun(words);
    for (const line of `${said.stderr}${said.stdout.toString('utf8')}`.split('\n')) {
      if (line.trim() !== '') timeline.say(`  ${line}`, 'quiet');
    }
  }
  return watchBoot(stage, muster);
}

/** What the user types to have the machine installed. */
export function commandsOf(treeFolder: string): readonly (readonly string[])[] {
  const range = `${LAB_NETWORK.firstAddress}-${LAB_NETWORK.lastAddress}`;
  return [
    ['subnet', 'add', 'lab', '--network', labNetworkText(), '--range', range],
    ...profileCommands(treeFolder),
    ...machineCommands(MACHINE_NAME, labMachineMac(1)),
  ];
}

export function profileCommands(treeFolder: string): readonly (readonly string[])[] {
  return [
    ['image', 'add', treeFolder, '--name', 'tiny'],
    ['profile', 'set', 'tiny', '--image', 'tiny', '--args', 'console=ttyS0,115200'],
  ];
}

export function machineCommands(name: string, mac: MacAddress): readonly (readonly string[])[] {
  return [
    ['machine', 'add', name, '--mac', mac],
    ['install', name, '--profile', 'tiny'],
  ];
}

async function watchBoot(stage: Stage, muster: MusterProcess): Promise<'installed'> {
  const { timeline, scratchFolder } = stage;
  const feed = new EventFeed(API_URL, join(scratchFolder, 'data'));
  stage.feed = feed;
  const disk = join(scratchFolder, 'disk.raw');
  await makeBlankDisk(disk, DISK_BYTES);
  const machine = await VirtualMachine.powerOn({
    name: MACHINE_NAME,
    folder: scratchFolder,
    mac: labMachineMac(1),
    tap: LAB_NETWORK.tap,
    disk: { path: disk, format: 'raw' },
    bootOrder: 'nc',
  });
  stage.machine = machine;
  timeline.say(`The machine is switched on: BIOS, network first, then its blank disk`, 'strong');
  timeline.start();
  feed.onEvent((event) => timeline.take({ from: 'timeline', event }));
  feed.start();
  machine.onLine(({ text }) => timeline.take({ from: 'console', text }));
  machine.onHappening((happening) => {
    if (happening === 'reset') timeline.take({ from: 'machine', happening });
  });
  await Promise.race([
    untilInstalled(feed, machine),
    machine.ended.then((how) => Promise.reject(new Error(`The virtual machine is gone: ${how}`))),
    muster.ended.then((status) => Promise.reject(new Error(`"muster up" ended with status ${status}`))),
  ]);
  return 'installed';
}

/** Both witnesses must say it: the console of the machine, and Muster's timeline. */
async function untilInstalled(feed: EventFeed, machine: VirtualMachine): Promise<void> {
  const failed = (event: WireEvent): boolean => event.kind === 'install.failed';
  await Promise.race([
    Promise.all([
      machine.waitForLine(/INSTALLED-SYSTEM/, BOOT_TIMEOUT_MS),
      feed.waitFor(
        'the installed system runs',
        (event) => event.kind === 'install.diskBooted',
        BOOT_TIMEOUT_MS,
      ),
    ]),
    feed.waitFor('the install failed', failed, BOOT_TIMEOUT_MS * 2).then((event) => {
      throw new Error(event.because === undefined ? event.text : `${event.text}: ${event.because}`);
    }),
  ]);
}

function sayDurations({ timeline, machine }: Stage): void {
  const durations = stageDurations(timeline.progress);
  const totalMs = durations.reduce((sum, { durationMs }) => sum + durationMs, 0);
  timeline.say('');
  timeline.say(
    `${machine?.shape.name ?? 'The machine'} booted from its own disk, ${secondsText(totalMs).trim()} after it was switched on`,
    'good',
  );
  if (timeline.showsStages) return;
  for (const { name, durationMs } of durations) timeline.say(`${secondsText(durationMs)}  ${STAGES[name]}`);
}

async function sayFailure(stage: Stage, error: unknown): Promise<void> {
  const { timeline, machine, muster } = stage;
  timeline.say('');
  timeline.say(
    `The demo failed: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`,
    'bad',
  );
  const reached = timeline.progress.stage;
  if (machine && reached !== 'done') timeline.say(`It stopped while: ${STAGES[reached]}`);
  if (machine) {
    timeline.say('The last lines of its console:');
    for (const line of machine.lastLines(CONSOLE_LINES_SHOWN)) timeline.say(`  ${line}`, 'quiet');
  }
  if (muster) {
    timeline.say('The last lines of Muster:');
    for (const line of (await muster.lastWords()).split('\n')) timeline.say(`  ${line}`, 'quiet');
  }
  const kept = await keepEvidence(stage).catch(
    (reason: unknown) => `nothing could be kept: ${String(reason)}`,
  );
  timeline.say(`Kept for you to look at: ${kept}`);
}

/** The scratch folder vanishes with the namespaces; what explains a failure is copied out of it. */
async function keepEvidence({ scratchFolder, machine }: Stage): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-demo-'));
  const files = ['muster.log', `${MACHINE_NAME}.console`];
  if (machine && !machine.hasEnded) {
    await machine.takePicture(join(scratchFolder, 'screen.png'));
    files.push('screen.png');
  }
  for (const file of files) {
    await copyFile(join(scratchFolder, file), join(folder, file)).catch(() => undefined);
  }
  return machine && !machine.hasEnded ? `${join(folder, 'screen.png')} and the logs beside it` : folder;
}

/** As it could be typed: words with anything special in them stand in quotes. */
function shellWord(word: string): string {
  return /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
