/** Runs the stages of a check one after another, prints a line for each, and counts. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectFolder, say } from './setup.mjs';

/**
 * @typedef {object} Stage
 * @property {string} name
 * @property {readonly string[]} command
 * @property {'exit code' | 'vitest' | 'boots'} counts what a stage counts as: itself, or the tests it ran
 * @property {boolean} [quiet] its output is only shown when it fails
 * @property {Readonly<Record<string, string>>} [environment] what it has besides ours
 */

/** @typedef {{ passed: number, failed: number, skipped: number }} Count */

/** @param {Stage} stage @returns {Promise<Count>} */
export async function runStage(stage) {
  const folder = mkdtempSync(join(tmpdir(), 'muster-stage-'));
  const report = join(folder, 'report.json');
  const started = Date.now();
  try {
    const { code, output } = await runCommand(stage, [...stage.command, ...reportFlags(stage, report)]);
    const count = countOf(stage, code, report);
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    if (count.failed > 0 && stage.quiet) say(output);
    const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : '';
    say(
      `${count.failed === 0 ? 'ok  ' : 'FAIL'} ${stage.name} (${seconds} s; ${count.passed} passed, ${count.failed} failed${skipped})`,
    );
    return count;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {readonly Stage[]} stages @returns {Promise<Count>} */
export async function runStages(stages) {
  let total = { passed: 0, failed: 0, skipped: 0 };
  for (const stage of stages) total = addCounts(total, await runStage(stage));
  return total;
}

/** Runs rows of stages beside each other. @param {readonly (readonly Stage[])[]} rows @returns {Promise<Count>} */
export async function runBeside(rows) {
  const counts = await Promise.all(rows.map(runStages));
  return counts.reduce(addCounts);
}

/** @param {Count} one @param {Count} other @returns {Count} */
export function addCounts(one, other) {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  };
}

/** The last line of every run, and the exit code that goes with it. @param {Count} total */
export function conclude(total) {
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  process.stdout.write(`${total.passed} passed, ${total.failed} failed${skipped}\n`);
  process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
}

/** @param {Stage} stage @param {string} report */
function reportFlags(stage, report) {
  if (stage.counts === 'vitest')
    return ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  if (stage.counts === 'boots') return ['--json', report];
  return [];
}

/** @param {Stage} stage @param {readonly string[]} command @returns {Promise<{ code: number, output: string }>} */
function runCommand(stage, command) {
  const [program = '', ...args] = command;
  return new Promise((resolve) => {
    const path = `${join(projectFolder, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
    const child = spawn(program, args, {
      cwd: projectFolder,
      env: { ...process.env, ...stage.environment, PATH: path },
      stdio: ['ignore', stage.quiet ? 'pipe' : 2, stage.quiet ? 'pipe' : 2],
    });
    let output = '';
    child.stdout?.on('data', (text) => (output += text));
    child.stderr?.on('data', (text) => (output += text));
    child.on('error', (error) => resolve({ code: 1, output: `${output}${error.message}\n` }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** @param {Stage} stage @param {number} code @param {string} report @returns {Count} */
function countOf(stage, code, report) {
  if (stage.counts === 'exit code')
    return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  let read;
  try {
    read = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const passed = Number(read.numPassedTests ?? read.passed ?? 0);
  const skipped = Number(read.numPendingTests ?? read.skipped ?? 0);
  // A file that cannot even be loaded fails no test, but fails the run.
  const failed = Math.max(Number(read.numFailedTests ?? read.failed ?? 0), code === 0 ? 0 : 1);
  return { passed, failed, skipped };
}
