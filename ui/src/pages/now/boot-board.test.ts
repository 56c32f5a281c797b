import { describe, expect, test } from 'vitest';
import type { WireEvent } from '../../../../src/contract/events.ts';
import { BootBoard } from './boot-board.ts';
import { type BootRow, leftMs, rateOf } from './boot-row.ts';

const START_MS = Date.UTC(2026, 10, 23, 13);
const MAC = '52:54:00:12:34:56';

/** Events of one machine, a second apart. */
class Story {
  readonly board = new BootBoard();
  #id = 0;
  nowMs = START_MS;

  tell(kind: string, more: Partial<WireEvent> | { data?: object } = {}): this {
    this.#id += 1;
    this.nowMs += 1_000;
    const who = { machineId: 'm-1', machine: 'web01', mac: MAC };
    const event = { id: this.#id, at: new Date(this.nowMs).toISOString(), kind, text: kind, ...who, ...more };
    this.board.take([event as unknown as WireEvent], this.nowMs);
    return this;
  }

  get row(): BootRow | undefined {
    const { store } = this.board;
    return store.get(store.keys()[0] ?? '');
  }

  get brief(): string {
    const { row } = this;
    return row ? `${row.phase} ${row.going}` : 'none';
  }
}

const ASKS = { data: { bootFile: 'pxelinux.0', address: '192.168.122.100' } };

test('a machine moves through the phases of an install', () => {
  const story = new Story();
  const seen: string[] = [];
  const tell = (...words: Parameters<Story['tell']>): unknown => seen.push(story.tell(...words).brief);
  tell('dhcp.offered', ASKS);
  tell('dhcp.acknowledged', ASKS);
  tell('tftp.sent', { data: { file: 'undionly.kpxe', bytes: 100, bytesPerSecond: 50 } });
  tell('dhcp.acknowledged', { data: { bootFile: 'http://192.168.122.1/boot.ipxe' } });
  tell('boot.decided', { data: { boot: 'installer' } });
  tell('install.bootOffered', { installId: 'i-1' });
  tell('http.sent', { data: { file: 'vmlinuz', bytes: 1000, bytesPerSecond: 500 } });
  tell('dhcp.acknowledged', { data: { address: '192.168.122.100' } });
  tell('install.answerServed', { installId: 'i-1' });
  tell('http.sent', { data: { file: 'ks.cfg', bytes: 10 } });
  tell('install.started', { installId: 'i-1' });
  tell('install.progressed', { installId: 'i-1', data: { step: 'packages', percent: 40 } });
  tell('http.tree', { data: { image: 'centos', files: 9, bytes: 5000, bytesPerSecond: 900 } });
  tell('install.finished', { installId: 'i-1', data: { step: 'installed', percent: 100 } });
  expect(seen).toEqual([
    'dhcp moving',
    'dhcp moving',
    'loader moving',
    'loader moving',
    'loader moving',
    'kernel moving',
    'kernel moving',
    'kernel moving',
    'installer moving',
    'installer moving',
    'installer moving',
    'steps moving',
    'steps moving',
    'disk done',
  ]);
  expect(story.row).toMatchObject({
    name: 'web01',
    address: '192.168.122.100',
    installId: 'i-1',
    percent: 100,
    sentBytes: 6110,
    beganAtMs: START_MS + 1_000,
  });
});

describe('what the row says', () => {
  for (const [what, kind, more, expected] of [
    [
      'its turn did not come',
      'boot.decided',
      { data: { boot: 'wait' }, because: 'the budget is taken' },
      'loader waiting',
    ],
    ['somebody has to choose', 'boot.decided', { data: { boot: 'menu' } }, 'loader waiting'],
    [
      'it is told nothing',
      'boot.decided',
      { data: { boot: 'nothing' }, because: 'not known' },
      'loader failed',
    ],
    ['it boots its disk', 'boot.decided', { data: { boot: 'local disk' } }, 'disk done'],
    ['Secure Boot refused the loader', 'boot.notStarted', {}, 'loader failed'],
  ] as const)
    test(what, () => {
      const story = new Story().tell('dhcp.offered', ASKS).tell(kind, more);
      expect(story.brief).toBe(expected);
      expect(story.row?.because).toBe('because' in more ? more.because : undefined);
    });

  for (const [boot, expected] of [
    ['wait', 'loader waiting'],
    ['menu', 'loader waiting'],
    ['nothing', 'loader failed'],
  ] as const)
    test(`it is told "${boot}", and is sent the script that says so`, () => {
      const because = 'the budget is taken';
      const story = new Story().tell('dhcp.offered', ASKS).tell('boot.decided', { data: { boot }, because });
      story.tell('http.sent', { data: { file: 'boot.ipxe (waiting)', bytes: 700 } });
      story.tell('tftp.sent', { data: { file: 'menu.c32', bytes: 26_000 } });
      expect(story.brief).toBe(expected);
      expect(story.row?.because).toBe(because);
      story.tell('http.sent', { data: { file: 'centos/vmlinuz', bytes: 8_000_000 } });
      expect(story.brief).toBe('loader moving');
    });

  test('an install that failed keeps the phase it failed in, with the reason', () => {
    const story = new Story()
      .tell('dhcp.offered', ASKS)
      .tell('install.answerServed', { installId: 'i-1' })
      .tell('install.timedOut', { installId: 'i-1', because: 'nothing was heard for an hour' });
    expect(story.brief).toBe('installer failed');
    expect(story.row?.because).toBe('nothing was heard for an hour');
  });
});

test('a lease that a running system renews makes no row', () => {
  expect(new Story().tell('dhcp.acknowledged', { data: { address: '192.168.122.7' } }).brief).toBe('none');
});

test('firmware that is told no boot file waits with the reason; a Raspberry Pi wants none', () => {
  const because = 'grubx64.efi is not there';
  const told = new Story().tell('dhcp.acknowledged', { data: { stage: 'firmware' }, because });
  expect(told.brief).toBe('dhcp waiting');
  expect(told.row?.because).toBe(because);
  const pi = new Story().tell('dhcp.acknowledged', { data: { stage: 'firmware', raspberryPi: true } });
  expect(pi.brief).toBe('dhcp moving');
});

test('firmware that is not answered waits, with the reason', () => {
  const story = new Story().tell('dhcp.offered', ASKS);
  expect(story.brief).toBe('dhcp moving');
  story.tell('dhcp.silent', { data: { stage: 'firmware' }, because: 'it takes the offer of another server' });
  expect(story.brief).toBe('dhcp waiting');
  expect(story.row?.because).toBe('it takes the offer of another server');
});

test('an answer that a machine does not get while it is further on changes nothing', () => {
  const story = new Story().tell('dhcp.offered', ASKS).tell('boot.decided', { data: { boot: 'installer' } });
  story.tell('dhcp.silent', { data: { stage: 'ipxe' }, because: 'it takes the offer of another server' });
  expect(story.brief).toBe('loader moving');
});

test('an install that is armed waits for its machine, and is no row', () => {
  expect(new Story().tell('install.requested', { installId: 'i-1' }).brief).toBe('none');
});

test('a machine that is switched on again begins anew, in its place', () => {
  const story = new Story().tell('dhcp.offered', ASKS).tell('boot.decided', { data: { boot: 'installer' } });
  story.tell('http.sent', { data: { file: 'vmlinuz', bytes: 1000 } }).tell('dhcp.offered', ASKS);
  expect(story.brief).toBe('dhcp moving');
  expect(story.row).toMatchObject({ sentBytes: 0, isDecided: false });
  expect(story.board.store.keys()).toHaveLength(1);
});

test('a machine that becomes known while it boots stays the same row', () => {
  const story = new Story();
  const nobody = { machineId: undefined, machine: undefined };
  story.tell('dhcp.offered', { ...nobody, ...ASKS });
  expect(story.row).toMatchObject({ key: MAC, isKnown: false });
  story.tell('boot.decided', { data: { boot: 'menu' } });
  expect(story.board.store.keys()).toEqual(['m-1']);
  expect(story.row).toMatchObject({ name: 'web01', isKnown: true, beganAtMs: START_MS + 1_000 });
});

test('what was taken before changes nothing', () => {
  const story = new Story().tell('dhcp.offered', ASKS).tell('boot.decided', { data: { boot: 'wait' } });
  const before = story.row;
  story.board.take(
    [{ id: 1, at: new Date(START_MS).toISOString(), kind: 'dhcp.offered', text: '' }],
    story.nowMs,
  );
  expect(story.row).toBe(before);
});

test('where the server has another database, its events begin anew', () => {
  const story = new Story().tell('dhcp.offered', ASKS).tell('boot.decided', { data: { boot: 'wait' } });
  story.board.forget();
  const first = { id: 1, at: new Date(START_MS).toISOString(), kind: 'dhcp.offered', text: '', mac: MAC };
  story.board.take([{ ...first, ...ASKS } as unknown as WireEvent], START_MS);
  expect(story.row).toMatchObject({ key: MAC, phase: 'dhcp', isKnown: false });
  expect(story.board.store.keys()).toHaveLength(1);
});

test('a row without news goes, and one whose installer is silent stays', () => {
  const quiet = new Story().tell('dhcp.offered', ASKS);
  quiet.board.take([], quiet.nowMs + 2 * 60_000 + 1);
  expect(quiet.brief).toBe('none');
  const installing = new Story().tell('install.started', { installId: 'i-1' });
  installing.board.take([], installing.nowMs + 2 * 60_000 + 1);
  expect(installing.brief).toBe('installer moving');
});

describe('numbers', () => {
  const story = new Story()
    .tell('install.progressed', { installId: 'i-1', data: { step: 'disk', percent: 10 } })
    .tell('http.tree', { data: { bytes: 5000, bytesPerSecond: 900 } })
    .tell('install.progressed', { installId: 'i-1', data: { step: 'packages', percent: 40 } });
  const row = story.row as BootRow;

  test('the time that is left follows from what was measured', () => {
    const measuredFromMs = row.measuredFromMs ?? 0;
    expect(leftMs(row, measuredFromMs + 60_000)).toBe((60_000 / 30) * 60);
  });

  test('no time is guessed before enough was measured, or when it stands still', () => {
    expect(leftMs(row, (row.measuredFromMs ?? 0) + 10_000)).toBeUndefined();
    expect(leftMs({ ...row, percent: 12 }, (row.measuredFromMs ?? 0) + 60_000)).toBeUndefined();
    expect(leftMs({ ...row, going: 'failed' }, (row.measuredFromMs ?? 0) + 60_000)).toBeUndefined();
  });

  test('a rate holds for a while', () => {
    const atMs = row.rateAtMs ?? 0;
    expect(rateOf(row, atMs + 5_000)).toBe(900);
    expect(rateOf(row, atMs + 15_000)).toBeUndefined();
  });
});
