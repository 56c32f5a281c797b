import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { quantile } from '../../bench/statistics.ts';
import { MusterInNamespace, Segment } from '../clients/muster-in-namespace.ts';
import type { NetworkNamespace } from '../clients/namespace.ts';
import { BrowserInNamespace, describeInBrowser, ENGLISH } from './browser-world.ts';

const MACHINES = 10_000;
/** Of those boot within the time that is watched: two events each, so 200 events a second. */
const BOOTING = 3_000;
const WATCHED_SECONDS = 30;
const MAX_FRAME_MS = 50;
const STRETCHES = 3;
/** Part of the addresses of machines in the load program. */
const SEED = 7;
const SERVER = '10.80.0.1';
const RELAY = '10.80.0.2';

/** Runs in the page: how long each frame took, and each task that kept it from drawing. */
const WATCH = `
  window.watched = { frames: [], tasks: [] };
  let last = performance.now();
  const frame = (now) => { watched.frames.push(now - last); last = now; requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
  new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) watched.tasks.push(duration); })
    .observe({ type: 'longtask' });
`;

interface Watched {
  readonly frames: readonly number[];
  readonly tasks: readonly number[];
}

describeInBrowser(`${MACHINES} machines, and 200 events a second`, () => {
  let segment: Segment;
  let muster: MusterInNamespace;
  let relay: NetworkNamespace;
  let browsers: BrowserInNamespace;

  beforeAll(async () => {
    segment = await Segment.make();
    await segment.server.ip(`address add ${SERVER}/16 dev br0`);
    relay = await segment.plugIn('52:54:00:99:00:01');
    await relay.ip(`address add ${RELAY}/16 dev eth0`);
    muster = new MusterInNamespace(segment.server, { settings: { MUSTER_API_LOGIN: 'off' } });
    await muster.up();
    await muster.run(
      'subnet',
      'add',
      'hall',
      '--network',
      '10.80.0.0/16',
      '--range',
      '10.80.1.0-10.80.250.255',
    );
    const list = join(muster.folder, 'machines.csv');
    const rows = Array.from({ length: MACHINES }, (_, at) => `m${at},${macOf(at)},${at % 40}`);
    writeFileSync(list, `name,mac,label.hall\n${rows.join('\n')}\n`);
    await muster.run('machine', 'import', list);
    browsers = await BrowserInNamespace.launch(segment.server);
  });
  afterAll(async () => {
    await browsers?.close();
    await muster?.close();
    await segment?.close();
  });

  test(`each page draws a frame within ${MAX_FRAME_MS} ms`, async () => {
    const [now, machines] = [await browsers.open(ENGLISH), await browsers.open(ENGLISH)];
    await machines.page.goto('/machines');
    await machines.page.getByText('10,000 of 10,000').first().waitFor();
    await now.page.goto('/');
    await now.page.getByText('Live', { exact: true }).waitFor();
    await now.page.evaluate(WATCH);
    const load = {
      machines: BOOTING,
      startSeconds: WATCHED_SECONDS,
      limitSeconds: WATCHED_SECONDS + 10,
      seed: SEED,
      relay: RELAY,
      server: SERVER,
    };
    const timeoutMs = (WATCHED_SECONDS + 30) * 1000;
    await relay.runScript('bench/dhcp/storm-load.ts', [JSON.stringify(load)], { timeoutMs });
    // Offered and leased: what was to be watched happened.
    await expect
      .poll(() => muster.told('dhcp.acknowledged').length, { timeout: 15_000, interval: 1_000 })
      .toBeGreaterThanOrEqual(BOOTING);
    await now.page.getByRole('row').nth(10).waitFor();
    const { frames, tasks } = await now.page.evaluate<Watched>('watched');
    await now.picture('now-storm');
    const stretches = Array.from({ length: STRETCHES }, (_, at) =>
      frames.slice((at * frames.length) / STRETCHES, ((at + 1) * frames.length) / STRETCHES),
    );
    const slowest = stretches.map((stretch) => quantile(stretch, 0.99));
    console.log(
      `${frames.length} frames: median ${quantile(frames, 0.5).toFixed(1)} ms, 99 % of each third ${slowest.map((ms) => ms.toFixed(1)).join(', ')} ms, longest ${Math.max(...frames).toFixed(1)} ms; ${tasks.length} tasks of more than 50 ms`,
    );
    // What else runs on this computer disturbs one stretch or another; what is slow in the page shows in all.
    expect(Math.min(...slowest)).toBeLessThan(MAX_FRAME_MS);
    expect(await now.axeFinds()).toEqual([]);

    // Searching among all of them while they boot.
    const late: number[] = [];
    for (let stretch = 0; stretch < STRETCHES; stretch += 1) {
      await machines.page.getByLabel(/Name, MAC/).fill('');
      await machines.page.evaluate(WATCH);
      await machines.page.getByLabel(/Name, MAC/).pressSequentially('hall=7 m1', { delay: 50 });
      await machines.page
        .getByText(/^\d{1,3} of 10,000$/)
        .first()
        .waitFor();
      const { frames: searched } = await machines.page.evaluate<Watched>('watched');
      late.push(searched.filter((ms) => ms > MAX_FRAME_MS).length);
    }
    console.log(`searches: ${late.join(', ')} frames of more than ${MAX_FRAME_MS} ms`);
    expect(Math.min(...late)).toBeLessThanOrEqual(1);
    await now.close();
    await machines.close();
  });
});

/** As the load program makes them. */
function macOf(number: number): string {
  return [0x52, 0x54, SEED, number >>> 16, (number >>> 8) & 0xff, number & 0xff]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join(':');
}
