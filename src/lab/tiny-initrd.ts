import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { type CpioEntry, encodeCpio } from './cpio-archive.ts';
import { type KernelFiles, readModules } from './debian-kernel.ts';
import { ARM64_NEEDS, DISTRIBUTION_NEEDS, findOnHost, missing } from './host-programs.ts';
import { loadingOrder, moduleDependencies } from './kernel-module.ts';
import { mustRun, runProgram } from './run-program.ts';
import { TINY_INIT } from './tiny-init.ts';
import { requireUnpacked } from './unpacked-packages.ts';

/** Drivers of the virtual machine and of the file system on its disk. */
export const TINY_MODULES = [
  'virtio_pci',
  'virtio_blk',
  'virtio_net',
  'virtio_rng',
  'af_packet',
  'vfat',
  'nls_cp437',
  'nls_ascii',
  'nls_utf8',
] as const;

/** The files besides the kernel's modules that go into the initrd. */
export interface ProgramFiles {
  readonly busybox: string;
  /** For machines with a BIOS: what makes their disk boot. */
  readonly bios?: { readonly extlinux: string; readonly bootCode: string };
  /** Whether this computer runs these programs itself. */
  readonly runsHere: boolean;
}

/** The programs of this computer. @throws LabRefusal when one is not there. */
export function findHostFiles(): ProgramFiles {
  const [busybox, extlinux, bootCode] = DISTRIBUTION_NEEDS.map((one) => findOnHost(one));
  if (busybox === undefined || extlinux === undefined || bootCode === undefined) {
    throw missing(DISTRIBUTION_NEEDS.filter((one) => findOnHost(one) === undefined));
  }
  return { busybox, bios: { extlinux, bootCode }, runsHere: true };
}

/** Those of arm64, which must be unpacked already. @throws LabRefusal when they are not. */
export function findArm64Files(): ProgramFiles {
  return { busybox: requireUnpacked(ARM64_NEEDS.busybox), runsHere: false };
}

/** The compressed initramfs of the tiny distribution. */
export async function buildInitrd(kernel: KernelFiles, files: ProgramFiles): Promise<Buffer> {
  const entries: readonly CpioEntry[] = [
    ...['proc', 'sys', 'dev', 'tmp', 'etc', 'target'].map((path) => ({ kind: 'folder', path }) as const),
    { kind: 'file', path: 'init', bytes: Buffer.from(TINY_INIT), executable: true },
    ...(await programEntries(files.busybox, 'bin/busybox')),
    ...(await appletEntries(files)),
    ...(files.bios ? await biosEntries(files.bios) : []),
    ...(await moduleEntries(kernel)),
  ];
  return gzipSync(encodeCpio(entries), { level: 9 });
}

async function biosEntries({
  extlinux,
  bootCode,
}: NonNullable<ProgramFiles['bios']>): Promise<readonly CpioEntry[]> {
  return [
    ...(await programEntries(extlinux, 'bin/extlinux')),
    { kind: 'file', path: 'lib/mbr.bin', bytes: await readFile(bootCode), executable: false },
  ];
}

/** The program and the shared libraries it is linked with, each where the linker looks for it. */
async function programEntries(program: string, path: string): Promise<readonly CpioEntry[]> {
  // ldd fails for a program that is linked statically, which then needs no library.
  const linked = await runProgram(['ldd', program]);
  const libraries = linked.status === 0 ? parseLdd(linked.stdout.toString('utf8')) : [];
  const files = [
    { from: program, path },
    ...libraries.map((library) => ({ from: library, path: library.slice(1) })),
  ];
  return Promise.all(
    files.map(async (file) => ({
      kind: 'file' as const,
      path: file.path,
      bytes: await readFile(file.from),
      executable: true,
    })),
  );
}

/** The absolute paths in the output of ldd. */
export function parseLdd(output: string): readonly string[] {
  return [...output.matchAll(/^\s+(?:\S+ => )?(\/\S+) \(0x/gm)].flatMap(([, path]) =>
    path === undefined ? [] : [path],
  );
}

/** Of a busybox that does not run here only the shell; the init makes the rest. */
async function appletEntries({ busybox, runsHere }: ProgramFiles): Promise<readonly CpioEntry[]> {
  if (!runsHere) return [{ kind: 'link', path: 'bin/sh', target: 'busybox' }];
  const listed = await mustRun([busybox, '--list']);
  return listed
    .toString('utf8')
    .split('\n')
    .filter((name) => /^[\w[-]+$/.test(name) && name !== 'busybox')
    .map((name) => ({ kind: 'link', path: `bin/${name}`, target: 'busybox' }));
}

async function moduleEntries(kernel: KernelFiles): Promise<readonly CpioEntry[]> {
  const modules = await readModules(kernel, TINY_MODULES);
  const order = loadingOrder(TINY_MODULES, (name) => {
    const bytes = modules.get(name);
    return bytes === undefined ? undefined : moduleDependencies(bytes);
  });
  const files = [...modules].map(
    ([name, bytes]): CpioEntry => ({
      kind: 'file',
      path: `lib/modules/${name}.ko`,
      bytes,
      executable: false,
    }),
  );
  const list = Buffer.from(`${order.join('\n')}\n`);
  return [...files, { kind: 'file', path: 'lib/modules.order', bytes: list, executable: false }];
}
