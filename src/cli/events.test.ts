import { afterEach, beforeEach, expect, test } from 'vitest';
import { listenApi, type ListeningApi } from '../api/listen-api.ts';
import { type ApiWorld, openApiWorld } from '../api/suite/api-world.ts';
import { parseMac } from '../lib/addresses.ts';
import { eventLine } from './commands/event-commands.ts';
import { EXIT } from './exit-codes.ts';
import { runCaptured } from './suite/captured-terminal.ts';
import { type RunningCommand, startCommand, until } from './suite/running-command.ts';

const MAC = parseMac('52:54:00:12:34:56');

let world: ApiWorld;
let api: ListeningApi;
beforeEach(async () => {
  process.env['TZ'] = 'UTC';
  world = await openApiWorld();
  api = await listenApi(world.needs, { address: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  await api.close();
  expect(world.mistakes).toEqual([]);
  await world.close();
});

async function tell(text: string): Promise<void> {
  await world.happened({ kind: 'dhcp.silent', text, because: 'a test', mac: MAC });
}

/** `muster events -f …` that runs until it is told to stop. */
function follow(...words: readonly string[]): RunningCommand {
  return startCommand(['events', '-f', ...words], { environment: { MUSTER_SERVER: api.url } });
}

test('a line says when, who, what kind, what and why', async () => {
  await tell('not answered');
  const { exitCode, out } = await runCaptured(['events'], { environment: { MUSTER_SERVER: api.url } });
  expect([exitCode, out]).toEqual([
    EXIT.ok,
    '13:00:00  52:54:00:12:34:56  dhcp.silent           not answered (a test)\n',
  ]);
});

test('an event of another day has its date, and hostile words are shown, not obeyed', () => {
  expect(
    eventLine(
      { id: 1, at: '2026-11-22T09:00:00.000Z', kind: 'tftp.refused', text: '\u001B[2Jx', machine: 'web1' },
      Date.UTC(2026, 10, 23, 13),
      'plain',
    ),
  ).toBe('2026-11-22 09:00:00  web1               tftp.refused          \\u{1b}[2Jx');
});

test('events for programs are an array, and with -f a line each', async () => {
  await tell('one');
  const listed = await runCaptured(['events', '-o', 'json'], { environment: { MUSTER_SERVER: api.url } });
  expect(JSON.parse(listed.out)).toMatchObject([{ id: 1, text: 'one' }]);
  const followed = follow('-o', 'json');
  await until(() => followed.written.out.includes('one'));
  await tell('two');
  await until(() => followed.written.out.includes('two'));
  expect(await followed.stop()).toBe(EXIT.ok);
  const lines = followed.written.out.trimEnd().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { id: number }).id)).toEqual([1, 2]);
});

test('followed events of one machine come once each, from before and from now', async () => {
  await world.needs.machines.add({ name: 'web1', macs: [MAC], variables: {} });
  await tell('before');
  await world.happened({ kind: 'dhcp.silent', text: 'of another', mac: parseMac('020000000001') });
  const followed = follow('web1');
  await until(() => followed.written.out.includes('before'));
  await world.happened({ kind: 'dhcp.silent', text: 'of another', mac: parseMac('020000000001') });
  await tell('after');
  await until(() => followed.written.out.includes('after'));
  await followed.stop();
  expect(followed.written.out.match(/before|after|another/g)).toEqual(['before', 'after']);
});

test('following goes on when the server was away, and misses nothing', async () => {
  await tell('one');
  const followed = follow();
  await until(() => followed.written.out.includes('one'));
  await tell('two');
  await until(() => followed.written.out.includes('two'));
  await api.close();
  await tell('three');
  await until(() => followed.written.err.includes('The connection to Muster is lost'));
  api = await listenApi(world.needs, { address: '127.0.0.1', port: api.port });
  await until(() => followed.written.out.includes('three'));
  await tell('four');
  await until(() => followed.written.out.includes('four'));
  await followed.stop();
  expect(followed.written.out.match(/one|two|three|four/g)).toEqual(['one', 'two', 'three', 'four']);
});

test('nothing to follow is said at once', async () => {
  await api.close();
  const { exitCode, err } = await runCaptured(['events', '-f'], { environment: { MUSTER_SERVER: api.url } });
  expect(exitCode).toBe(EXIT.unreachable);
  expect(err).toMatch(/is `muster up` running\?/);
});

test('a follower that comes back too late is told what is missing', async () => {
  for (let at = 0; at < 10; at += 1) await tell(`${at}`);
  await world.stores.events.prune(4);
  const follower = follow('--after', '2', '--limit', '1', '--kind', 'install.*');
  await until(() => follower.written.err.includes('are missing'));
  await follower.stop();
  expect(follower.written.err).toContain(
    'Events after 2 are missing, and it goes on after 6: these events are kept no more: what the page or program shows is to be read anew\n',
  );
});

test('a follower of some events is told no others', async () => {
  const follower = follow('--kind', 'install.*');
  await tell('not this');
  await world.happened({ kind: 'install.failed', text: 'but this' });
  await until(() => follower.written.out.includes('but this'));
  await follower.stop();
  expect(follower.written.out).not.toContain('not this');
});
