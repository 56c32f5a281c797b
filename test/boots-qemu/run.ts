/** `tsx test/boots-qemu/run.ts [NAME…] [--all] [--list] [--beside N] [--json FILE] [--keep]`: real boots in QEMU. */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { requireLabHost } from '../../src/lab/host-programs.ts';
import { LabRefusal } from '../../src/lab/lab-refusal.ts';
import { runInPrivateNetwork } from '../../src/lab/private-network.ts';
import { tinyDistribution } from '../../src/lab/tiny-distribution.ts';
import { BootStage, describe, type Phase } from './boot-stage.ts';
import { type Boot, BOOT_NAMES, BOOTS, type BootName } from './boots.ts';
import { TYPESCRIPT_NODE } from './muster-command.ts';

interface BootResult {
  readonly name: BootName;
  readonly passed: boolean;
  readonly seconds: number;
  readonly phases: readonly Phase[];
}

const OPTIONS = {
  list: { type: 'boolean', default: false },
  all: { type: 'boolean', default: false },
  keep: { type: 'boolean', default: false },
  /** So many at one time, each in a network of its own; what each says comes at its end. */
  beside: { type: 'string', default: '1' },
  json: { type: 'string' },
  /** For this program itself: it runs inside a private network, and writes its phases to this file. */
  inside: { type: 'string' },
} as const;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const unknown = positionals.filter((name) => !isBootName(name));
  if (unknown.length > 0) {
    say(`There is no boot "${unknown.join('", "')}": --list shows those there are`);
    return 2;
  }
  const named = positionals.filter(isBootName);
  if (values.list) return list();
  if (values.inside !== undefined && named[0] !== undefined)
    return runInside(named[0], values.inside, values.keep);
  const chosen =
    named.length > 0 ? named : BOOT_NAMES.filter((name) => values.all || boot(name).when === 'test');
  const beside = Number(values.beside);
  if (!Number.isInteger(beside) || beside < 1) {
    say(`"${values.beside}" boots cannot run beside each other: say a number from 1 on`);
    return 2;
  }
  return runAll(chosen, { json: values.json, keep: values.keep, beside });
}

function list(): number {
  for (const name of BOOT_NAMES) {
    const { sentence, seconds, when } = boot(name);
    const duration = seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
    say(
      `${name.padEnd(16)} about ${duration.padEnd(7)} ${when === 'test' ? 'in npm test' : 'with --all '}  ${sentence}`,
    );
  }
  return 0;
}

interface RunOptions {
  readonly json: string | undefined;
  readonly keep: boolean;
  readonly beside: number;
}

async function runAll(names: readonly BootName[], options: RunOptions): Promise<number> {
  requireLabHost();
  // Here, because inside the private network there is no way to a package archive.
  await tinyDistribution(say);
  for (const name of names) await boot(name).prepare?.(say);
  const results = await runBeside([...names], options);
  const passed = results.filter((result) => result.passed).length;
  const failed = names.length - passed;
  if (options.json !== undefined)
    writeFileSync(options.json, JSON.stringify({ passed, failed, skipped: 0, boots: results }));
  say(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

/** Takes one after another from the list, as many at one time as there are rows. */
async function runBeside(waiting: BootName[], options: RunOptions): Promise<readonly BootResult[]> {
  const results: BootResult[] = [];
  const row = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const { status, ...result } = await runOne(name, options);
      results.push(result);
      // Somebody pressed Ctrl-C: the boots after this one are not wanted either.
      if (status >= 128) waiting.length = 0;
    }
  };
  await Promise.all(Array.from({ length: options.beside }, row));
  return results;
}

async function runOne(
  name: BootName,
  { json, keep, beside }: RunOptions,
): Promise<BootResult & { readonly status: number }> {
  const title = `${name}: ${boot(name).sentence}`;
  if (beside === 1) say(title);
  const startedAtMs = performance.now();
  const report = json === undefined ? '' : `${json}.${name}`;
  const flags = ['--inside', report, ...(keep ? ['--keep'] : [])];
  const command = [...TYPESCRIPT_NODE, import.meta.filename, name, ...flags];
  const status =
    beside === 1
      ? await runInPrivateNetwork(command)
      : await saidAtTheEnd(title, (output) => runInPrivateNetwork(command, output));
  const seconds = (performance.now() - startedAtMs) / 1000;
  const passed = status === 0;
  say(`${passed ? 'ok  ' : 'FAIL'} ${name} (${seconds.toFixed(1)} s)`);
  return { name, passed, seconds, phases: await takePhases(report), status };
}

/** Lines of boots that run beside each other would be read by nobody. */
async function saidAtTheEnd<T>(title: string, run: (output: number) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-boot-'));
  const output = openSync(join(folder, 'said'), 'w');
  try {
    return await run(output);
  } finally {
    closeSync(output);
    say(`${title}\n${readFileSync(join(folder, 'said'), 'utf8').trimEnd()}`);
    rmSync(folder, { recursive: true });
  }
}

async function takePhases(report: string): Promise<readonly Phase[]> {
  if (report === '') return [];
  const text = await readFile(report, 'utf8').catch(() => '[]');
  rmSync(report, { force: true });
  return JSON.parse(text) as readonly Phase[];
}

/** One boot, as process 1 of its private network. */
async function runInside(name: BootName, report: string, keep: boolean): Promise<number> {
  const stage = await BootStage.open(name);
  try {
    await Promise.race([boot(name).run(stage), limit(boot(name).limitSeconds), interrupted()]);
    if (keep) say(`  kept: ${await stage.keepEvidence('nothing failed')}`);
    await stage.close();
    return 0;
  } catch (error) {
    say(`  ${describe(error).split('\n').join('\n  ')}`);
    if (error instanceof Interruption) return 130;
    say(`  kept for you to look at: ${await stage.keepEvidence(error)}`);
    await stage.close().catch((failure: unknown) => say(`  ${describe(failure)}`));
    return 1;
  } finally {
    if (report !== '') writeFileSync(report, JSON.stringify(stage.phases));
  }
}

class Interruption extends Error {}

function interrupted(): Promise<never> {
  return new Promise((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => reject(new Interruption('Interrupted; everything is taken down')));
    }
  });
}

function limit(seconds: number): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`The boot was given up after ${seconds} s`)), seconds * 1000).unref();
  });
}

/** The row with the type of the table, so that all rows can be handled alike. */
function boot(name: BootName): Boot {
  return BOOTS[name];
}

function isBootName(name: string): name is BootName {
  return Object.hasOwn(BOOTS, name);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

try {
  process.exit(await main());
} catch (error) {
  say(error instanceof LabRefusal ? error.message : describe(error));
  say('0 passed, 1 failed');
  process.exit(1);
}
