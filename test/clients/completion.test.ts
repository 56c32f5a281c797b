import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FilledWorld, openFilledWorld } from '../../src/cli/suite/filled-world.ts';

/** The real shells, which press Tab. */

const run = promisify(execFile);
const main = join(import.meta.dirname, '../../src/main.ts');

let filled: FilledWorld;
let folder: string;
let environment: NodeJS.ProcessEnv;
beforeAll(async () => {
  filled = await openFilledWorld();
  folder = await mkdtemp(join(tmpdir(), 'muster-completion-'));
  const program = join(folder, 'muster');
  await writeFile(program, `#!/bin/sh\nexec "${process.execPath}" --import tsx "${main}" "$@"\n`);
  await chmod(program, 0o755);
  environment = {
    HOME: folder,
    TERM: 'dumb',
    LC_ALL: 'C.UTF-8',
    PATH: `${folder}:${process.env['PATH'] ?? ''}`,
    MUSTER_SERVER: filled.api.url,
  };
});
afterAll(async () => {
  await filled.close();
  await rm(folder, { recursive: true });
});

/** A shell in a terminal of its own (script(1)), into which is typed. */
class TypedShell {
  readonly #child: ChildProcessWithoutNullStreams;
  #shown = '';

  constructor(shell: string) {
    const command = ['-q', '-e', '-c', shell, '/dev/null'];
    this.#child = spawn('script', command, { env: environment, cwd: join(import.meta.dirname, '../..') });
    this.#child.stdout.on('data', (piece: Buffer) => {
      this.#shown += piece.toString();
    });
  }

  /** Types it, and waits until the terminal shows that. */
  async type(keys: string, until: RegExp): Promise<string> {
    const from = this.#shown.length;
    this.#child.stdin.write(keys);
    const endMs = Date.now() + 20_000;
    for (;;) {
      const shown = this.#shown.slice(from);
      if (until.test(shown)) return shown;
      if (Date.now() > endMs)
        throw new Error(`After ${JSON.stringify(keys)} it shows ${JSON.stringify(shown)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** At an empty prompt. */
  async exit(): Promise<void> {
    this.#child.stdin.write('exit\n');
    await new Promise((resolve) => void this.#child.once('close', resolve));
  }

  kill(): void {
    this.#child.kill();
  }
}

/** Zsh asks for pasted text to be marked behind its prompt. */
// oxlint-disable-next-line no-control-regex -- it is what is looked for
const PROMPT = /ready> (?:\u001B\[\?2004h)?$/;

/** What is typed before Tab, and what stands there afterwards. */
const TABS = [
  ['muster machine sh\t', /muster machine show /],
  ['muster machine show wor\t', /muster machine show worker-0001 /],
  ['muster lease ls --state he\t', /muster lease ls --state held /],
  ['muster wave show \t', /muster wave show november /],
  ['muster machine ls --wat\t', /muster machine ls --watch /],
  ['muster machine ls --output=js\t', /muster machine ls --output=json/],
] as const;

for (const [name, start, prepare] of [
  ['bash', 'bash --norc --noprofile -i', 'source <(muster completion bash)'],
  ['zsh', 'zsh -f -i', 'autoload -U compinit; compinit -u; source <(muster completion zsh)'],
] as const) {
  test(`${name} completes commands, flags, choices and names`, async ({ onTestFinished }) => {
    const shell = new TypedShell(start);
    onTestFinished(() => shell.kill());
    await shell.type(`PS1='re''ady> '; ${prepare}\n`, PROMPT);
    for (const [keys, expected] of TABS) {
      await shell.type(keys, expected);
      await shell.type('\u0003', PROMPT);
    }
    await shell.exit();
  }, 120_000);
}

test('fish completes commands, flags, choices and names, with what they are', async () => {
  for (const [line, expected] of [
    ['muster machine sh', 'show\tone machine\n'],
    ['muster machine show wor', 'worker-0001\t02:00:00:00:00:01\n'],
    ['muster lease ls --state he', 'held\n'],
    ['muster wave show ', 'november\trunning\n'],
    ['muster machine ls --output=js', '--output=json\n'],
  ] as const) {
    const script = `muster completion fish | source; complete -C '${line}'`;
    const { stdout } = await run('fish', ['--no-config', '-c', script], { env: environment });
    expect(stdout, line).toBe(expected);
  }
}, 120_000);

test('a file is completed where one is wanted', async () => {
  const script = `muster completion fish | source; complete -C 'muster apply -f ${folder}/mus'`;
  const { stdout } = await run('fish', ['--no-config', '-c', script], { env: environment });
  expect(stdout).toMatch(new RegExp(`^${folder}/muster`));
}, 60_000);
