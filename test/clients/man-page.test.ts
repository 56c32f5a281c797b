import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const page = join(import.meta.dirname, '../../docs/muster.1');

test('man formats the man page without a warning', async () => {
  const environment = {
    ...process.env,
    LC_ALL: 'C.UTF-8',
    MANWIDTH: '80',
    MANROFFOPT: '-ww',
    MAN_KEEP_FORMATTING: '',
  };
  const { stdout, stderr } = await run('man', ['--warnings', '-P', 'cat', '-l', page], { env: environment });
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^MUSTER\(1\) +User Commands +MUSTER\(1\)/);
  for (const heading of ['NAME', 'SYNOPSIS', 'OPTIONS', 'COMMANDS', 'EXIT STATUS', 'EXAMPLES'])
    expect(stdout).toContain(`\n${heading}\n`);
  expect(stdout).toMatch(/\n +muster machine ls \[options\]\n +all machines, or those with such labels\n/);
  expect(stdout).toMatch(/\n +-w, --watch\n/);
});

test('mandoc finds nothing wrong with it', async () => {
  const { stdout } = await run('mandoc', ['-Tlint', '-Wwarning', page]).catch(
    (error: { stdout: string }) => error,
  );
  expect(stdout).toBe('');
});
