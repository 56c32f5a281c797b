import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { type CpioEntry, encodeCpio } from '../formats/cpio/newc.ts';
import { type KernelFiles, readModules } from './debian-kernel.ts';
import { ARM64_NEEDS, DISTRIBUTION_NEEDS, findOnHost, missing } from './host-programs.ts';
import { loadingOrder, moduleDependencies } from './kernel-module.ts';
import { mustRun, runProgram } from './run-program.ts';
import { TINY_INIT } from './tiny-init.ts';
import type { TinyKind } from './tiny-kinds.ts';
import { requireUnpacked } from './unpacked-packages.ts';

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
export async function buildInitrd(
  kernel: KernelFiles,
  files: ProgramFiles,
  modules: TinyKind['modules'],
): Promise<Buffer> {
  const entries: readonly CpioEntry[] = [
    ...['proc', 'sys', 'dev', 'tmp', 'etc', 'target'].map((path) => ({ kind: 'folder', path }) as const),
    { kind: 'file', path: 'init', bytes: Buffer.from(TINY_INIT), executable: true },
    ...(await programEntries(files.busybox, 'bin/busybox')),
    ...(await appletEntries(files)),
    ...(files.bios ? await biosEntries(files.bios) : []),
    ...(await moduleEntries(kernel, modules)),
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
export async function programEntries(program: string, path: string): Promise<readonly CpioEntry[]> {
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
export async function appletEntries({
  busybox,
  runsHere,
}: Pick<ProgramFiles, 'busybox' | 'runsHere'>): Promise<readonly CpioEntry[]> {
  if (!runsHere) return [{ kind: 'link', path: 'bin/sh', target: 'busybox' }];
  const listed = await mustRun([busybox, '--list']);
  return listed
    .toString('utf8')
    .split('\n')
    .filter((name) => /^[\w[-]+$/.test(name) && name !== 'busybox')
    .map((name) => ({ kind: 'link', path: `bin/${name}`, target: 'busybox' }));
}

async function moduleEntries(
  kernel: KernelFiles,
  { early, nfs }: TinyKind['modules'],
): Promise<readonly CpioEntry[]> {
  const modules = await readModules(kernel, [...early, ...nfs]);
  const inOrder = (names: readonly string[]): Buffer => {
    const order = loadingOrder(names, (name) => {
      const bytes = modules.get(name);
      return bytes === undefined ? undefined : moduleDependencies(bytes);
    });
    return Buffer.from(order.map((name) => `${name}\n`).join(''));
  };
  const files = [...modules].map(([name, bytes]) => file(`lib/modules/${name}.ko`, bytes));
  return [...files, file('lib/modules.order', inOrder(early)), file('lib/modules.nfs', inOrder(nfs))];
}

function file(path: string, bytes: Uint8Array): CpioEntry {
  return { kind: 'file', path, bytes, executable: false };
}
