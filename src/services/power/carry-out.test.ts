import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PowerWish } from '../../core/power/plan-power.ts';
import { machine } from '../../store/suite/samples.ts';
import { carryOut, type CarryOutResult } from './carry-out.ts';
import { openCommand } from './command-driver.ts';

/** With a real program, which says only when it is asked for a step that it does not have it. */

const WAITS = { lookMs: 10, offMs: 300, confirmMs: 300 };
const settings = { driver: 'command', argv: ['strip'] } as const;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-strip-'));
  chmodSync(folder, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A power strip that knows these actions; what it was sent is in `sent`, and whether it is on in `state`. */
function strip(knows: string, before: 'on' | 'off'): void {
  const program = [
    '#!/bin/sh',
    `cd ${folder}`,
    `case " ${knows} " in *" $MUSTER_ACTION "*) ;; *) exit 3 ;; esac`,
    '[ "$MUSTER_ACTION" = status ] && exec cat state',
    'echo "$MUSTER_ACTION" >>sent',
    'case "$MUSTER_ACTION" in on|off) echo "$MUSTER_ACTION" >state ;; esac',
  ];
  writeFileSync(join(folder, 'strip'), `${program.join('\n')}\n`, { mode: 0o755 });
  writeFileSync(join(folder, 'state'), `${before}\n`);
  writeFileSync(join(folder, 'sent'), '');
}

async function carry(wish: PowerWish): Promise<CarryOutResult> {
  const target = { machine: machine(), settings, secret: undefined };
  return await carryOut(wish, target, {
    open: (_, enough) => Promise.resolve(openCommand({ ...target, folder }, enough)),
    waits: WAITS,
    enough: new AbortController().signal,
  });
}

describe('a program', () => {
  for (const [title, knows, before, wish, sent, state] of [
    ['has no cycle: off, and on', 'on off status', 'on', 'cycle', ['off', 'on'], 'on'],
    [
      'has neither cycle nor pxe-next: off, and on',
      'on off status',
      'on',
      'boot-network',
      ['off', 'on'],
      'on',
    ],
    ['has no cycle, and is off: on', 'on off status', 'off', 'boot-network', ['on'], 'on'],
    ['has a cycle: it is used', 'on off cycle status', 'on', 'cycle', ['cycle'], 'on'],
    [
      'can tell no state: off, and on when it had its time',
      'on off',
      'on',
      'cycle',
      ['off', 'on'],
      'unknown',
    ],
  ] as const) {
    test(`that ${title}`, async () => {
      strip(knows, before);
      const result = await carry(wish);
      expect(result).toMatchObject({ done: true, state });
      expect(readFileSync(join(folder, 'sent'), 'utf8').trim().split('\n')).toEqual(sent);
      expect(
        result.done && result.plan.do === 'steps'
          ? result.plan.steps.filter((step) => step !== 'wait off')
          : [],
      ).toEqual(sent);
    });
  }

  test('that can only switch on says what it cannot do, and nothing is sent', async () => {
    strip('on status', 'on');
    await expect(carry('cycle')).rejects.toMatchObject({
      kind: 'unsupported',
      message: expect.stringMatching(/does not know "off"/),
    });
    expect(readFileSync(join(folder, 'sent'), 'utf8')).toBe('');
  });

  test('whose reasons are told: what it did not have, and what was done for it', async () => {
    strip('on off status', 'on');
    expect(await carry('boot-network')).toMatchObject({
      plan: {
        because: expect.stringMatching(
          /its firmware decides what it boots: strip does not know "pxe-next".*no power cycle of its own.*"cycle"/,
        ),
      },
    });
  });
});
