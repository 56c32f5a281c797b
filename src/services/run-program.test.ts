import { describe, expect, test } from 'vitest';
import { lastWords, type ProgramWish, runProgram } from './run-program.ts';

const run = (script: string, change: Partial<ProgramWish> = {}) =>
  runProgram({
    path: '/bin/sh',
    args: ['-c', script],
    environment: {},
    timeoutMs: 10_000,
    maxOutput: 1000,
    enough: new AbortController().signal,
    ...change,
  });

describe('a program', () => {
  test('gets its input and the environment it was given, and nothing of ours', async () => {
    const end = await run('cat; echo "$WORD"; env | grep -c PATH', {
      input: 'in\n',
      environment: { WORD: 'a b' },
    });
    expect(end).toMatchObject({ ended: true, stdout: expect.stringMatching(/^in\na b\n/) });
    const { stdout } = (await run('env')) as { stdout: string };
    expect(stdout).not.toMatch(/^HOME=/m);
  });

  test('ends with its code, and what it said on both ways', async () => {
    expect(await run('echo out; echo err >&2; exit 7')).toEqual({
      ended: true,
      code: 7,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  test('that says more than is kept is read to its end', async () => {
    const end = await run('i=0; while [ $i -lt 20000 ]; do echo 0123456789; i=$((i+1)); done', {
      maxOutput: 25,
    });
    expect(end).toMatchObject({ ended: true, code: 0, stdout: '0123456789\n0123456789\n012' });
  });

  test('that takes too long is killed, and all that it started', async () => {
    const began = Date.now();
    const end = await run('sleep 30 & echo $!; sleep 30', { timeoutMs: 300 });
    expect(end).toEqual({ ended: false, kind: 'killed', because: 'it took longer than 0.3 s' });
    expect(Date.now() - began).toBeLessThan(5000);
  });

  test('is killed when it was enough', async () => {
    const end = await run('sleep 30', { enough: AbortSignal.timeout(100) });
    expect(end).toEqual({ ended: false, kind: 'killed', because: 'it was stopped' });
  });

  test('that is not there is told apart', async () => {
    const end = await run('', { path: '/nonexistent/program' });
    expect(end).toEqual({ ended: false, kind: 'missing', because: 'it cannot be run (ENOENT)' });
  });

  test('that does not read its input harms nobody', async () => {
    expect(await run('exit 0', { input: 'x'.repeat(1_000_000) })).toMatchObject({ ended: true, code: 0 });
  });
});

test('the last words of a program are its last line that says something, on one line', () => {
  expect(lastWords('one\ntwo\u001b[31m.\n\n')).toBe('two [31m');
  expect(lastWords('')).toBe('');
  expect(lastWords('x'.repeat(500))).toHaveLength(200);
});
