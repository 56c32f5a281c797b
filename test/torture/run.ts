/** `tsx test/torture/run.ts [NAME…] [--list] [--short] [--json FILE]`: Muster is treated badly, and must not mind. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Torture, type TortureName, TORTURE_NAMES, TORTURES } from './tortures.ts';

const OPTIONS = {
  list: { type: 'boolean', default: false },
  /** The short form of those that are part of `npm test`. */
  short: { type: 'boolean', default: false },
  json: { type: 'string' },
} as const;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const unknown = positionals.filter((name) => !isTortureName(name));
  if (unknown.length > 0) {
    say(`There is no torture "${unknown.join('", "')}": --list shows those there are`);
    return 2;
  }
  if (values.list) return list();
  const named = positionals.filter(isTortureName);
  const all = TORTURE_NAMES.filter((name) => !values.short || torture(name).when === 'test');
  const counts = { passed: 0, failed: 0 };
  for (const name of named.length > 0 ? named : all) await run(name, values.short, counts);
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify({ ...counts, skipped: 0 }));
  say(`${counts.passed} passed, ${counts.failed} failed`);
  return counts.failed === 0 ? 0 : 1;
}

function list(): number {
  for (const name of TORTURE_NAMES) {
    const { sentence, seconds, when } = torture(name);
    const where = when === 'test' ? 'short in npm test' : 'only here         ';
    say(`${name.padEnd(10)} about ${String(seconds).padStart(3)} s  ${where}  ${sentence}`);
  }
  return 0;
}

async function run(
  name: TortureName,
  short: boolean,
  counts: { passed: number; failed: number },
): Promise<void> {
  say(`${name}: ${torture(name).sentence}`);
  const check = (sentence: string, holds: boolean, found: string): void => {
    say(holds ? `ok   ${name}: ${sentence}` : `FAIL ${name}: ${sentence} (${found})`);
    counts[holds ? 'passed' : 'failed'] += 1;
  };
  try {
    await torture(name).run({ say, check, short });
  } catch (error) {
    check('comes to its end', false, error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

/** The row with the type of the table, so that all rows can be handled alike. */
function torture(name: TortureName): Torture {
  return TORTURES[name];
}

function isTortureName(name: string): name is TortureName {
  return Object.hasOwn(TORTURES, name);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

process.exit(await main());
