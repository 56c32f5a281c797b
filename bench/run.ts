/** `tsx bench/run.ts tftp|http|ftp|nfs|discs|dhcp|api [--case NAME]… [--quick] [--runs N] [--json FILE] [--write-docs] [--list]` */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { BENCHES, type Bench, type BenchName } from './benches.ts';
import { BenchNetwork, runInside } from './bench-network.ts';
import type { BenchReport, BenchRow } from './bench-row.ts';
import { CpuAccount } from './cpu-account.ts';
import { machineFacts, versionsOf } from './machine-facts.ts';
import { PeerPackages } from './peer-packages.ts';
import { widenReceiveBuffers } from './receive-buffers.ts';
import { formatRows } from './result-table.ts';
import { spreadOf } from './statistics.ts';
import { TYPESCRIPT_NODE } from './typescript-node.ts';
import { writeBenchmarksPage } from './write-benchmarks-page.ts';

const OPTIONS = {
  case: { type: 'string', multiple: true },
  quick: { type: 'boolean', default: false },
  runs: { type: 'string' },
  json: { type: 'string' },
  'write-docs': { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  /** For this program itself: it runs inside the namespaces. */
  inside: { type: 'boolean', default: false },
} as const;

const QUICK_RUNS = 1;
/** Not /tmp, which may lie in memory: a server's data belongs on a disk here. */
const CACHE = '/var/tmp/muster-bench';

const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });

async function main(): Promise<number> {
  const [name, ...rest] = positionals;
  if (name === undefined || !isBench(name) || rest.length > 0) {
    say(`Which benchmark? One of ${Object.keys(BENCHES).join(', ')}`);
    return 2;
  }
  const bench: Bench = BENCHES[name];
  if (values.list) {
    for (const { name: caseName, sentence } of bench.cases) say(`${caseName.padEnd(14)} ${sentence}`);
    return 0;
  }
  const unknown = (values.case ?? []).filter((wanted) => !bench.cases.some((one) => one.name === wanted));
  const runs = Number(values.runs ?? (values.quick ? (bench.quickRuns ?? QUICK_RUNS) : bench.runs));
  if (unknown.length > 0 || !Number.isInteger(runs) || runs < 1) {
    say(
      unknown.length > 0
        ? `There is no case "${unknown.join('", "')}": --list shows those there are`
        : '--runs takes a number from 1 on',
    );
    return 2;
  }
  return values.inside ? await measure(name, bench, runs) : await prepare(bench);
}

/** Outside, where there is a way to the package archive. */
async function prepare(bench: Bench): Promise<number> {
  if (process.getuid?.() !== 0) {
    say('A benchmark makes network namespaces and control groups, so it needs root: run it again with sudo');
    return 1;
  }
  CpuAccount.sweep();
  mkdirSync(CACHE, { recursive: true });
  await new PeerPackages(join(CACHE, 'peers')).fetch(bench.peers, say);
  const setBack = widenReceiveBuffers();
  try {
    return await runInside([...TYPESCRIPT_NODE, import.meta.filename, ...process.argv.slice(2), '--inside']);
  } finally {
    await setBack();
    CpuAccount.sweep();
  }
}

async function measure(name: BenchName, bench: Bench, runs: number): Promise<number> {
  const folder = mkdtempSync(join(CACHE, 'run-'));
  const rows: BenchRow[] = [];
  const notMeasured: string[] = [...bench.notMeasured];
  const peers = new PeerPackages(join(CACHE, 'peers'));
  const network = await BenchNetwork.make();
  const leaveOut = (what: string): void => void notMeasured.push(what);
  const elsewhere: number[] = [];
  const disturbed = (share: number): void => void elsewhere.push(share);
  const stage = { network, peers, folder, runs, quick: values.quick, say, leaveOut, disturbed };
  try {
    for (const testCase of bench.cases) {
      if (values.case !== undefined && !values.case.includes(testCase.name)) continue;
      say(`${testCase.name}: ${testCase.sentence}`);
      rows.push(...(await Promise.race([testCase.run(stage), interrupted()])));
    }
    const report: BenchReport = {
      bench: name,
      date: new Date().toISOString().slice(0, 10),
      machine: { ...machineFacts(), ...disturbance(elsewhere) },
      versions: await versionsOf(bench.peers, peers),
      notMeasured,
      cases: rows,
    };
    return conclude(report);
  } finally {
    network.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How busy the machine was with other things, in percent of its processors. */
function disturbance(shares: readonly number[]): Readonly<Record<string, number>> {
  if (shares.length === 0) return {};
  const { median, max } = spreadOf(shares);
  return {
    busyElsewherePercent: Math.round(median * 100),
    busyElsewhereAtMostPercent: Math.round(max * 100),
  };
}

function conclude(report: BenchReport): number {
  process.stdout.write(`${formatRows(report.cases)}\n`);
  for (const what of report.notMeasured) say(`not measured: ${what}`);
  if (values.json !== undefined)
    writeFileSync(resolve(values.json), `${JSON.stringify(report, undefined, 2)}\n`);
  if (values['write-docs']) writeBenchmarksPage(report);
  const missed = report.cases.filter((row) => row.pass === false);
  say(missed.length === 0 ? 'Every target is met' : `${missed.length} targets are missed`);
  return missed.length === 0 ? 0 : 1;
}

class Interruption extends Error {}

/** Process 1 of a namespace hears only the signals it asks for. */
function interrupted(): Promise<never> {
  return new Promise((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => reject(new Interruption('Interrupted; everything is taken down')));
  });
}

function isBench(name: string): name is BenchName {
  return Object.hasOwn(BENCHES, name);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

try {
  process.exit(await main());
} catch (error) {
  say(error instanceof Interruption ? error.message : String(error instanceof Error ? error.stack : error));
  process.exit(1);
}
