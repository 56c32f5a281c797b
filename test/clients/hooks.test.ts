import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EVENT_WAIT, MusterInNamespace, Segment } from './muster-in-namespace.ts';
import { describeInNamespace } from './namespace.ts';
import type { RunningProgram } from './running-program.ts';

/** The whole program tells a server and a program what happens; openssl says whether the signature is right. */

const KEY = 'a-key-that-nobody-guesses';
const PORT = 8099;

describeInNamespace('hooks', () => {
  let segment: Segment;
  let muster: MusterInNamespace;
  let receiver: RunningProgram;
  let folder: string;
  const inFolder = (name: string): string => join(folder, name);
  const requests = (): readonly (readonly string[])[] =>
    receiver.stdout
      .split('\n')
      .flatMap((line) => (line.startsWith('received ') ? [line.split(' ').slice(1)] : []));

  beforeAll(async () => {
    segment = await Segment.make();
    folder = mkdtempSync(join(tmpdir(), 'muster-hooks-'));
    mkdirSync(inFolder('commands'), { mode: 0o755 });
    writeFileSync(inFolder('key'), `${KEY}\n`, { mode: 0o600 });
    writeFileSync(
      inFolder('commands/ticket'),
      `#!/bin/sh\ncat >>${inFolder('lines')}\necho "ticket $1 is open"\n`,
    );
    chmodSync(inFolder('commands/ticket'), 0o755);
    receiver = segment.server.startScript('test/clients/hook-receiver-child.ts', [String(PORT), folder]);
    await receiver.waitFor(/listening/);
    muster = new MusterInNamespace(segment.server, {
      settings: { MUSTER_COMMANDS_FOLDER: inFolder('commands') },
    });
    await muster.up();
    await muster.run('machine', 'add', 'web1', '--mac', '52:54:00:12:34:56', '--label', 'rack=a');
    await muster.run(
      'hook',
      'add',
      'chat',
      '--events',
      'power.*,server.*',
      '--url',
      `http://127.0.0.1:${PORT}/in`,
      '--secret-file',
      inFolder('key'),
    );
    await muster.run(
      'hook',
      'add',
      'tickets',
      '--events',
      'power.failed',
      '-l',
      'rack=a',
      '--',
      'ticket',
      '7',
    );
    // A machine nobody can switch: each try is an event.
    await muster.run('power', 'set', 'web1', '--driver', 'command', '--', 'no-such-program');
  });
  afterAll(async () => {
    expect(muster.program.stderr, 'the log').not.toContain(KEY);
    await muster.close();
    await receiver.stop();
    await segment.close();
    rmSync(folder, { recursive: true });
  });

  test('a server is told again what it did not take, and openssl finds the signature right', async () => {
    await muster.tryRun('power', 'on', 'web1');
    await expect.poll(() => requests().length, EVENT_WAIT).toBeGreaterThanOrEqual(3);
    const deliveries = requests().map(([, delivery]) => delivery);
    expect(deliveries[0], 'the first was answered with 500').toBe(deliveries[1]);
    for (const [number = '', , signature = ''] of requests()) {
      const [, seconds = '', hex = ''] = /^t=(\d+),v1=([\da-f]{64})$/.exec(signature) ?? [];
      const signed = inFolder(`signed-${number}`);
      writeFileSync(signed, `${seconds}.${readFileSync(inFolder(`body-${number}`), 'utf8')}`);
      const { stdout } = await segment.server.run('openssl', ['dgst', '-sha256', '-hmac', KEY, signed]);
      expect(stdout.trim().split(' ').at(-1)).toBe(hex);
    }
    expect(JSON.parse(readFileSync(inFolder('body-1'), 'utf8'))).toMatchObject({
      hook: 'chat',
      event: { machine: 'web1' },
    });
  });

  test('a program is told of machines with its labels, and what it prints is in the timeline', async () => {
    await expect.poll(() => muster.told('hook.said'), EVENT_WAIT).not.toEqual([]);
    expect(muster.told('hook.said')[0]).toMatchObject({
      text: 'Hook tickets: ticket 7 is open',
      machine: 'web1',
    });
    const [line = ''] = readFileSync(inFolder('lines'), 'utf8').split('\n');
    expect(JSON.parse(line)).toMatchObject({
      hook: 'tickets',
      event: { kind: 'power.failed', machine: 'web1' },
    });
  });

  test('after kill -9 and a start it goes on, in the order of the timeline, and nothing is missing', async () => {
    await muster.tryRun('power', 'on', 'web1');
    await muster.program.stop('SIGKILL');
    await muster.up();
    await muster.tryRun('power', 'off', 'web1');
    const listed = await muster.run<readonly { id: number; kind: string }[]>('events', '--limit', '500');
    const added = Number(requests()[0]?.[1]?.split('.').at(-1));
    const wanted = listed
      .filter(({ id, kind }) => id >= added && /^(?:power|server)\./.test(kind))
      .map(({ id }) => `chat.${id}`);
    await expect
      .poll(() => [...new Set(requests().map(([, delivery]) => delivery))], EVENT_WAIT)
      .toEqual(wanted);
  });

  test('is tried, shown and taken away, and its key is in nothing that is shown', async () => {
    expect(await muster.run('hook', 'test', 'chat')).toMatchObject({ result: 'done', said: '204' });
    const shown = await Promise.all(
      [['hook', 'show', 'chat'], ['hook', 'ls'], ['hook', 'deliveries', 'chat'], ['events']].map((words) =>
        muster.tryRun(...words, '-o', 'json'),
      ),
    );
    expect(shown.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(shown.map(({ stdout }) => stdout).join('')).not.toContain(KEY);
    expect(await muster.tryRun('hook', 'rm', 'chat', '-y')).toMatchObject({ code: 0 });
    expect(await muster.tryRun('hook', 'show', 'chat')).toMatchObject({ code: 1 });
  });
});
