import assert from 'node:assert/strict';
import { labMachineMac, labNetworkText } from '../../src/lab/private-network.ts';
import type { MachineShape } from '../../src/lab/qemu-command.ts';
import type { VirtualMachine } from '../../src/lab/virtual-machine.ts';
import type { BootStage } from './boot-stage.ts';
import { bringLoaders } from './loader-material.ts';
import { makeMarkerDisk, OWN_DISK_MARKER } from './marker-disk.ts';

const MET_MS = 90_000;
const DISK_MS = 60_000;
const RANGE = '192.168.122.100-192.168.122.200';
/** As makers write it: with a space and letters of both sizes. */
const SERIAL = 'Rack 7/CX+1';
const UUID = '4c4c4544-0044-4810-8031-b4c04f564231';

/** A machine of which only the serial number is known is met in its first boot, and iPXE is what asks it. */
export async function biosMet(stage: BootStage): Promise<void> {
  const machine = await meet(stage, {});
  await machine.waitForLine(new RegExp(OWN_DISK_MARKER), DISK_MS);
  await machine.ended;
}

/** The same where the ROM is no iPXE: it is told to load one, though unknown machines are ignored. */
export async function ovmfMet(stage: BootStage): Promise<void> {
  await meet(stage, { firmware: 'uefi', netBoot: 'PXE over IPv4' });
  const [first = ''] = await stage.wire.packets('udp dst port 69');
  assert.match(first, /"snponly\.efi"/, 'the first file is iPXE');
}

async function meet(
  stage: BootStage,
  shape: Pick<MachineShape, 'firmware' | 'netBoot'>,
): Promise<VirtualMachine> {
  if (shape.firmware !== undefined) await bringLoaders(stage.path('data'));
  const muster = await stage.startMuster();
  await muster.mustRun(['subnet', 'add', 'lab', '--network', labNetworkText(), '--range', RANGE]);
  await muster.mustRun(['policy', 'set', '--unknown-machines', 'ignore']);
  await muster.mustRun(['machine', 'add', 'rack7', '--serial', SERIAL, '--label', 'rack=7']);
  const mac = labMachineMac(2);
  const disk = stage.path('disk.raw');
  await makeMarkerDisk(disk);
  const machine = await stage.powerOn({
    name: 'stranger',
    mac,
    disk: { path: disk, format: 'raw' },
    bootOrder: 'nc',
    ...shape,
    more: ['-smbios', `type=1,serial=${SERIAL}`, '-uuid', UUID],
  });
  const learned = await stage.feed.waitFor(
    'the machine is met by its serial number',
    ({ kind }) => kind === 'machine.learned',
    MET_MS,
  );
  stage.phase(learned.text);
  assert.equal(learned.because, 'its serial number is that of rack7, which had no MAC address yet');
  const decided = await stage.feed.waitFor(
    'the machine that was met boots its own disk',
    ({ kind, machine: name }) => kind === 'boot.decided' && name === 'rack7',
    MET_MS,
  );
  stage.phase(decided.text);
  const { stdout } = await muster.run(['machine', 'show', mac, '-o', 'name']);
  assert.equal(stdout.toString(), 'rack7\n', 'it is known by its MAC address from now on');
  return machine;
}
