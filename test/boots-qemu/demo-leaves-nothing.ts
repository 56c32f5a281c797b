import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BootStage } from './boot-stage.ts';
import { musterCommand } from './muster-command.ts';

const DEMO_MS = 180_000;
const SWITCHED_ON_MS = 60_000;
/** The kernel takes namespaces apart in its own time. */
const TAKEN_DOWN_MS = 5_000;
const PAUSE_MS = 100;

/** `muster demo` as a user runs it: to its end, interrupted, and killed; each time nothing stays behind. */
export async function demoLeavesNothing(stage: BootStage): Promise<void> {
  const before = everything();
  const whole = startDemo();
  assert.equal(await within(DEMO_MS, whole.ended), 0, whole.said());
  assert.match(whole.said(), /booted from its own disk/);
  await untilAsBefore(before);
  stage.phase('the demo installed its machine, and left nothing behind');

  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGKILL', -1],
  ] as const) {
    const demo = startDemo();
    await within(SWITCHED_ON_MS, demo.hasSaid(/switched on/));
    demo.process.kill(signal);
    assert.equal(await within(DEMO_MS, demo.ended), status, demo.said());
    await untilAsBefore(before);
    stage.phase(`after ${signal} nothing stays behind`);
  }
}

interface RunningDemo {
  readonly process: ChildProcess;
  /** Its exit status; -1 when a signal ended it. */
  readonly ended: Promise<number>;
  readonly said: () => string;
  readonly hasSaid: (pattern: RegExp) => Promise<void>;
}

/** Started as if from outside: the private network of this boot is the world it must leave as it was. */
function startDemo(): RunningDemo {
  const [program = '', ...words] = musterCommand();
  const { MUSTERLAB_OUTSIDE: _, ...environment } = process.env;
  const child = spawn(program, [...words, 'demo'], { stdio: ['ignore', 'pipe', 'pipe'], env: environment });
  let said = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes: Buffer) => {
      said += bytes.toString('utf8');
      for (const listener of listeners) listener();
    });
  }
  return {
    process: child,
    ended: new Promise((resolve) => child.on('close', (status) => resolve(status ?? -1))),
    said: () => said,
    hasSaid: (pattern) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (pattern.test(said)) resolve();
        };
        listeners.add(look);
        look();
      }),
  };
}

/** Every process and network namespace that this one can see, its interfaces and its scratch files. */
function everything(): string {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const namespaces = pids.map((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/ns/net`);
    } catch {
      return '';
    }
  });
  return JSON.stringify({
    // A process that has ended and waits for process 1 to take note of it holds nothing any more.
    processes: pids.filter((pid) => !isZombie(pid)).map(commandOf),
    namespaces: [...new Set(namespaces.filter((name) => name !== ''))],
    interfaces: readdirSync('/sys/class/net'),
    scratch: readdirSync('/media'),
  });
}

async function untilAsBefore(before: string): Promise<void> {
  const deadlineMs = performance.now() + TAKEN_DOWN_MS;
  while (everything() !== before && performance.now() < deadlineMs) await sleep(PAUSE_MS);
  assert.equal(everything(), before);
}

function commandOf(pid: string): string {
  return readText(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
}

function isZombie(pid: string): boolean {
  return /^State:\s+Z/m.test(readText(`/proc/${pid}/status`));
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

async function within<T>(limitMs: number, wanted: Promise<T>): Promise<T> {
  const late = sleep(limitMs, undefined, { ref: false }).then(() => {
    throw new Error(`${limitMs / 1000} s went by`);
  });
  return Promise.race([wanted, late]);
}
