import { expect, test } from 'vitest';
import type { LeaseGroup } from '../../core/network/lease-store.ts';
import { LeaseTable } from '../../core/network/lease-table.ts';
import { HOUR, lease, NOON } from '../../store/suite/samples.ts';
import { LeaseGroups } from './lease-groups.ts';

/** Groups over a disk whose writes end when the test says so. */
class Lab {
  readonly #table = new LeaseTable();
  readonly #groups: LeaseGroups;
  readonly #underWay: (() => void)[] = [];
  /** How many leases each group has that went to the disk. */
  readonly sizes: number[] = [];
  #last = 0;

  constructor() {
    this.#groups = new LeaseGroups({
      table: this.#table,
      records: { write: (group) => this.#write(group) },
      clock: { reading: () => ({ bootId: 'test', uptimeMs: NOON, wallMs: NOON }) },
      report: (trouble) => {
        if (trouble !== undefined) throw trouble;
      },
    });
  }

  /** So many clients at once. */
  claim(count: number): Promise<unknown> {
    const changes = Array.from({ length: count }, () => {
      this.#last += 1;
      return this.#table.put(
        lease(`192.168.122.${this.#last}`, { clientKey: `c${this.#last}`, expiresAtMs: NOON + HOUR }),
      );
    });
    return this.#groups.written(changes);
  }

  /** The disk has it. */
  end(): void {
    this.#underWay.shift()?.();
  }

  #write({ leases }: LeaseGroup): Promise<readonly string[]> {
    this.sizes.push(leases.length);
    return new Promise((resolve) => this.#underWay.push(() => resolve([])));
  }
}

/** All that follows without any wait for the clock, a disk or a socket. */
async function atOnce(): Promise<void> {
  for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
}

/** Longer than a group gathers. */
const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

test('after a crowd the next group gathers for a moment, so that those who come one by one share it', async () => {
  const lab = new Lab();
  void lab.claim(4);
  await atOnce();
  expect(lab.sizes).toEqual([4]);
  lab.end();
  await atOnce();
  for (let client = 0; client < 3; client += 1) {
    void lab.claim(1);
    await atOnce();
    expect(lab.sizes).toEqual([4]);
  }
  await later();
  expect(lab.sizes).toEqual([4, 3]);
});

test('who waited while the crowd was written is joined by those who come right after', async () => {
  const lab = new Lab();
  void lab.claim(4);
  await atOnce();
  void lab.claim(2);
  lab.end();
  await atOnce();
  void lab.claim(1);
  await later();
  expect(lab.sizes).toEqual([4, 3]);
});

test('after few nobody waits', async () => {
  const lab = new Lab();
  void lab.claim(3);
  await atOnce();
  lab.end();
  await atOnce();
  void lab.claim(1);
  await atOnce();
  expect(lab.sizes).toEqual([3, 1]);
});

test('after the crowd is over nobody waits either', async () => {
  const lab = new Lab();
  void lab.claim(5);
  await atOnce();
  lab.end();
  await later();
  void lab.claim(1);
  await atOnce();
  lab.end();
  await atOnce();
  void lab.claim(1);
  await atOnce();
  expect(lab.sizes).toEqual([5, 1, 1]);
});
