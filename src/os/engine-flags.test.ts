import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { ENGINE_FLAGS } from './engine-flags.ts';

/** An engine says of a flag that it does not know that it does not, and goes on. */
function whatIsSaid(flags: readonly string[]): string {
  const code = `for (const flag of ${JSON.stringify(flags)}) require('node:v8').setFlagsFromString(flag);`;
  return spawnSync(process.execPath, ['--eval', code], { encoding: 'utf8' }).stderr;
}

test('the engine knows the flags that are set', () => {
  expect(whatIsSaid(ENGINE_FLAGS)).toBe('');
  expect(whatIsSaid(['--no-such-flag'])).toContain('unrecognized flag');
});
