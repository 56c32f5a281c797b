import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Install } from '../../core/install/install.ts';
import { decodeMessage } from '../../protocols/syslog/message.ts';
import {
  makeMachineWorld,
  type MachineWorld,
  STRANGER,
  WEB01,
  WEB02,
} from '../../servers/suite/machine-world.ts';
import { keptLine, linesOfText, MAX_LINE_LENGTH } from './installer-lines.ts';
import { MAX_POSTED_LINES, POSTED_RATE } from './install-intake.ts';
import { LAST_WORDS_MS } from './who-logs.ts';

let world: MachineWorld;
let install: Install;

beforeEach(async () => {
  world = await makeMachineWorld();
  await world.lease(WEB01, world.web01.macs[0]!);
  await world.lease(WEB02, '52:54:00:00:00:02' as never);
  install = await world.arm();
});
afterEach(async () => {
  await world.installLogs.close();
  await world.events.settled();
  await world.close();
});

async function says(line: string, from = WEB01): Promise<void> {
  await world.intake.takeMessage(decodeMessage(Buffer.from(line)), from, { isCut: false });
}

async function log(): Promise<readonly string[]> {
  await world.installLogs.settled();
  const bytes = await world.installLogs.read(install.id, 0, 1_000_000);
  // Without the time of each.
  return Buffer.from(bytes)
    .toString('utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => line.replace(/^\S+Z /, ''));
}

async function becomes(
  ...events: readonly ('bootOffered' | 'answerServed' | 'finished' | 'cancelled')[]
): Promise<void> {
  for (const event of events) {
    const happened = await world.installs.happened(install.id, event);
    expect(happened.happened).toBe(true);
    // What was found out about an address holds for a moment.
    world.pass(5_000);
  }
}

const SELECTED = (item: string): string =>
  `<30>Nov 27 06:01:02 main-menu[330]: INFO: Menu item '${item}' selected\n`;

describe('lines over syslog', () => {
  test('of the machine that installs are kept, in their order, with who says them and how bad it is', async () => {
    await becomes('bootOffered', 'answerServed');
    await Promise.all([
      says('<30>Nov 27 06:01:02 netcfg[1]: one'),
      says('<27>Nov 27 06:01:02 kernel: two\u001b[31m'),
      says('three'),
    ]);
    expect(await log()).toEqual(['netcfg[1]: one', 'kernel: err: two\\u{1b}[31m', 'three']);
    expect(world.intake.fates.counts.get('taken')).toBe(3);
  });

  for (const [whose, from, events] of [
    ['another machine', WEB02, ['bootOffered', 'answerServed']],
    ['an address of nobody', STRANGER, ['bootOffered', 'answerServed']],
    ['the machine before it booted its installer', WEB01, []],
    ['the machine after the install was cancelled', WEB01, ['bootOffered', 'cancelled']],
  ] as const) {
    test(`of ${whose} are dropped and counted`, async () => {
      await becomes(...events);
      await says('<30>Nov 27 06:01:02 x: y', from);
      expect([await log(), world.intake.fates.counts.get('nobody')]).toEqual([[], 1]);
    });
  }

  test('after its end are kept for a while, since the installer still runs', async () => {
    await becomes('bootOffered', 'answerServed', 'finished');
    await says('last words');
    world.pass(LAST_WORDS_MS);
    await says('of the installed system');
    expect(await log()).toEqual(['last words']);
  });

  test('after the next install was armed are still of the last one', async () => {
    await becomes('bootOffered', 'answerServed', 'finished');
    const next = await world.arm();
    await says('last words');
    expect([await log(), world.installLogs.size(next.id)]).toEqual([['last words'], 0]);
  });

  test('show how far the installer is; the same step told twice is one event', async () => {
    await becomes('bootOffered', 'answerServed');
    for (const item of ['partman-base', 'partman-base', 'bootstrap-base', 'partman-base'])
      await says(SELECTED(item));
    await world.events.settled();
    const told = world.told.filter(({ kind }) => kind === 'install.progressed');
    expect(told.map(({ data }) => [data?.['step'], data?.['percent']])).toEqual([
      ['disk', 12],
      ['base system', 18],
    ]);
    expect(await world.installs.byId(install.id)).toMatchObject({
      state: 'installing',
      step: 'base system',
      percent: 18,
    });
  });

  for (const tool of ['wipe@debian:sda', 'discover@debian', 'rescue@debian'])
    test(`of the installer that carries ${tool} are kept, and are no steps: the tool reports its own`, async () => {
      const retired = await world.installs.happened(install.id, 'cancelled');
      expect(retired.happened).toBe(true);
      install = await world.arm(world.web01, tool);
      await becomes('bootOffered', 'answerServed');
      await world.installs.happened(install.id, 'progressed', { step: 'looking for the disk', percent: 0 });
      for (const item of ['partman-base', 'bootstrap-base']) await says(SELECTED(item));
      expect((await log()).length).toBe(2);
      expect(await world.installs.byId(install.id)).toMatchObject({
        state: 'installing',
        step: 'looking for the disk',
        percent: 0,
      });
    });

  test('before the answer file was given move nothing: only the log has them', async () => {
    await becomes('bootOffered');
    await says(SELECTED('partman-base'));
    expect(await world.installs.byId(install.id)).toMatchObject({ state: 'booting' });
    expect((await log()).length).toBe(1);
  });
});

describe('what is posted', () => {
  test('a piece of a log is kept and read', async () => {
    await becomes('bootOffered', 'answerServed');
    const text = `Nov 27 06:01:02 main-menu[330]: INFO: Menu item 'grub-installer' selected\r\n\n06:01:02,123 INF x: y\n`;
    expect(await world.intake.takeText(install.token, text, WEB01)).toMatchObject({ reported: true });
    expect(await log()).toEqual([
      "main-menu: INFO: Menu item 'grub-installer' selected",
      '06:01:02,123 INF x: y',
    ]);
    expect(await world.installs.byId(install.id)).toMatchObject({ step: 'boot loader', percent: 82 });
  });

  test('an event of a webhook is a line, and a step', async () => {
    await becomes('bootOffered', 'answerServed');
    const name = 'subiquity/Install/install/curtin_install/cmd-install/stage-extract';
    const event = { name, description: 'writing install sources to disk', type: 'start' };
    expect(await world.intake.takeReporting(install.token, event, WEB01)).toMatchObject({ reported: true });
    expect(await log()).toEqual([`reporting: start: ${name}: writing install sources to disk`]);
    expect(await world.installs.byId(install.id)).toMatchObject({ step: 'base system', percent: 18 });
  });

  test('the end of the whole install that failed fails it, with the words', async () => {
    await becomes('bootOffered', 'answerServed');
    const event = {
      name: 'subiquity/Install/install',
      description: 'no disk',
      type: 'finish',
      result: 'FAIL',
    };
    await world.intake.takeReporting(install.token, event, WEB01);
    expect(await world.installs.byId(install.id)).toMatchObject({
      state: 'failed',
      because: 'subiquity/Install/install failed: no disk',
    });
  });

  for (const [what, token, from, events, refusal] of [
    ['with a token of nobody', 'f'.repeat(32), WEB01, ['bootOffered', 'answerServed'], 'not yours'],
    ['with no token at all', '../x', WEB01, ['bootOffered', 'answerServed'], 'not yours'],
    ['from the address of another machine', undefined, WEB02, ['bootOffered', 'answerServed'], 'not yours'],
    ['before the machine booted', undefined, WEB01, [], 'not now'],
  ] as const) {
    test(`${what} is refused, and nothing is kept`, async () => {
      await becomes(...events);
      const answer = await world.intake.takeText(token ?? install.token, 'line\n', from);
      expect(answer).toMatchObject({ reported: false, refusal });
      expect(await log()).toEqual([]);
    });
  }
});

test('a line as it is kept has no control characters and a most length', () => {
  const line = keptLine({ program: 'x', text: `a\tb\u0007\u009b${'y'.repeat(20_000)}` }, 0);
  expect(line.slice(0, 45)).toBe('1970-01-01T00:00:00.000Z x: a\tb\\u{7}\\u{9b}yyy');
  expect(line.length).toBe(MAX_LINE_LENGTH);
  const named = decodeMessage(Buffer.from('<13>1 - - a\u001b]0;x\u0007 7\u0008 - - text'));
  expect(keptLine(named, 0, named)).toBe('1970-01-01T00:00:00.000Z a\\u{1b}]0;x\\u{7}[7\\u{8}]: text');
});

test('a text has lines by any line break, and no empty ones', () => {
  expect(linesOfText('a\r\nb\n\n \0c\rd')).toEqual(['a', 'b', 'c', 'd']);
});

describe('posted logs have limits', () => {
  const post = (lines: number) => world.intake.takeText(install.token, 'x\n'.repeat(lines), WEB01);
  const kept = () => world.installLogs.settled().then(() => world.installLogs.size(install.id));

  test('a piece with too many lines is refused as a whole, with what to do', async () => {
    await becomes('bootOffered', 'answerServed');
    expect(await post(MAX_POSTED_LINES + 1)).toMatchObject({
      reported: false,
      refusal: 'too much',
      installId: install.id,
      because: 'a piece of a log may have 50000 lines, and this one has 50001: post it in smaller pieces',
    });
    expect(await kept()).toBe(0);
  });

  test('an install that posts without end waits for its rate, events too, and goes on then', async () => {
    await becomes('bootOffered', 'answerServed');
    const most = POSTED_RATE.burst / MAX_POSTED_LINES;
    for (let piece = 0; piece < most; piece += 1)
      expect(await post(MAX_POSTED_LINES)).toMatchObject({ reported: true });
    const before = await kept();
    const refused = {
      reported: false,
      refusal: 'too much',
      because: expect.stringMatching(
        /may post 100000 lines at once and 500 a second: wait, and post it again$/,
      ),
    };
    expect(await post(1)).toMatchObject(refused);
    const event = { name: 'subiquity/Network', description: 'x', type: 'start' };
    expect(await world.intake.takeReporting(install.token, event, WEB01)).toMatchObject(refused);
    expect(await kept()).toBe(before);
    world.pass(2_000);
    expect(await post(2 * POSTED_RATE.perSecond + 1)).toMatchObject(refused);
    expect(await post(2 * POSTED_RATE.perSecond)).toMatchObject({ reported: true });
  });
});
