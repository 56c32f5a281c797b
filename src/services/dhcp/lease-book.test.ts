import { afterEach, describe, expect, test } from 'vitest';
import type { ClockReading } from '../../core/network/lease-clock.ts';
import type { LeaseGroup, LeaseRecords } from '../../core/network/lease-store.ts';
import type { Stores } from '../../core/stores.ts';
import { ipv4FromNumber, ipv4ToNumber, parseIpv4 } from '../../lib/addresses.ts';
import { openSqlite } from '../../store/sqlite/suite/open-sqlite.ts';
import { leaseClaimsContract } from '../../store/suite/lease-claims-contract.ts';
import { leasesContract } from '../../store/suite/leases-contract.ts';
import { type OpenedStores, storeTests } from '../../store/suite/open-stores.ts';
import { HOUR, lease, NOON, putSubnet } from '../../store/suite/samples.ts';
import { LeaseBook } from './lease-book.ts';
import { LeaseClock } from './lease-clock.ts';
import { openLeaseBook } from '../suite/opened-lease-book.ts';

const still = { nowMs: () => NOON };

async function withBook(stores: Stores): Promise<Stores & { readonly leases: LeaseBook }> {
  return { ...stores, leases: await openLeaseBook(stores.leaseRecords, still) };
}

async function openWithBook(): Promise<OpenedStores> {
  const opened = await openSqlite();
  let open = await withBook(opened.stores);
  return {
    stores: open,
    async reopen() {
      await open.leases.close();
      open = await withBook(await opened.reopen());
      return open;
    },
    async remove() {
      await open.leases.close();
      await opened.remove();
    },
  };
}

describe('the lease book over the SQLite store', () => {
  const storeTest = storeTests(openWithBook);
  describe('leases', () => leasesContract(storeTest));
  describe('lease claims', () => leaseClaimsContract(storeTest));
});

/** A disk that can fail, over a real one, and clocks that can be set. */
class Lab {
  readonly groups: LeaseGroup[] = [];
  readonly troubles: unknown[] = [];
  readonly jumps: (readonly [number, string])[] = [];
  disk: 'well' | 'full' = 'well';
  wallMs = NOON;
  uptimeMs = 1_000_000;
  bootId = 'a';
  readonly stores: Stores;
  #opened: OpenedStores;

  private constructor(opened: OpenedStores) {
    this.#opened = opened;
    this.stores = opened.stores;
  }

  static async open(): Promise<Lab> {
    const lab = new Lab(await openSqlite());
    await putSubnet(lab.stores);
    return lab;
  }

  async book(): Promise<LeaseBook> {
    const book = new LeaseBook({
      records: this.#records(),
      clock: new LeaseClock({ read: () => this.#read(), monotonicMs: () => this.uptimeMs }),
      trouble: (error) => this.troubles.push(error),
      jumped: (byMs, when) => this.jumps.push([byMs, when]),
    });
    await book.open();
    return book;
  }

  later(ms: number): void {
    this.wallMs += ms;
    this.uptimeMs += ms;
  }

  close(): Promise<void> {
    return this.#opened.remove();
  }

  #read(): ClockReading {
    return { bootId: this.bootId, uptimeMs: this.uptimeMs, wallMs: this.wallMs };
  }

  #records(): LeaseRecords {
    const real = this.stores.leaseRecords;
    return {
      ...real,
      write: (group) => {
        this.groups.push(group);
        return this.disk === 'well' ? real.write(group) : Promise.reject(new Error('The disk is full'));
      },
    };
  }
}

let labs: Lab[] = [];

afterEach(async () => {
  await Promise.all(labs.map((lab) => lab.close()));
  labs = [];
});

async function openLab(): Promise<Lab> {
  const lab = await Lab.open();
  labs.push(lab);
  return lab;
}

const FIRST = ipv4ToNumber(parseIpv4('192.168.122.1'));
const nth = (at: number, change = {}) =>
  lease(ipv4FromNumber(FIRST + at), { clientKey: `c${at}`, ...change });

test('what comes while the disk writes goes in one next group, and is told when it is there', async () => {
  const lab = await openLab();
  const book = await lab.book();
  const first = book.claim(nth(0), NOON);
  await Promise.resolve();
  await Promise.resolve();
  const others = Array.from({ length: 100 }, (_, at) => book.claim(nth(at + 1), NOON));
  await Promise.all([first, ...others]);
  expect(lab.groups.map(({ leases }) => leases.length)).toEqual([1, 100]);
  expect(await lab.stores.leases.list()).toHaveLength(101);
  await book.close();
});

test('a lease that the disk does not take was never given, and neither was what came after it', async () => {
  const lab = await openLab();
  const book = await lab.book();
  await book.claim(nth(0), NOON);
  lab.disk = 'full';
  const renewal = book.claim(nth(0, { expiresAtMs: NOON + 9 * HOUR }), NOON);
  const fresh = book.claim(nth(1), NOON);
  await expect(renewal).rejects.toThrow('The lease could not be written: The disk is full');
  await expect(fresh).rejects.toMatchObject({ name: 'LeaseNotWritten' });
  expect(await book.list()).toEqual([nth(0)]);
  lab.disk = 'well';
  expect(await book.claim(nth(1, { clientKey: 'another' }), NOON)).toEqual({ claimed: true });
  expect(await lab.stores.leases.list()).toEqual(await book.list());
  await book.close();
});

test('trouble with the disk is told once, and so is its end', async () => {
  const lab = await openLab();
  const book = await lab.book();
  lab.disk = 'full';
  for (let at = 0; at < 3; at += 1) await book.claim(nth(at), NOON).catch(() => undefined);
  expect(lab.troubles).toMatchObject([{ message: 'The disk is full' }]);
  lab.disk = 'well';
  book.lookAtClock();
  await book.close();
  expect(lab.troubles).toMatchObject([{ message: 'The disk is full' }, undefined]);
});

const DAY = 86_400_000;
for (const [what, jumpMs] of [
  ['a year forward', 365 * DAY],
  ['a year back', -365 * DAY],
] as const) {
  test(`a clock that is set ${what} while Muster runs neither ends nor extends a lease`, async () => {
    const lab = await openLab();
    const book = await lab.book();
    const held = nth(0);
    await book.claim(held, NOON);
    lab.wallMs += jumpMs;
    // Before it is noticed, and in the middle of a write.
    const during = book.claim(nth(1), NOON);
    book.lookAtClock();
    await during;
    await book.close();
    const shifted = { startedAtMs: NOON + jumpMs, expiresAtMs: NOON + HOUR + jumpMs };
    expect(await book.list()).toEqual([nth(0, shifted), nth(1, shifted)]);
    expect(await lab.stores.leases.list()).toEqual(await book.list());
    expect(lab.jumps).toEqual([[jumpMs, 'running']]);
  });

  test(`a clock that is set ${what} while Muster does not run changes no lease's rest`, async () => {
    const lab = await openLab();
    const before = await lab.book();
    await before.claim(nth(0), NOON);
    await before.close();
    lab.later(60_000);
    lab.wallMs += jumpMs;
    const after = await lab.book();
    await after.close();
    expect((await after.list())[0]?.expiresAtMs).toBe(NOON + HOUR + jumpMs);
    expect(await lab.stores.leases.list()).toEqual(await after.list());
    expect(lab.jumps).toEqual([[jumpMs, 'not running']]);
    const again = await lab.book();
    await again.close();
    expect(lab.jumps).toHaveLength(1);
  });
}

test('a group that fails after the clock jumped takes back the lease as it is after the jump', async () => {
  const lab = await openLab();
  const book = await lab.book();
  await book.claim(nth(0), NOON);
  lab.disk = 'full';
  const failing = book.claim(nth(0, { expiresAtMs: NOON + 9 * HOUR }), NOON);
  lab.wallMs += DAY;
  book.lookAtClock();
  await expect(failing).rejects.toThrow('The disk is full');
  expect((await book.list())[0]?.expiresAtMs).toBe(NOON + HOUR + DAY);
  lab.disk = 'well';
  book.lookAtClock();
  await book.close();
  expect(await lab.stores.leases.list()).toEqual(await book.list());
});

test('leases that were given back are given to others in the order of their ends, also after a restart', async () => {
  const lab = await openLab();
  const subnet = (await lab.stores.subnets.list())[0];
  if (!subnet) throw new Error('there is no subnet');
  const small = { ...subnet, ranges: [{ first: nth(0).address, last: nth(2).address }] };
  for (const [at, endsInMs] of [
    [0, 3 * HOUR],
    [1, HOUR],
    [2, 2 * HOUR],
  ] as const)
    await lab.stores.leases.claim(nth(at, { state: 'released', expiresAtMs: NOON + endsInMs }), NOON);
  const book = await lab.book();
  const given = [0, 1, 2].map(() => book.nextFree(small, () => true)?.address);
  expect(given).toEqual([nth(1).address, nth(2).address, nth(0).address]);
  await book.close();
});
