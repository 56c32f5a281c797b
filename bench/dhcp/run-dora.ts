import { join } from 'node:path';
import { runProgram } from '../../src/lab/run-program.ts';
import { BENCH_NETWORK } from '../bench-network.ts';
import { type BenchRow, type Bound, rowAgainst, rowAlone } from '../bench-row.ts';
import { type BenchStage, PROCESSORS } from '../bench-stage.ts';
import { HostLoad } from '../host-load.ts';
import type { MeasuredServer } from '../measured-server.ts';
import type { PeerProgram } from '../peer-packages.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import { type DhcpPeerName, startDhcpMuster, startDhcpPeer } from './dhcp-servers.ts';
import { Climb, LADDER_RATES, QUICK_RATES } from './ladder.ts';
import { decodePerfdhcp, type LadderStep, perfdhcpCommand } from './perfdhcp.ts';

/** At least as fast as Kea, whose leases are not on disk when it acknowledges them. */
const TARGETS: Readonly<Record<string, Bound>> = { kea: { is: 'at least', number: 1 } };
const PEER_NAMES: readonly DhcpPeerName[] = ['kea', 'isc-dhcpd'];
const CASE = { case: 'dora', metric: 'clean DORA', unit: '1/s' } as const;

interface Ladder {
  readonly clean: number;
  /** Of the highest clean step. */
  readonly ackMs: number;
  /** Of the whole server, start included, for each exchange of all steps. */
  readonly cpuMicroseconds: number;
}

/** How many exchanges a second are answered without a loss: a ladder of offered rates, server after server, in turns. */
export async function runDora(stage: BenchStage): Promise<readonly BenchRow[]> {
  const perfdhcp = stage.peers.find('perfdhcp');
  if (perfdhcp === undefined) {
    stage.leaveOut('dora: perfdhcp, which makes the load, is not there');
    return [];
  }
  const peers = PEER_NAMES.filter((name) => isThere(name, stage));
  const ladders = new Map<string, Ladder[]>();
  for (let run = 1; run <= stage.runs; run += 1) {
    for (const name of ['muster', ...peers] as const) {
      const server = await startServer(name, run, stage);
      try {
        const ladder = await climb(server, perfdhcp, run, stage);
        ladders.set(name, [...(ladders.get(name) ?? []), ladder]);
      } finally {
        await server.stop();
      }
    }
  }
  return rowsOf(ladders, peers);
}

function isThere(name: DhcpPeerName, stage: BenchStage): boolean {
  if (stage.peers.find(name) !== undefined) return true;
  stage.leaveOut(`dora on ${name}: it is not there`);
  return false;
}

async function startServer(
  name: 'muster' | DhcpPeerName,
  run: number,
  stage: BenchStage,
): Promise<MeasuredServer> {
  const folder = join(stage.folder, `dora-${name}-${run}`);
  if (name === 'muster') return (await startDhcpMuster(folder, 'ladder')).server;
  const server = await startDhcpPeer(name, stage, folder);
  if (server === undefined) throw new Error(`${name} is gone`);
  return server;
}

async function climb(
  server: MeasuredServer,
  perfdhcp: PeerProgram,
  run: number,
  stage: BenchStage,
): Promise<Ladder> {
  const way = new Climb(stage.quick ? QUICK_RATES : LADDER_RATES);
  let [exchanges, ackMs, number] = [0, 0, 0];
  for (let rate = way.next; rate !== undefined; rate = way.next) {
    const [host, before] = [new HostLoad(), server.cpuSeconds];
    const step = await runStep({ rate, number, seed: run }, perfdhcp, stage);
    const verdict = way.tried(step);
    // The load program's own time is not known, and counts as a disturbance here.
    const elsewhere = host.elsewhere(server.cpuSeconds - before);
    stage.disturbed(elsewhere);
    number += 1;
    exchanges += step.acks;
    if (verdict.is === 'clean') ackMs = step.ackMs;
    const told = verdict.is === 'clean' ? `clean, ${step.offerMs} + ${step.ackMs} ms` : verdict.because;
    stage.say(
      `  dora run ${run} ${server.name} ${rate}/s: ${told}, ${Math.round(elsewhere * 100)} % elsewhere`,
    );
  }
  return { clean: way.clean, ackMs, cpuMicroseconds: (server.cpuSeconds * 1e6) / Math.max(1, exchanges) };
}

async function runStep(
  step: { readonly rate: number; readonly number: number; readonly seed: number },
  { path, environment }: PeerProgram,
  stage: BenchStage,
): Promise<LadderStep> {
  const command = perfdhcpCommand(path, step, BENCH_NETWORK);
  const pinned = stage.network.asClient(['taskset', '-c', PROCESSORS.load, ...command]);
  // It ends with 3 when some exchanges were not completed, and has told everything by then.
  const result = await runProgram(pinned, { environment: { ...process.env, ...environment } });
  return decodePerfdhcp(result.stdout.toString('utf8'), step.rate);
}

function rowsOf(
  ladders: ReadonlyMap<string, readonly Ladder[]>,
  peers: readonly string[],
): readonly BenchRow[] {
  const spread = (name: string, of: (ladder: Ladder) => number): Spread =>
    spreadOf((ladders.get(name) ?? []).map(of));
  const runs = ladders.get('muster')?.length ?? 0;
  const row = (metric: string, unit: string, of: (ladder: Ladder) => number) => ({
    case: CASE.case,
    metric,
    unit,
    ours: spread('muster', of),
    runs,
  });
  const clean = row(CASE.metric, CASE.unit, (ladder) => ladder.clean);
  const cpu = row('server CPU per exchange', 'us', (ladder) => ladder.cpuMicroseconds);
  return [
    ...peers.map((peer) =>
      rowAgainst(
        clean,
        peer,
        spread(peer, (ladder) => ladder.clean),
        TARGETS[peer],
      ),
    ),
    ...peers.map((peer) =>
      rowAgainst(
        cpu,
        peer,
        spread(peer, (ladder) => ladder.cpuMicroseconds),
      ),
    ),
    rowAlone(row('DHCPREQUEST to DHCPACK at the clean rate', 'ms', (ladder) => ladder.ackMs)),
  ];
}
