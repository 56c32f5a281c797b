import assert from 'node:assert/strict';
import { labMachineMac, labNetworkText } from '../../src/lab/private-network.ts';
import { tinyDistribution } from '../../src/lab/tiny-distribution.ts';
import type { WireEvent } from '../../src/contract/events.ts';
import type { BootStage } from './boot-stage.ts';
import { makeMarkerDisk, OWN_DISK_MARKER } from './marker-disk.ts';
import { startOtherDhcpServer } from './other-dhcp-server.ts';

const RANGE = '192.168.122.100-192.168.122.200';
/** Another server is looked for this often here, so that the boot is short. */
const PROBE_SECONDS = 5;
const SWITCH_MS = 30_000;
const BOOT_MS = 90_000;
/** Addresses of Muster's range and of the other server's. */
const OURS = /192\.168\.122\.1\d\d/;
const THEIRS = /192\.168\.122\.[5-9]\d(?!\d)/;

/** A subnet in the mode auto: addresses are Muster's, then another server's, then Muster's again, and each machine boots. */
export async function autoSwitch(stage: BootStage): Promise<void> {
  await tinyDistribution((sentence) => stage.phase(sentence));
  const muster = await stage.startMuster({ MUSTER_DHCP_PROBE_SECONDS: String(PROBE_SECONDS) });
  const subnet = ['--network', labNetworkText(), '--range', RANGE, '--mode', 'auto'];
  await muster.mustRun(['subnet', 'add', 'lab', ...subnet]);

  await bootsWith(stage, 'alone', 1, OURS);
  const other = await startOtherDhcpServer();
  try {
    await switched(stage, 'proxy');
    await bootsWith(stage, 'beside', 2, THEIRS);
  } finally {
    await other.stop();
  }
  await switched(stage, 'full');
  await bootsWith(stage, 'again', 3, OURS);

  const modes = stage.feed.events
    .filter(({ kind }) => kind === 'dhcp.mode')
    .map(({ data }) => data?.['mode']);
  assert.deepEqual(modes, ['proxy', 'full'], 'each change is told once');
}

async function switched(stage: BootStage, mode: 'proxy' | 'full'): Promise<void> {
  const event = await stage.feed.waitFor(
    `the mode is ${mode}`,
    ({ kind, data }) => kind === 'dhcp.mode' && data?.['mode'] === mode,
    SWITCH_MS,
  );
  stage.phase(event.text);
}

/** An unknown machine is told what to boot whoever gives its address, and comes to its own disk. */
async function bootsWith(stage: BootStage, name: string, number: number, address: RegExp): Promise<void> {
  const disk = stage.path(`${name}.raw`);
  await makeMarkerDisk(disk);
  const machine = await stage.powerOn({
    name,
    mac: labMachineMac(number),
    disk: { path: disk, format: 'raw' },
    bootOrder: 'nc',
  });
  const isDecision = ({ kind, mac }: WireEvent): boolean =>
    kind === 'boot.decided' && mac === labMachineMac(number);
  const decided = await stage.feed.waitFor(`${name} asks what to boot`, isDecision, BOOT_MS);
  assert.match(
    String(decided.data?.['address']),
    address,
    'its address is of the server that gives them now',
  );
  stage.phase(`${decided.text} at ${String(decided.data?.['address'])}`);
  await machine.waitForLine(new RegExp(OWN_DISK_MARKER), BOOT_MS);
  await machine.ended;
}
