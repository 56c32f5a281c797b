import assert from 'node:assert/strict';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { MachineFacts } from '../../src/contract/fact-schemas.ts';
import type { MusterProcess } from '../../src/lab/muster-process.ts';
import { labMachineMac, labNetworkText } from '../../src/lab/private-network.ts';
import { tinyDistribution } from '../../src/lab/tiny-distribution.ts';
import type { VirtualMachine } from '../../src/lab/virtual-machine.ts';
import type { BootStage } from './boot-stage.ts';
import { BOOT_MS, STEP_MS } from './install-steps.ts';
import { makeMarkerDisk, OWN_DISK_MARKER, sha256OfFile } from './marker-disk.ts';

const NUMBER = 2;
const RANGE = '192.168.122.100-192.168.122.200';
const SERIAL = 'ABC 12/3';
const UUID = '4c4c4544-0042-3510-8056-b7c04f4e3232';
const MEMORY_MEGABYTES = 512;
const DISK_BYTES = 65_536 * 512;
const TAIL_BYTES = 3 * 512;
const RULES = `rules:
  - when: { vendor: "Other*" }
    name: other-{n}
  - when: { vendor: "Lab \\"works\\"*", subnet: lab, firmware: BIOS }
    name: lab-{serial}
    labels: { maker: lab }
`;
const NAME = 'lab-abc-12-3';

/**
 * A machine that nobody knows tells its hardware without a byte of its disk being changed, and is known by a rule that
 * asks who made it. Then its disk is wiped, as somebody asked for, and it is not wiped twice.
 */
export async function biosDiscover(stage: BootStage): Promise<void> {
  const distribution = await tinyDistribution((sentence) => stage.phase(sentence));
  const muster = await stage.startMuster();
  await prepare(stage, muster, distribution.folder);
  const disk = stage.path('disk.raw');
  await makeMarkerDisk(disk);
  const before = await sha256OfFile(disk);

  const machine = await powerOn(stage, disk);
  await machine.waitForLine(/TINY\S* ANSWERFILE .*\/discoveries\/[0-9a-f]{32}\/ks\.cfg /, BOOT_MS);
  stage.phase('the unknown machine has read an answer file that installs nothing');
  const enrolled = await stage.feed.waitFor(
    'it is known',
    ({ kind }) => kind === 'machine.enrolled',
    STEP_MS,
  );
  assert.match(enrolled.because ?? '', /^rule 2 fits: subnet lab, firmware BIOS, vendor Lab/);
  stage.phase(`${enrolled.text}, because ${enrolled.because}`);
  await assertFacts(stage, muster);

  await machine.waitForLine(new RegExp(OWN_DISK_MARKER), BOOT_MS);
  await machine.ended;
  assert.equal(await sha256OfFile(disk), before, 'no byte of the disk has changed');
  stage.phase('it booted its own disk, which is unchanged, byte for byte');
  assert.deepEqual(
    stage.feed.events.filter(({ kind }) => kind.startsWith('install.')),
    [],
    'no install was ever begun',
  );
  await wipe(stage, muster, disk);
}

async function prepare(stage: BootStage, muster: MusterProcess, tree: string): Promise<void> {
  const subnet = ['--network', labNetworkText(), '--range', RANGE, '--loader', 'pxelinux'];
  await muster.mustRun(['subnet', 'add', 'lab', ...subnet]);
  await muster.mustRun(['image', 'add', tree, '--name', 'tiny']);
  const rules = stage.path('rules.yaml');
  await writeFile(rules, RULES);
  await muster.mustRun(['policy', 'enrol', rules]);
  await muster.mustRun(['policy', 'set', '--unknown-machines', 'discover', '--tool-args', 'console=ttyS0']);
}

async function powerOn(stage: BootStage, disk: string): Promise<VirtualMachine> {
  return await stage.powerOn({
    name: 'stranger',
    mac: labMachineMac(NUMBER),
    disk: { path: disk, format: 'raw' },
    bootOrder: 'nc',
    memoryMegabytes: MEMORY_MEGABYTES,
    more: [
      '-smbios',
      `type=1,manufacturer=Lab "works" \\n,product=Rack {7},serial=${SERIAL},uuid=${UUID}`,
      '-smbios',
      'type=3,asset=A-1',
    ],
  });
}

async function assertFacts(stage: BootStage, muster: MusterProcess): Promise<void> {
  await stage.feed.waitFor('its facts are kept', ({ kind }) => kind === 'machine.facts', STEP_MS);
  const said = await muster.mustRun(['machine', 'facts', NAME, '-o', 'json']);
  const { facts, origins } = MachineFacts.parse(JSON.parse(said.stdout.toString('utf8')));
  const { cpu, disks, nics, biosVersion, hostname: _, vendorClass: _class, ...rest } = facts;
  assert.deepEqual(rest, {
    vendor: 'Lab "works" \\n',
    product: 'Rack {7}',
    serial: SERIAL,
    assetTag: 'A-1',
    uuid: UUID,
    firmware: 'BIOS',
    architecture: 'x86_64',
    memoryMegabytes: MEMORY_MEGABYTES,
  });
  assert.match(cpu?.model ?? '', /QEMU/, 'the processor is known');
  assert.deepEqual({ cores: cpu?.cores, threads: cpu?.threads }, { cores: 1, threads: 1 });
  assert.ok(biosVersion, 'so is the version of its firmware');
  assert.deepEqual(disks, [
    {
      name: 'vda',
      bytes: DISK_BYTES,
      rotational: true,
      holdsData: true,
      holds: 'a partition table or a boot sector',
    },
  ]);
  assert.deepEqual(
    nics?.map(({ mac, driver }) => ({ mac, driver })),
    [{ mac: labMachineMac(NUMBER), driver: 'virtio_net' }],
  );
  assert.equal(origins['disks']?.source, 'discovery');
  stage.phase('its memory, disk, network card and SMBIOS are known as they are');
}

async function wipe(stage: BootStage, muster: MusterProcess, disk: string): Promise<void> {
  // It is small for an installer of Red Hat's kin, which is known from its facts now.
  const refused = await muster.run(['boot', NAME, 'wipe', '--disk', 'vda', '--erase']);
  assert.match(refused.stderr, /machine lab-abc-12-3 has 512 MiB/);
  await muster.mustRun(['machine', 'set', NAME, '--memory-check', 'off']);
  await muster.mustRun(['boot', NAME, 'wipe', '--disk', 'vda', '--erase']);
  // A disk need not be a whole number of MiB.
  await appendFile(disk, Buffer.alloc(TAIL_BYTES, 'x'));
  await powerOn(stage, disk);
  const progress = await stage.feed.waitFor(
    'the disk is being wiped',
    ({ kind, text }) => kind === 'install.progressed' && text.includes('wiping vda'),
    BOOT_MS,
  );
  stage.phase(progress.text);
  const finished = await stage.feed.waitFor(
    'it is wiped',
    ({ kind }) => kind === 'install.finished',
    STEP_MS,
  );
  await stage.feed.waitFor(
    'it goes on to its own disk',
    ({ id, kind, data }) => id > finished.id && kind === 'boot.decided' && data?.['boot'] === 'local disk',
    BOOT_MS,
  );
  const bytes = await readFile(disk);
  assert.equal(bytes.length, DISK_BYTES + TAIL_BYTES);
  assert.ok(
    bytes.every((byte) => byte === 0),
    'each byte of the disk is zero',
  );
  stage.phase('each byte of its disk is zero, and it was sent to it');
  const offers = stage.feed.events.filter(({ kind }) => kind === 'install.bootOffered');
  assert.equal(offers.length, 1, 'the wipe was offered once');
}
