import { describe, expect, test } from 'vitest';
import { advance, type BootProgress, POWER_ON, type Signal, stageDurations } from './boot-progress.ts';

const event = (kind: string, data?: Record<string, string | number>): Signal => ({
  from: 'timeline',
  event: { kind, text: kind, ...(data ? { data } : {}) },
});
const line = (text: string): Signal => ({ from: 'console', text });
const reset: Signal = { from: 'machine', happening: 'reset' };

/** A whole install, a second between two signals. */
const STORY: readonly (readonly [Signal, string])[] = [
  [event('server.started'), 'firmware'],
  [event('dhcp.offered'), 'dhcp'],
  [event('dhcp.acknowledged'), 'dhcp'],
  [event('tftp.sent'), 'tftp'],
  [event('boot.decided', { boot: 'installer' }), 'tftp'],
  [line('[    0.000000] Linux version 6.1.0-56-cloud-amd64'), 'kernel'],
  [event('dhcp.acknowledged'), 'kernel'],
  [event('install.answerServed'), 'installer'],
  [event('install.progressed', { percent: 40 }), 'installer'],
  [event('install.finished', { percent: 100 }), 'installer'],
  [reset, 'restart'],
  [event('dhcp.offered'), 'restart'],
  [event('boot.decided', { boot: 'local disk' }), 'disk'],
  [line('TINY[3.1] INSTALLED-SYSTEM runs from its own disk'), 'done'],
  [event('install.diskBooted'), 'done'],
];

function play(signals: readonly Signal[]): BootProgress {
  return signals.reduce((progress, signal, index) => advance(progress, signal, (index + 1) * 1000), POWER_ON);
}

describe('advance', () => {
  for (const [index, [signal, stage]] of STORY.entries()) {
    const name = signal.from === 'timeline' ? signal.event.kind : JSON.stringify(signal);
    test(`the stage is ${stage} after ${index + 1}: ${name}`, () => {
      expect(play(STORY.slice(0, index + 1).map(([one]) => one)).stage).toBe(stage);
    });
  }

  test('a decision for the local disk before the restart is not its own disk', () => {
    expect(play([event('dhcp.offered'), event('boot.decided', { boot: 'local disk' })]).stage).toBe('tftp');
  });

  test('an unknown machine whose menu falls to the disk never claims an installer', () => {
    const stages = play([
      event('dhcp.acknowledged'),
      event('boot.decided', { boot: 'menu' }),
      event('tftp.sent'),
    ]);
    expect(stages.stage).toBe('tftp');
  });

  test('keeps the percent an installer said when later news have none', () => {
    const said = play([event('install.progressed', { percent: 40 }), event('http.tree')]);
    expect(said.percent).toBe(40);
    expect(said.doing).toBe('http.tree');
  });
});

test('stageDurations tells how long each stage took', () => {
  expect(stageDurations(play(STORY.map(([signal]) => signal)))).toEqual([
    { name: 'firmware', durationMs: 2000 },
    { name: 'dhcp', durationMs: 2000 },
    { name: 'tftp', durationMs: 2000 },
    { name: 'kernel', durationMs: 2000 },
    { name: 'installer', durationMs: 3000 },
    { name: 'restart', durationMs: 2000 },
    { name: 'disk', durationMs: 1000 },
  ]);
});
