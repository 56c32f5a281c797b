import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { compareLeases } from './acknowledged.ts';
import { eventually, TortureWorld } from './torture-world.ts';
import type { TortureContext } from './tortures.ts';

const MACHINES = 5_000;
const DISK = '24m';
/** Of the load before the disk is full, and again afterwards, in milliseconds. */
const LIFE_MS = 2_000;
/** While the disk is full; longer than the load waits before it asks again. */
const FULL_MS = 4_000;
const RECOVERY_MS = 15_000;
const TROUBLE = 'No lease can be written, so none is acknowledged';

/** A data folder on a disk that fills up under load: no DHCPACK, an event, and all is well again when there is room. */
export async function tortureDiskFull({ check, say }: TortureContext): Promise<void> {
  const world = await TortureWorld.make({ machines: MACHINES, prepare: mountSmallDisk });
  try {
    world.go();
    await sleep(LIFE_MS);
    check('leases are acknowledged while there is room', world.counts.acks > 0, '');
    await fill(world);
    await eventually('an event tells of the full disk', () => told(world).includes(TROUBLE), RECOVERY_MS);
    check('muster events -f hears of the full disk at once', true, '');
    // What was on its way when the disk got full.
    await sleep(1_000);
    const before = world.counts;
    await sleep(FULL_MS);
    const during = world.counts;
    check(
      'no DHCPACK leaves while the disk is full',
      during.acks === before.acks,
      `${during.acks - before.acks} did`,
    );
    check('offers go on while the disk is full', during.offers > before.offers, '');
    const said = world.muster.program.stderr.split(TROUBLE).length - 1;
    check('the log says it once', said === 1, `${said} times`);
    await makeRoom(world);
    await eventually('leases are acknowledged again', () => world.counts.acks > during.acks, RECOVERY_MS);
    check('leases are acknowledged again by themselves when there is room', true, '');
    await sleep(LIFE_MS);
    const report = await world.pause();
    const wrong = compareLeases(report, await world.leases());
    check('every lease that was acknowledged is on record', wrong.length === 0, wrong.slice(0, 3).join('; '));
    say(`  ${world.counts.acks} DHCPACK in all, ${report.acknowledged.length} machines`);
    await world.kill();
    await world.muster.up();
    const after = compareLeases(report, await world.leases());
    check('and still is after a kill', after.length === 0, after.slice(0, 3).join('; '));
    await eventually('the event is in the timeline', () =>
      world.muster.told('server.disk').some(({ text }) => text === 'Events are written again'),
    );
    check('events of that time are written when there is room', true, '');
  } finally {
    await world.close();
  }
}

function told(world: TortureWorld): readonly string[] {
  return world.muster.told('server.disk').map(({ text }) => text);
}

async function mountSmallDisk({ segment, muster }: TortureWorld): Promise<void> {
  await segment.server.run('mount', [
    '-t',
    'tmpfs',
    '-o',
    `size=${DISK}`,
    'small',
    join(muster.folder, 'data'),
  ]);
}

async function fill({ segment, muster }: TortureWorld): Promise<void> {
  await segment.server.tryRun('dd', [
    'if=/dev/zero',
    `of=${join(muster.folder, 'data/filler')}`,
    'bs=4096',
    'status=none',
  ]);
}

async function makeRoom({ segment, muster }: TortureWorld): Promise<void> {
  await segment.server.run('rm', [join(muster.folder, 'data/filler')]);
}
