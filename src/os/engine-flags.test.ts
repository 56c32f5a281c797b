import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { engineFlags } from './engine-flags.ts';

/** An engine says of a flag that it does not know that it does not, and goes on. */
function whatIsSaid(flags: readonly string[]): string {
  const code = `for (const flag of ${JSON.stringify(flags)}) require('node:v8').setFlagsFromString(flag);`;
  return spawnSync(process.execPath, ['--eval', code], { encoding: 'utf8' }).stderr;
}

test('the engine knows the flags that are set', () => {
  expect(whatIsSaid(engineFlags(process.versions.v8, 1))).toBe('');
  expect(whatIsSaid(['--no-such-flag'])).toContain('unrecognized flag');
});

for (const [node, v8, count] of [
  ['20', '11.3.244.8-node.38', 5],
  ['22', '12.4.254.21-node.33', 4],
  ['24', '13.6.233.10-node.28', 4],
] as const) {
  test(`the engine of Node ${node} gets ${count} flags, and one more on one processor`, () => {
    expect(engineFlags(v8, 2)).toHaveLength(count);
    expect(engineFlags(v8, 1)).toHaveLength(count + 1);
  });
}
