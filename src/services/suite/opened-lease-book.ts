import type { LeaseRecords } from '../../core/network/lease-store.ts';
import type { Clock } from '../../lib/clock.ts';
import { LeaseBook } from '../dhcp/lease-book.ts';
import { LeaseClock } from '../dhcp/lease-clock.ts';

/** A lease book whose time is a test's: it goes on as the test says, and never jumps. */
export async function openLeaseBook(records: LeaseRecords, clock: Clock): Promise<LeaseBook> {
  const nowMs = (): number => clock.nowMs();
  const read = () => ({ bootId: 'test', uptimeMs: nowMs(), wallMs: nowMs() });
  const book = new LeaseBook({
    records,
    clock: new LeaseClock({ read, monotonicMs: nowMs }),
    trouble: (error) => {
      if (error !== undefined) throw error;
    },
    jumped: (byMs) => {
      throw new Error(`The clock of the test jumped by ${byMs} ms`);
    },
  });
  await book.open();
  return book;
}
