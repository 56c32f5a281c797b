import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { labMachineMac, labNetworkText } from '../../../src/lab/private-network.ts';
import { makeBlankDisk } from '../../../src/lab/qemu-command.ts';
import { mustRun } from '../../../src/lab/run-program.ts';
import type { VirtualMachine } from '../../../src/lab/virtual-machine.ts';
import type { BootStage } from '../boot-stage.ts';
import { liveDisc } from './live-disc.ts';
import { PAYLOAD, payload } from './live-root.ts';

const BOOT_MS = 240_000;
const STEP_MS = 90_000;
const DISK_BYTES = 16 * 1024 * 1024;
const RANGE = '192.168.122.100-192.168.122.200';

/**
 * A live system by Debian's own live-boot, from Muster's menu: its root file system stays on the disc image on the server,
 * and klibc's nfsmount and the kernel's NFS client read it there. HTTP is off, so NFS is the best way that is left.
 */
export async function liveNfs(stage: BootStage): Promise<void> {
  const muster = await stage.startMuster({ MUSTER_MACHINE_HTTP_PORT: 'off' });
  const subnet = ['--network', labNetworkText(), '--range', RANGE, '--loader', 'pxelinux'];
  await muster.mustRun(['subnet', 'add', 'lab', ...subnet]);
  await muster.mustRun(['image', 'add', await liveDisc(), '--name', 'live']);
  await muster.mustRun(['policy', 'set', '--menu-default', 'live', '--menu-timeout', '2']);
  const disk = stage.path('disk.raw');
  await makeBlankDisk(disk, DISK_BYTES);
  const machine = await stage.powerOn({
    name: 'live',
    mac: labMachineMac(4),
    disk: { path: disk, format: 'raw' },
    bootOrder: 'nc',
  });
  const decided = await stage.feed.waitFor(
    'the machine gets the menu',
    ({ kind, data }) => kind === 'boot.decided' && data?.['boot'] === 'menu',
    BOOT_MS,
  );
  stage.phase(decided.text);
  const explained = await muster.mustRun(['explain', labMachineMac(4)]);
  stage.phase(`muster explain: ${explained.stdout.toString('utf8').split('\n')[0]}`);
  const mounted = await stage.feed.waitFor(
    'live-boot mounted the image',
    ({ kind }) => kind === 'nfs.mounted',
    BOOT_MS,
  );
  stage.phase(`live-boot: ${mounted.text}`);
  await machine.waitForLine(/^LIVE RUNS /, BOOT_MS);
  stage.phase('a program of the root file system runs');
  await machine.waitForLine(/^LIVE DONE/, STEP_MS);
  assertMounts(machine);
  await assertSums(machine, stage);
  await machine.ended;
  await assertWire(stage);
}

function assertMounts({ lines }: VirtualMachine): void {
  for (const [what, line] of [
    ['it was told to', /^LIVE RUNS .*\bboot=live\b.*\bnetboot=nfs nfsroot=192\.168\.122\.1:\/images\/live\b/],
    ['the root is an overlay', /^LIVE MOUNT overlay \/ overlay /],
    [
      'the medium is on NFS',
      /^LIVE MOUNT 192\.168\.122\.1:\/images\/live \/run\/live\/medium nfs ro,.*\bvers=3\b/,
    ],
    ['the root file system is a squashfs on it', /^LIVE MOUNT \/dev\/loop0 \S+ squashfs ro,/],
  ] as const)
    assert.ok(
      lines.some(({ text }) => line.test(text)),
      what,
    );
}

/** What the machine read of its root and of the medium is what is on the disc, as xorriso extracts it. */
async function assertSums({ lines }: VirtualMachine, stage: BootStage): Promise<void> {
  const folder = stage.path('extracted');
  await mkdir(folder);
  await mustRun(['xorriso', '-osirrox', 'on', '-indev', await liveDisc(), '-extract', '/', folder]);
  const wanted = [`root ${sha256(payload())}  ${PAYLOAD}`];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    wanted.push(`medium ${sha256(await readFile(path))}  ${relative(folder, path)}`);
  }
  const said = lines.flatMap(({ text }) => (text.startsWith('LIVE SUM ') ? [text.slice(9)] : []));
  assert.deepEqual(said.toSorted(), wanted.toSorted());
  stage.phase(`${said.length} files have the right sha256, read over NFS`);
}

async function assertWire({ wire }: BootStage): Promise<void> {
  const read = await wire.packets('tcp dst port 2049');
  assert.ok(read.length > 0, 'it was read over TCP');
  assert.deepEqual(await wire.packets('tcp dst port 8080'), [], 'nobody asked over HTTP');
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
