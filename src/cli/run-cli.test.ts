import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { listenApi } from '../api/listen-api.ts';
import { openApiWorld } from '../api/suite/api-world.ts';
import { EXIT, EXIT_SENTENCES } from './exit-codes.ts';
import type { LocalCommands } from './local-commands.ts';
import { NO_LOCAL_COMMANDS, runCaptured } from './suite/captured-terminal.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => void server.close(resolve));
  }
});

/** Something that answers HTTP, and is not Muster. */
async function stranger(
  status: number,
  type: string,
  body: string,
  seen: (headers: IncomingHttpHeaders) => void = () => undefined,
): Promise<string> {
  const server = createServer((request, response) => {
    seen(request.headers);
    response.writeHead(status, { 'content-type': type }).end(body);
  });
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

const PROBLEM_TYPE = 'application/problem+json';
const problem = (type: string, status: number): string =>
  JSON.stringify({ type, title: 'x', status, detail: 'the reason' });

describe('how a command ends where the server says no', () => {
  for (const [title, status, type, body, exitCode, err] of [
    ['not there', 404, PROBLEM_TYPE, problem('not-found', 404), EXIT.failed, /^muster: The reason\n$/],
    ['a conflict', 409, PROBLEM_TYPE, problem('conflict', 409), EXIT.failed, /The reason/],
    ['refused', 409, PROBLEM_TYPE, problem('refused', 409), EXIT.failed, /The reason/],
    ['not understood', 400, PROBLEM_TYPE, problem('bad-request', 400), EXIT.usage, /The reason/],
    [
      'bad configuration',
      422,
      PROBLEM_TYPE,
      problem('bad-configuration', 422),
      EXIT.badConfiguration,
      /The reason/,
    ],
    ['not permitted', 403, PROBLEM_TYPE, problem('not-permitted', 403), EXIT.notPermitted, /The reason/],
    ['not logged in', 401, PROBLEM_TYPE, problem('bad-request', 401), EXIT.notPermitted, /The reason/],
    ['busy', 503, PROBLEM_TYPE, problem('busy', 503), EXIT.failed, /The reason/],
    ['a mistake', 500, PROBLEM_TYPE, problem('internal', 500), EXIT.failed, /The reason/],
    ['another program', 200, 'text/html', '<html>', EXIT.unreachable, /is not this version of Muster/],
    [
      'another program that says no',
      502,
      'text/html',
      '<html>',
      EXIT.unreachable,
      /it answers 502 Bad Gateway/,
    ],
    [
      'another program with JSON',
      200,
      'application/json',
      '{"items":[{"name":1}]}',
      EXIT.unreachable,
      /items\[0\]\.name/,
    ],
    [
      'hostile words',
      409,
      PROBLEM_TYPE,
      problem('refused', 409).replace('the reason', '\\u001b[2J'),
      EXIT.failed,
      /^muster: \\u\{1b\}\[2J\n$/,
    ],
  ] as const) {
    test(title, async () => {
      const server = await stranger(status, type, body);
      const result = await runCaptured(['subnet', 'ls', '--server', server]);
      expect(result.exitCode).toBe(exitCode);
      expect(result.err).toMatch(err);
      expect(result.out).toBe('');
    });
  }

  test('another place is not followed to', async () => {
    const server = createServer((_, response) =>
      response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
    );
    servers.push(server);
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
    expect((await runCaptured(['status', '--server', url])).exitCode).toBe(EXIT.unreachable);
  });
});

describe('which server is asked', () => {
  test('none there: 69, and what to do', async () => {
    expect(await runCaptured(['status', '--server', 'http://127.0.0.1:1/'])).toEqual({
      exitCode: EXIT.unreachable,
      out: '',
      err: expect.stringMatching(
        /^muster: Cannot reach Muster at http:\/\/127\.0\.0\.1:1: is `muster up` running\? \(/,
      ),
    });
  });

  test('the flag wins over the variable', async () => {
    const result = await runCaptured(['status', '--server', 'http://127.0.0.1:1'], {
      environment: { MUSTER_SERVER: 'http://127.0.0.1:2' },
    });
    expect(result.err).toMatch('http://127.0.0.1:1');
  });

  for (const server of ['127.0.0.1:8067', 'ftp://127.0.0.1', 'nonsense', '/run/muster.sock']) {
    test(`"${server}" is none`, async () => {
      const result = await runCaptured(['status', '--server', server]);
      expect([result.exitCode, result.err]).toEqual([
        EXIT.usage,
        expect.stringContaining('is not an address of Muster'),
      ]);
    });
  }
});

describe('the token file', () => {
  test('is sent as it should be, and only the word in it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'muster-token-'));
    await writeFile(join(folder, 'token'), 'secret-word\n');
    const seen: IncomingHttpHeaders[] = [];
    const server = await stranger(200, 'application/json', '{"items":[]}', (headers) => seen.push(headers));
    const path = join(folder, 'token');
    await runCaptured(['subnet', 'ls', '--server', server, '--token-file', path]);
    expect(seen.map(({ authorization }) => authorization)).toEqual(['Bearer secret-word']);
    for (const text of ['', 'two words', 'a\u0000b', 'x'.repeat(5000)]) {
      await writeFile(path, text);
      const result = await runCaptured(['subnet', 'ls', '--server', server, '--token-file', path]);
      expect(result.exitCode).toBe(EXIT.usage);
      expect(result.err).not.toContain('words');
    }
    expect(seen).toHaveLength(1);
    await rm(folder, { recursive: true });
  });

  test('that is not there is said', async () => {
    const result = await runCaptured(['status', '--token-file', '/nonexistent']);
    expect([result.exitCode, result.err]).toEqual([EXIT.usage, expect.stringContaining('/nonexistent')]);
  });
});

describe('local commands', () => {
  for (const [line, name, given] of [
    ['up', 'up', { set: [], color: 'plain', quiet: false }],
    [
      'up --config m.yaml --set a=b --set c=d,e -q',
      'up',
      { config: 'm.yaml', set: ['a=b', 'c=d,e'], color: 'plain', quiet: true },
    ],
    ['demo', 'demo', { color: 'plain', quiet: false }],
    ['config show --origin -o json', 'configShow', { set: [], origin: true, format: 'json' }],
    ['config check --config m.yaml', 'configCheck', { config: 'm.yaml', set: [] }],
    ['loaders install', 'loadersInstall', { color: 'plain', quiet: false, cpu: 'x64' }],
    ['loaders install --cpu aa64', 'loadersInstall', { color: 'plain', quiet: false, cpu: 'aa64' }],
  ] as const) {
    test(`${line}: is given what was said, and ends as it ends`, async () => {
      const calls: unknown[] = [];
      const local: LocalCommands = {
        ...NO_LOCAL_COMMANDS,
        [name]: async (options: unknown) => {
          calls.push(options);
          return EXIT.badConfiguration;
        },
      };
      expect(await runCaptured(line.split(' '), {}, local)).toEqual({
        exitCode: EXIT.badConfiguration,
        out: '',
        err: '',
      });
      expect(calls).toEqual([given]);
    });
  }

  test('a mistake of ours is said as one, with where it was', async () => {
    const result = await runCaptured(['up']);
    expect(result.exitCode).toBe(EXIT.failed);
    expect(result.err).toMatch(
      /^muster: this is a mistake of Muster's own:\nError: A local command was run\n +at /,
    );
  });
});

describe('colour', () => {
  for (const [title, words, change, colored] of [
    ['on a terminal', [], { outIsTerminal: true }, true],
    ['not into a file', [], {}, false],
    ['not with --no-color', ['--no-color'], { outIsTerminal: true }, false],
    ['not with NO_COLOR', [], { outIsTerminal: true, environment: { NO_COLOR: '1' } }, false],
    ['still with an empty NO_COLOR', [], { outIsTerminal: true, environment: { NO_COLOR: '' } }, true],
  ] as const) {
    test(title, async () => {
      const given: { color?: string }[] = [];
      const local = {
        ...NO_LOCAL_COMMANDS,
        up: async (options: { color: string }) => {
          given.push(options);
          return EXIT.ok;
        },
      };
      await runCaptured(['up', ...words], change, local);
      expect(given[0]!.color).toBe(colored ? 'color' : 'plain');
    });
  }
});

test('help names every exit code, and goes to standard output', async () => {
  const { exitCode, out, err } = await runCaptured(['--help']);
  expect([exitCode, err]).toEqual([EXIT.ok, '']);
  for (const sentence of Object.values(EXIT_SENTENCES)) expect(out).toContain(sentence);
});

for (const words of [[], ['nonsense'], ['--nonsense'], ['subnet'], ['status', 'extra']]) {
  test(`"muster ${words.join(' ')}" cannot be understood: 2, on standard error`, async () => {
    const { exitCode, out, err } = await runCaptured(words);
    expect([exitCode, out]).toEqual([EXIT.usage, '']);
    expect(err).not.toBe('');
  });
}

describe('as a process', () => {
  const main = join(import.meta.dirname, '../main.ts');

  async function runProcess(
    words: readonly string[],
    server: string,
    said: (child: ChildProcess) => void = () => undefined,
  ) {
    const child = spawn(process.execPath, ['--import', 'tsx', main, ...words], {
      env: { PATH: process.env['PATH'] ?? '', MUSTER_SERVER: server },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (piece: Buffer) => {
      out += piece.toString();
      said(child);
    });
    child.stderr.on('data', (piece: Buffer) => (err += piece.toString()));
    const exitCode = await new Promise<number | null>((resolve) => void child.once('close', resolve));
    return { exitCode, out, err };
  }

  test('data goes to one stream, talk to the other, and the exit code to the shell', async () => {
    const world = await openApiWorld();
    const api = await listenApi(world.needs, { address: '127.0.0.1', port: 0 });
    expect(await runProcess(['machine', 'add', 'web1', '--mac', '525400123456'], api.url)).toEqual({
      exitCode: EXIT.ok,
      out: '',
      err: 'Machine web1 is known by 52:54:00:12:34:56\n',
    });
    expect(await runProcess(['machine', 'ls', '-o', 'name'], api.url)).toEqual({
      exitCode: EXIT.ok,
      out: 'web1\n',
      err: '',
    });
    const interrupted = (child: ChildProcess): void => void child.kill('SIGINT');
    expect(await runProcess(['machine', 'ls', '-o', 'name', '--watch'], api.url, interrupted)).toEqual({
      exitCode: EXIT.ok,
      out: 'web1\n',
      err: '',
    });
    await api.close();
    expect(await runProcess(['machine', 'ls'], api.url)).toMatchObject({
      exitCode: EXIT.unreachable,
      out: '',
    });
    await world.close();
  }, 120_000);
});
