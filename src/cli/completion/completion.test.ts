import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createProgram } from '../create-program.ts';
import { EXIT } from '../exit-codes.ts';
import { NO_LOCAL_COMMANDS, runCaptured } from '../suite/captured-terminal.ts';
import { type FilledWorld, openFilledWorld } from '../suite/filled-world.ts';
import { type Completion, completionOf } from './completion.ts';
import { wordsFrom } from './shell-scripts.ts';

const program = createProgram(NO_LOCAL_COMMANDS, { version: '1.2.3' });

function said(completion: Completion): string {
  if (completion.of === 'files' || completion.of === 'nothing') return completion.of;
  const words = completion.candidates.map(({ word }) => word);
  const things = completion.of === 'things' ? completion.kinds.map((kind) => `(${kind})`) : [];
  return [...words, ...things].join(' ') || 'no word';
}

for (const [line, expected] of [
  ['mach', 'machine'],
  ['machine s', 'set show split'],
  ['machine show ', '(machine)'],
  ['machine show web1 ', 'nothing'],
  ['machine merge web1 ', '(machine)'],
  ['machine add ', 'nothing'],
  ['subnet show ', '(subnet)'],
  ['subnet add ', 'nothing'],
  ['image add ', 'files'],
  ['profile lint a b ', '(profile)'],
  ['wave start ', 'nothing'],
  ['wave start line ', '(machine)'],
  ['wave start line web1 --prof', '--profile'],
  ['install --profile ', '(profile)'],
  ['install --profile pl', '(profile)'],
  ['install ', 'ls show log watch cancel (machine)'],
  ['install w', 'watch (machine)'],
  ['install cancel ', '(install) (machine)'],
  ['token rm ', '(token)'],
  ['lease show ', '(lease)'],
  ['lease ls --state ', 'held expired released declined'],
  ['lease ls --state=re', '--state=released'],
  ['-o ', 'table json yaml name'],
  ['machine ls -o j', 'json'],
  ['machine ls --output=y', '--output=yaml'],
  ['machine ls --wa', '--watch'],
  ['machine ls --ser', '--server'],
  ['machine ls --nonsense', 'no word'],
  ['machine ls -o json ', 'nothing'],
  ['boot web1 w', 'wipe'],
  ['completion ', 'bash zsh fish'],
  ['hook add chat --events install.fi', 'install.finished'],
  ['hook add chat -- --', 'nothing'],
  ['apply -f ', 'files'],
  ['policy set --unknown-machines ', 'menu ignore discover enrol'],
  ['help mach', 'nothing'],
] as const) {
  test(`muster ${line}| may go on with ${expected}`, () => {
    expect(said(completionOf(program, line.split(' ')))).toBe(expected);
  });
}

test('the hidden command is offered to nobody', () => {
  expect(said(completionOf(program, ['compl']))).toBe('completion');
});

test('what bash took apart is one word again', () => {
  for (const [words, expected] of [
    [
      ['ls', '--output', '=', 'js'],
      ['ls', '--output=js'],
    ],
    [
      ['show', '52', ':', '54', ':'],
      ['show', '52:54:'],
    ],
    [
      ['a', ''],
      ['a', ''],
    ],
  ] as const) {
    expect(wordsFrom('bash', words)).toEqual(expected);
    expect(wordsFrom('zsh', words)).toEqual(words);
  }
});

function macOf(index: number): string {
  return `0200${index.toString(16).padStart(8, '0')}`;
}

describe('what a shell is answered', () => {
  let filled: FilledWorld;
  beforeAll(async () => {
    filled = await openFilledWorld();
  });
  afterAll(async () => await filled.close());

  for (const [line, expected] of [
    ['bash -- machine show ', 'rack3-database\nworker-0001\n'],
    ['bash -- machine show wor', 'worker-0001\n'],
    ['bash -- machine ls --output = js', 'json\n'],
    ['bash -- apply -f ', ':files\n'],
    ['bash -- machine show nobody', ''],
    ['fish -- wave show ', 'november\trunning\n'],
    ['zsh -- profile show ', 'database-server:centos-7\n'],
    ['zsh -- mirror show ', 'debian-security:http://127.0.0.1:9/debian-security/pool/updates/main/\n'],
    ['fish -- machine sh', 'show\tone machine\n'],
  ] as const) {
    test(`muster complete ${line}`, async () => {
      expect(await filled.muster(`complete ${line}`)).toEqual({ exitCode: EXIT.ok, out: expected, err: '' });
    });
  }

  test('of more machines than a page holds, those are found that begin as was typed', async () => {
    const rows = Array.from(
      { length: 1500 },
      (_, index) => `blade-${String(index).padStart(4, '0')},${macOf(index)}`,
    );
    const input = async (): Promise<string> => `name,mac\n${rows.join('\n')}\n`;
    expect((await filled.muster('machine import -', { readInput: input })).exitCode).toBe(EXIT.ok);
    expect((await filled.muster('complete bash -- machine show blade-149')).out.split('\n')).toHaveLength(11);
    expect((await filled.muster('machine show blade-1499x')).err).toMatch(/Did you mean "blade-1499"\?/);
  });

  test('the server that the line names is asked', async () => {
    const words = ['complete', 'bash', '--', '--server', filled.api.url, 'wave', 'show', ''];
    const nobody = { environment: { MUSTER_SERVER: 'http://127.0.0.1:1' } };
    expect((await runCaptured(words, nobody)).out).toBe('november\n');
  });

  test('a server that does not answer keeps nobody waiting, and nothing is said', async () => {
    const { createServer } = await import('node:net');
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    const since = Date.now();
    const words = ['complete', 'bash', '--', 'machine', 'show', ''];
    const answer = await runCaptured(words, { environment: { MUSTER_SERVER: `http://127.0.0.1:${port}` } });
    expect(answer).toEqual({ exitCode: EXIT.ok, out: '', err: '' });
    expect(Date.now() - since).toBeLessThan(2_000);
    silent.close();
  });
});
