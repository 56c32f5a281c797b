import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import type { Install } from '../../src/contract/install-schemas.ts';
import type { MusterInNamespace } from '../clients/muster-in-namespace.ts';
import type { LeaseShown } from './acknowledged.ts';
import { eventually, LEASE_SECONDS, TortureWorld } from './torture-world.ts';
import type { TortureContext } from './tortures.ts';

const LIBRARIES = ['x86_64', 'aarch64'].map(
  (architecture) => `/usr/lib/${architecture}-linux-gnu/faketime/libfaketimeMT.so.1`,
) as [string, string];
const YEAR_SECONDS = 365 * 86_400;
/** As many machines as addresses: one more gets none while all are held. */
const ADDRESSES = 8;
const TOLERANCE_SECONDS = 3;
/** More than Muster waits between two looks at installs. */
const INSTALL_LOOK_MS = 6_000;

type WireInstall = z.output<typeof Install>;

/**
 * The wall clock is set a year forward and back, while Muster runs and between two runs: no lease ends, none is
 * extended, and no install expires.
 */
export async function tortureClock({ check }: TortureContext): Promise<void> {
  const clock = new FakeClock();
  const world = await TortureWorld.make({
    machines: ADDRESSES + 1,
    subnet: [
      '--network=192.168.0.0/16',
      `--range=192.168.1.1-192.168.1.${ADDRESSES}`,
      `--lease-time=${LEASE_SECONDS}`,
    ],
    settings: clock.environment,
  });
  try {
    world.go();
    await eventually('every address is leased', () => world.counts.acks >= ADDRESSES);
    await world.pause();
    const startedAtMs = performance.now();
    const before = await world.leases();
    const armed = await armInstall(world.muster);
    for (const [what, years, when] of [
      ['a year forward while it runs', 1, 'running'],
      ['back again while it runs', 0, 'running'],
      ['a year back while it runs', -1, 'running'],
      ['a year forward between two runs', 0, 'stopped'],
      ['a year back after a kill', -1, 'killed'],
    ] as const) {
      await jump(world, clock, years, when);
      const after = await world.leases();
      const gone = performance.now() - startedAtMs;
      const wrong = changed(before, after, years * YEAR_SECONDS, gone);
      check(`the clock is set ${what}: no lease ends sooner or later`, wrong.length === 0, wrong.join('; '));
      const install = await waitsStill(world.muster, armed, years * YEAR_SECONDS);
      check(`the clock is set ${what}: an install is armed as long as before`, install === '', install);
    }
    world.go();
    const { acks } = world.counts;
    await sleep(2_000);
    const report = await world.pause();
    check('who holds a lease renews it', world.counts.acks > acks, '');
    const machines = report.acknowledged.length;
    check('no address was free for one more machine', machines === ADDRESSES, `${machines} have one`);
  } finally {
    await world.close();
    clock.close();
  }
}

/** For two hours. */
async function armInstall(muster: MusterInNamespace): Promise<WireInstall> {
  const tree = join(muster.folder, 'tree');
  mkdirSync(tree);
  writeFileSync(join(tree, 'vmlinuz'), 'kernel');
  writeFileSync(join(tree, 'initrd.img'), 'initrd');
  writeFileSync(
    join(tree, '.treeinfo'),
    '[general]\nfamily = CentOS\nversion = 7\narch = x86_64\n[images-x86_64]\nkernel = vmlinuz\ninitrd = initrd.img\n',
  );
  await muster.run('image', 'add', tree, '--name', 'centos');
  await muster.run('profile', 'set', 'plain', '--image', 'centos');
  await muster.run('machine', 'add', 'web01', '--mac', '52:54:00:00:99:01');
  return await muster.run('install', 'web01', '--profile', 'plain', '--expires', '2h');
}

/** After a look at all installs; empty where it does. */
async function waitsStill(
  muster: MusterInNamespace,
  armed: WireInstall,
  offsetSeconds: number,
): Promise<string> {
  await sleep(INSTALL_LOOK_MS);
  const now = await muster.run<WireInstall>('install', 'show', armed.id);
  if (now.state !== 'requested') return `it is ${now.state}: ${now.because}`;
  const off = (Date.parse(now.expiresAt ?? '') - Date.parse(armed.expiresAt ?? '')) / 1000 - offsetSeconds;
  return Math.abs(off) <= TOLERANCE_SECONDS ? '' : `it expires ${off} s off`;
}

async function jump(
  world: TortureWorld,
  clock: FakeClock,
  years: number,
  when: 'running' | 'stopped' | 'killed',
): Promise<void> {
  const told = world.muster.told('server.clock').length;
  if (when === 'stopped') await world.muster.program.stop('SIGTERM');
  if (when === 'killed') await world.kill();
  clock.set(years);
  if (when !== 'running') await world.muster.up();
  await eventually('an event tells of the jump', () => world.muster.told('server.clock').length > told);
}

function changed(
  before: readonly LeaseShown[],
  after: readonly LeaseShown[],
  offsetSeconds: number,
  goneMs: number,
): readonly string[] {
  const wrong = after.length === before.length ? [] : [`${after.length} leases of ${before.length}`];
  for (const lease of before) {
    const now = after.find(({ address }) => address === lease.address);
    const off = (Date.parse(now?.expiresAt ?? '') - Date.parse(lease.expiresAt)) / 1000 - offsetSeconds;
    if (now?.state !== 'held' || now.mac !== lease.mac)
      wrong.push(`${lease.address} is ${now?.state ?? 'gone'}`);
    else if (!(Math.abs(off) <= TOLERANCE_SECONDS))
      wrong.push(`${lease.address} ends ${off} s off, ${Math.round(goneMs / 1000)} s after the beginning`);
  }
  return wrong;
}

/** libfaketime reads the difference to the real clock from a file, so that it can be changed while a program runs. */
class FakeClock {
  readonly #folder = mkdtempSync(join(tmpdir(), 'muster-clock-'));
  readonly environment: Readonly<Record<string, string>>;

  constructor() {
    this.set(0);
    this.environment = {
      LD_PRELOAD: LIBRARIES.find((path) => existsSync(path)) ?? LIBRARIES[0],
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
      FAKETIME_TIMESTAMP_FILE: join(this.#folder, 'offset'),
    };
  }

  set(years: number): void {
    const seconds = years * YEAR_SECONDS;
    const file = join(this.#folder, 'offset');
    writeFileSync(`${file}.new`, `${seconds < 0 ? '' : '+'}${seconds}\n`);
    renameSync(`${file}.new`, file);
  }

  close(): void {
    rmSync(this.#folder, { recursive: true });
  }
}
