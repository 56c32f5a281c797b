import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { EnvHttpProxyAgent } from 'undici';
import { openSqliteStores } from '../../../store/sqlite/open.ts';
import { EventLog } from '../../event-log.ts';
import { HookService } from '../hook-service.ts';

const STDOUT = 1;
/** Between two events. */
const EVERY_MS = 3;

/**
 * Writes one event after another, prints each that is on disk, and tells a hook of them: the process that the test
 * kills. After `count` events it stops writing, and waits to be killed.
 */
export async function deliverUntilKilled(path: string, url: string, count: number): Promise<void> {
  const stores = await openSqliteStores(path);
  const clock = { nowMs: () => Date.now() };
  const failed = (error: unknown): void => console.error(error);
  const events = new EventLog({ events: stores.events, clock, failed });
  events.listen(({ id, kind }) => {
    if (kind === 'install.progressed') writeSync(STDOUT, `event ${id}\n`);
  });
  const hooks = new HookService({
    hooks: stores.hooks,
    machines: stores.machines,
    events,
    clock,
    nowMs: clock.nowMs,
    random: () => 0,
    dispatcher: new EnvHttpProxyAgent(),
    commandsFolder: undefined,
    failed,
  });
  await hooks.start();
  await hooks.add({
    name: 'chat',
    events: ['install.*'],
    target: { to: 'url', url },
    secret: 'sesam-sesam-sesam',
  });
  for (let written = 0; written < count; written += 1) {
    events.note({ kind: 'install.progressed', text: `step ${written}` });
    await sleep(EVERY_MS);
  }
  await sleep(3_600_000);
}
