import { join } from 'node:path';
import { BENCH_NETWORK } from '../bench-network.ts';
import { type BenchRow, type Bound, rowAlone } from '../bench-row.ts';
import { type BenchStage, PROCESSORS } from '../bench-stage.ts';
import { MusterUnderTest } from '../muster-under-test.ts';
import { spreadOf } from '../statistics.ts';
import { INSTALL_DISC, KERNEL, KERNEL_TEXT, makeDisc } from './make-disc.ts';

const CASE = 'add';
const PORT = 8080;
const WITHIN: Bound = { is: 'at most', number: 2 };
const TIMEOUT_MS = 10_000;

/** From `muster image add` of a disc of 5 GB until its kernel has come over HTTP. */
export async function runAdd(stage: BenchStage): Promise<readonly BenchRow[]> {
  const disc = join(stage.folder, 'install.iso');
  await makeDisc(disc, INSTALL_DISC);
  const muster = await MusterUnderTest.start({
    folder: join(stage.folder, 'data-discs'),
    port: PORT,
    protocol: 'tcp',
    processors: PROCESSORS.all,
    settings: { MUSTER_DHCP_PORT: 'off', MUSTER_TFTP_PORT: 'off' },
  });
  const seconds: number[] = [];
  try {
    for (let run = 1; run <= stage.runs; run += 1) {
      const name = `disc-${run}`;
      const startMs = performance.now();
      await muster.command(['image', 'add', disc, '--name', name]);
      const url = `http://${BENCH_NETWORK.server}:${PORT}/images/${name}/${KERNEL}`;
      const kernel = await (await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) })).text();
      if (kernel !== KERNEL_TEXT) throw new Error(`${url} is not the kernel: ${kernel.slice(0, 80)}`);
      seconds.push((performance.now() - startMs) / 1000);
      stage.say(`  ${CASE} run ${run}: bootable after ${seconds.at(-1)?.toFixed(2)} s`);
      await muster.command(['image', 'rm', name, '--yes']);
    }
  } finally {
    await muster.server.stop();
  }
  const measured = { case: CASE, metric: 'disc of 5 GB added until its kernel is fetched', unit: 's' };
  return [rowAlone({ ...measured, ours: spreadOf(seconds), runs: seconds.length }, WITHIN)];
}
