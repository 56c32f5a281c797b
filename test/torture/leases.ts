import { setTimeout as sleep } from 'node:timers/promises';
import { compareLeases } from './acknowledged.ts';
import { TortureWorld } from './torture-world.ts';
import type { TortureContext } from './tortures.ts';

const KILLS = 50;
const KILLS_IN_SHORT = 3;
const MACHINES = 6_000;
/** Between the load's beginning and the kill, in milliseconds. */
const SHORTEST_LIFE_MS = 100;
const LONGEST_LIFE_MS = 1_500;
const MAX_TOLD = 5;

/** Kills Muster again and again while it grants and renews; after each restart every lease it acknowledged is there. */
export async function tortureLeases({ say, check, short }: TortureContext): Promise<void> {
  const world = await TortureWorld.make({ machines: MACHINES });
  try {
    let compared = 0;
    const wrong: string[] = [];
    for (let kill = 1; kill <= (short ? KILLS_IN_SHORT : KILLS); kill += 1) {
      world.go();
      await sleep(SHORTEST_LIFE_MS + Math.random() * (LONGEST_LIFE_MS - SHORTEST_LIFE_MS));
      await world.kill();
      const report = await world.pause();
      await world.muster.up();
      const found = compareLeases(report, await world.leases());
      compared += report.acknowledged.length;
      wrong.push(...found.map((sentence) => `after kill ${kill}: ${sentence}`));
      if (kill % 10 === 0) say(`  ${kill} kills, ${report.acknowledged.length} machines have a lease`);
    }
    const { acks } = world.counts;
    check('leases were acknowledged between the kills', acks > 0, `${acks} DHCPACK`);
    const told = wrong.slice(0, MAX_TOLD).join('; ');
    check('no acknowledged lease is lost, shortened, extended or doubled', wrong.length === 0, told);
    say(`  ${acks} DHCPACK received; ${compared} comparisons with the record, ${wrong.length} wrong`);
  } finally {
    await world.close();
  }
}
