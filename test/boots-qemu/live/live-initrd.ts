import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type CpioEntry, encodeCpio } from '../../../src/formats/cpio/newc.ts';
import { type KernelFiles, readModules } from '../../../src/lab/debian-kernel.ts';
import { LIVE_NEEDS } from '../../../src/lab/host-programs.ts';
import { loadingOrder, moduleAliases, moduleDependencies } from '../../../src/lab/kernel-module.ts';
import { LabRefusal } from '../../../src/lab/lab-refusal.ts';
import { appletEntries, findHostFiles, programEntries } from '../../../src/lab/tiny-initrd.ts';
import { requireUnpacked } from '../../../src/lab/unpacked-packages.ts';

/** Loaded before anything is mounted. udev would find them. */
const EARLY_MODULES = ['virtio_pci', 'virtio_net', 'virtio_rng', 'af_packet'];
/** What live-boot asks modprobe for. */
const LIVE_MODULES = ['nfs', 'nfsv3', 'loop', 'squashfs', 'overlay'];
/** Of klibc, as mkinitramfs takes them: what busybox has not, or has otherwise. */
const KLIBC_PROGRAMS = ['ipconfig', 'nfsmount', 'run-init', 'fstype'];
/** Of util-linux, as mkinitramfs takes it: busybox' own does not know the options. */
const BLKID = 'bin/blkid';
/** Of initramfs-tools; the first script mounts what the others ask for. */
const SCRIPTS = ['scripts/functions', 'scripts/local', 'scripts/nfs'];
const FOLDERS = ['proc', 'sys', 'dev', 'run', 'tmp', 'root', 'conf/conf.d', 'etc', 'var/lib', 'var/log'];
/** udev's own script does that, and there is no udev here: the kernel's devtmpfs has all nodes. */
const INIT_BOTTOM = 'mount -n -o move /dev "${rootmnt}/dev"\n';

/**
 * An initramfs as mkinitramfs makes it where live-boot is installed: the init and scripts of initramfs-tools, live-boot, the
 * programs of klibc, and busybox. mkinitramfs itself would take everything from the computer that it runs on.
 */
export async function buildLiveInitrd(kernel: KernelFiles): Promise<Buffer> {
  const { busybox } = findHostFiles();
  const tools = dirname(requireUnpacked(LIVE_NEEDS.initramfs));
  const entries: readonly CpioEntry[] = [
    ...FOLDERS.map((path) => ({ kind: 'folder', path }) as const),
    await copied(join(tools, 'init'), 'init'),
    ...(await Promise.all(SCRIPTS.map((path) => copied(join(tools, path), path)))),
    await copied(requireUnpacked(LIVE_NEEDS.liveScript), 'scripts/live'),
    text('scripts/init-bottom/ORDER', INIT_BOTTOM),
    ...(await liveBootEntries()),
    text('conf/arch.conf', 'DPKG_ARCH=amd64\n'),
    text('conf/initramfs.conf', 'BUSYBOX=y\n'),
    text('conf/modules', EARLY_MODULES.map((name) => `${name}\n`).join('')),
    ...(await programEntries(busybox, 'bin/busybox')),
    { kind: 'link', path: 'sbin', target: 'bin' },
    ...(await programEntries(requireUnpacked(LIVE_NEEDS.blkid), BLKID)),
    ...(await appletEntries({ busybox, runsHere: true })).filter(({ path }) => !isReplaced(path)),
    ...(await klibcEntries()),
    ...(await moduleEntries(kernel)),
  ];
  return gzipSync(encodeCpio(entries), { level: 9 });
}

async function liveBootEntries(): Promise<readonly CpioEntry[]> {
  const folder = dirname(requireUnpacked(LIVE_NEEDS.liveBoot));
  const parts = await readdir(folder);
  // The package has /lib/live/boot and /bin/live-boot.
  const program = join(folder, '../../../bin/live-boot');
  return [
    await copied(program, 'bin/live-boot'),
    ...(await Promise.all(parts.map((name) => copied(join(folder, name), `lib/live/boot/${name}`)))),
  ];
}

function isReplaced(path: string): boolean {
  return path === BLKID || KLIBC_PROGRAMS.includes(basename(path));
}

async function klibcEntries(): Promise<readonly CpioEntry[]> {
  const folder = dirname(requireUnpacked(LIVE_NEEDS.klibc));
  const library = await klibcLibrary();
  return [
    await copied(library, `lib/${basename(library)}`),
    ...(await Promise.all(KLIBC_PROGRAMS.map((name) => copied(join(folder, name), `bin/${name}`)))),
  ];
}

/** Its name has a digest in it, so it is found by a file of its package whose name has none. */
async function klibcLibrary(): Promise<string> {
  // From usr/share/doc/libklibc/copyright to the folder that the package is unpacked in.
  const root = join(requireUnpacked(LIVE_NEEDS.klibcLibrary), '../../../../..');
  for (const folder of ['lib', 'usr/lib'].map((name) => join(root, name))) {
    const names = await readdir(folder).catch(() => []);
    const library = names.find((name) => /^klibc-[\w-]+\.so$/.test(name));
    if (library !== undefined) return join(folder, library);
  }
  throw new LabRefusal('The package libklibc holds no klibc-*.so');
}

/** With the lists that modprobe goes by, which depmod would write. */
async function moduleEntries(kernel: KernelFiles): Promise<readonly CpioEntry[]> {
  const folder = `lib/modules/${kernel.release}`;
  const modules = await readModules(kernel, [...EARLY_MODULES, ...LIVE_MODULES]);
  const needs = (name: string): readonly string[] | undefined => {
    const bytes = modules.get(name);
    return bytes === undefined ? undefined : moduleDependencies(bytes);
  };
  const rows = [...modules.keys()].map((name) => {
    const before = loadingOrder([name], needs).filter((other) => other !== name);
    return `${name}.ko:${before
      .toReversed()
      .map((other) => ` ${other}.ko`)
      .join('')}\n`;
  });
  const aliases = [...modules].flatMap(([name, bytes]) =>
    moduleAliases(bytes).map((alias) => `alias ${alias} ${name}\n`),
  );
  return [
    ...[...modules].map(
      ([name, bytes]): CpioEntry => ({
        kind: 'file',
        path: `${folder}/${name}.ko`,
        bytes,
        executable: false,
      }),
    ),
    text(`${folder}/modules.dep`, rows.join('')),
    text(`${folder}/modules.alias`, aliases.join('')),
    ...['symbols', 'builtin'].map((name) => text(`${folder}/modules.${name}`, '')),
  ];
}

async function copied(from: string, path: string): Promise<CpioEntry> {
  return { kind: 'file', path, bytes: await readFile(from), executable: true };
}

function text(path: string, content: string): CpioEntry {
  return { kind: 'file', path, bytes: Buffer.from(content), executable: false };
}
