import { writeSync } from 'node:fs';
import type { Stores } from '../../core/stores.ts';
import { ipv4FromNumber, ipv4ToNumber, parseIpv4 } from '../../lib/addresses.ts';
import { openSqliteStores } from './open.ts';

/** Callers at once, so that some are always between their call and its promise. */
const CALLERS = 8;
const FIRST = ipv4ToNumber(parseIpv4('10.0.0.1'));
const STDOUT = 1;

/**
 * Claims one address after another and tells an event of each, and prints `lease ADDRESS` and `event ID` once the
 * promise resolved: the process that the test of durability kills. Never resolves.
 *
 * @param offset the first address is that far from 10.0.0.1.
 */
export async function writeUntilKilled(path: string, offset: number): Promise<void> {
  const stores = await openSqliteStores(path);
  let next = FIRST + offset;
  const callers = Array.from({ length: CALLERS }, async () => {
    for (;;) {
      const number = next;
      next += 1;
      await writeOne(stores, number);
    }
  });
  await Promise.all(callers);
}

async function writeOne(stores: Stores, number: number): Promise<void> {
  const address = ipv4FromNumber(number);
  const claim = { address, subnet: 'lab', clientKey: address, state: 'held' } as const;
  const { claimed } = await stores.leases.claim({ ...claim, startedAtMs: 0, expiresAtMs: 1 }, 0);
  if (!claimed) throw new Error(`${address} was claimed before`);
  // Not console.log: what is printed must have left the process when the next line of this program runs.
  writeSync(STDOUT, `lease ${address}\n`);
  const [event] = await stores.events.append([{ atMs: 0, kind: 'dhcp.acknowledged', text: address }]);
  if (event) writeSync(STDOUT, `event ${event.id}\n`);
}
