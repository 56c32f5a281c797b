import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { APT_ENVIRONMENT, aptWords, refreshPackageLists, unpackPackage } from './debian-package.ts';
import { DOWNLOAD_NEEDS, requireAllOnHost, findOnHost } from './host-programs.ts';
import { moduleDependencies, moduleName } from './kernel-module.ts';
import { LabRefusal } from './lab-refusal.ts';
import { mustRun, runProgram } from './run-program.ts';

/** Which kernels there are, as Debian names their architectures. */
export type KernelArchitecture = 'amd64' | 'arm64';

/** Always depends on the newest kernel for virtual machines: small, virtio drivers only. */
function kernelMetaPackage(architecture: KernelArchitecture): string {
  return `linux-image-cloud-${architecture}`;
}

/** A kernel package as the package archive names it. */
export interface KernelPackage {
  readonly name: string;
  readonly version: string;
}

/** A kernel package taken apart. */
export interface KernelFiles {
  /** As `uname -r` says it. */
  readonly release: string;
  readonly vmlinuz: Buffer;
  /** By name without `.ko`; undefined when the kernel has no such module. */
  module(name: string): Promise<Buffer | undefined>;
}

/** The kernel package that the archive offers now, or undefined where apt knows none (or there is no apt). */
export async function offeredKernel(architecture: KernelArchitecture): Promise<KernelPackage | undefined> {
  if (DOWNLOAD_NEEDS.some((one) => findOnHost(one) === undefined)) return undefined;
  // The lab's computer is an amd64 one.
  const foreign = architecture === 'amd64' ? undefined : architecture;
  const apt = await aptWords('apt-cache', foreign);
  const shown = await runProgram([...apt, '--no-all-versions', 'show', kernelMetaPackage(architecture)], {
    environment: APT_ENVIRONMENT,
  });
  const offered = parseKernelPackage(shown.stdout.toString('utf8'));
  return offered && foreign !== undefined ? { ...offered, name: `${offered.name}:${foreign}` } : offered;
}

/**
 * The same, where one must be had.
 *
 * @param say told in sentences what is fetched.
 * @throws LabRefusal when the archive names none.
 */
export async function wantedKernel(
  architecture: KernelArchitecture,
  say: (sentence: string) => void,
): Promise<KernelPackage> {
  const known = await offeredKernel(architecture);
  if (known !== undefined) return known;
  requireAllOnHost(DOWNLOAD_NEEDS);
  const foreign = architecture === 'amd64' ? undefined : architecture;
  await refreshPackageLists(say, 'the package lists here do not name the kernel', foreign);
  const offered = await offeredKernel(architecture);
  if (offered !== undefined) return offered;
  throw new LabRefusal(
    `The package archive of this computer has no ${kernelMetaPackage(architecture)}, which the lab's systems are made of: run this on Debian 12 or newer (amd64)`,
  );
}

/** From the record of the meta package: `Depends: linux-image-6.1.0-50-cloud-amd64 (= 6.1.176-1)`. */
export function parseKernelPackage(record: string): KernelPackage | undefined {
  const found = /^Depends: (linux-image-[\w.+~-]+-cloud-(?:amd64|arm64)) \(= ([^)\s]+)\)/m.exec(record);
  const [, name, version] = found ?? [];
  return name === undefined || version === undefined ? undefined : { name, version };
}

/** Downloads the package into the folder and takes it apart there. @throws LabRefusal when the archive does not give it. */
export async function fetchKernel(wanted: KernelPackage, folder: string): Promise<KernelFiles> {
  return openKernel(await unpackPackage(folder, wanted.name, wanted.version));
}

/** Modules are found by name wherever they lie: distributions move their folders. */
async function openKernel(unpacked: string): Promise<KernelFiles> {
  const images = (await readdir(join(unpacked, 'boot'))).filter((name) => name.startsWith('vmlinuz-'));
  const [image] = images;
  if (image === undefined) throw new LabRefusal('The kernel package holds no boot/vmlinuz-*');
  const everything = await readdir(unpacked, { recursive: true, withFileTypes: true });
  const modules = new Map<string, string>();
  for (const entry of everything) {
    const found = /^(.+)\.ko(?:\.xz|\.zst)?$/.exec(entry.name);
    if (found?.[1] !== undefined) modules.set(moduleName(found[1]), join(entry.parentPath, entry.name));
  }
  return {
    release: image.slice('vmlinuz-'.length),
    vmlinuz: await readFile(join(unpacked, 'boot', image)),
    module: async (name) => {
      const path = modules.get(moduleName(name));
      return path === undefined ? undefined : readModule(path);
    },
  };
}

/** Debian packs its modules since release 13; the guest's insmod wants them plain. */
async function readModule(path: string): Promise<Buffer> {
  if (path.endsWith('.xz')) return mustRun(['xz', '-dc', path]);
  if (path.endsWith('.zst')) return mustRun(['zstd', '-dcq', path]);
  return readFile(path);
}

/** The wanted modules with all they need, by name. @throws Error naming the file of a module that is not one. */
export async function readModules(
  kernel: KernelFiles,
  wanted: readonly string[],
): Promise<ReadonlyMap<string, Buffer>> {
  const found = new Map<string, Buffer>();
  const queue = wanted.map(moduleName);
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    if (found.has(name)) continue;
    const bytes = await kernel.module(name);
    if (bytes === undefined) continue;
    if (!bytes.subarray(0, 4).equals(Buffer.from('\x7fELF'))) {
      throw new Error(`The module ${basename(name)} of kernel ${kernel.release} is not an ELF file`);
    }
    found.set(name, bytes);
    queue.push(...moduleDependencies(bytes));
  }
  return found;
}
