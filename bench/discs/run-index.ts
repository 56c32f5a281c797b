import { join } from 'node:path';
import { mustRun } from '../../src/lab/run-program.ts';
import { type BenchRow, type Bound, rowAgainst, rowAlone } from '../bench-row.ts';
import type { BenchStage } from '../bench-stage.ts';
import { spreadOf } from '../statistics.ts';
import { TYPESCRIPT_NODE } from '../typescript-node.ts';
import type { IndexReport } from './index-load.ts';
import { LARGE_DISC, makeDisc } from './make-disc.ts';

const CASE = 'index';
const PROGRAM = join(import.meta.dirname, 'index-load.ts');
const WITHIN_SECONDS: Bound = { is: 'at most', number: 1 };
const WITHIN_MIB: Bound = { is: 'at most', number: 50 };
const EXACTLY_NONE: Bound = { is: 'at most', number: 0 };

/** The files of a disc of 10 GB are found, all of them, beside xorriso, which lists them. */
export async function runIndex(stage: BenchStage): Promise<readonly BenchRow[]> {
  const disc = join(stage.folder, 'large.iso');
  await makeDisc(disc, LARGE_DISC);
  const ours: IndexReport[] = [];
  const theirs: number[] = [];
  const [node, ...words] = TYPESCRIPT_NODE;
  for (let run = 1; run <= stage.runs; run += 1) {
    const printed = await mustRun([node, '--expose-gc', ...words, PROGRAM, disc]);
    const report = JSON.parse(printed.toString('utf8')) as IndexReport;
    ours.push(report);
    const startMs = performance.now();
    await mustRun(['xorriso', '-indev', disc, '-find', '/', '-exec', 'report_lba']);
    theirs.push((performance.now() - startMs) / 1000);
    stage.say(
      `  ${CASE} run ${run}: ${report.nodes} files and folders, opened in ${report.openSeconds.toFixed(3)} s, walked in ${report.walkSeconds.toFixed(2)} s, kept ${report.keptMib.toFixed(1)} MiB; xorriso ${theirs.at(-1)?.toFixed(2)} s`,
    );
  }
  const row = (metric: string, unit: string, of: (report: IndexReport) => number) => ({
    case: CASE,
    metric,
    unit,
    ours: spreadOf(ours.map(of)),
    runs: ours.length,
  });
  const seconds = (report: IndexReport): number => report.openSeconds + report.walkSeconds;
  return [
    rowAlone(row('disc of 10 GB opened and walked', 's', seconds), WITHIN_SECONDS),
    rowAgainst(row('the same beside a listing', 's', seconds), 'xorriso', spreadOf(theirs)),
    rowAlone(
      row('opened', 's', ({ openSeconds }) => openSeconds),
      WITHIN_SECONDS,
    ),
    rowAlone(row('every file found by its number', 's', ({ findSeconds }) => findSeconds)),
    rowAlone(
      row('files not found again', '', ({ nodes, foundAgain }) => nodes - foundAgain),
      EXACTLY_NONE,
    ),
    rowAlone(
      row('memory kept', 'MiB', ({ keptMib }) => keptMib),
      WITHIN_MIB,
    ),
    rowAlone(row('memory of the whole process at its highest', 'MiB', ({ highestMib }) => highestMib)),
  ];
}
