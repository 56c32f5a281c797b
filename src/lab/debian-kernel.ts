import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DOWNLOAD_NEEDS, findOnHost } from './host-programs.ts';
import { moduleDependencies, moduleName } from './kernel-module.ts';
import { LabRefusal } from './lab-refusal.ts';
import { mustRun, runProgram } from './run-program.ts';

/** Always depends on the newest kernel for virtual machines: small, LZ4, virtio drivers only. */
const META_PACKAGE = 'linux-image-cloud-amd64';
const DOWNLOAD_TIMEOUT_MS = 300_000;
const APT_ENVIRONMENT = { ...process.env, LC_ALL: 'C' };

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
export async function offeredKernel(): Promise<KernelPackage | undefined> {
  if (DOWNLOAD_NEEDS.some((one) => findOnHost(one) === undefined)) return undefined;
  const shown = await runProgram(['apt-cache', '--no-all-versions', 'show', META_PACKAGE], {
    environment: APT_ENVIRONMENT,
  });
  return parseKernelPackage(shown.stdout.toString('utf8'));
}

/** From the record of the meta package: `Depends: linux-image-6.1.0-50-cloud-amd64 (= 6.1.176-1)`. */
export function parseKernelPackage(record: string): KernelPackage | undefined {
  const found = /^Depends: (linux-image-[\w.+~-]+-cloud-amd64) \(= ([^)\s]+)\)/m.exec(record);
  const [, name, version] = found ?? [];
  return name === undefined || version === undefined ? undefined : { name, version };
}

/** Fetches the lists of packages anew. */
export async function refreshPackageLists(say: (sentence: string) => void): Promise<void> {
  say('Running "apt-get update", since the package lists here do not name the kernel');
  await mustRun(['apt-get', '-q', 'update'], {
    environment: APT_ENVIRONMENT,
    timeoutMs: DOWNLOAD_TIMEOUT_MS,
  });
}

/**
 * Downloads the package into the folder and takes it apart there; nothing is installed on this computer.
 *
 * @throws LabRefusal when the archive does not give it.
 */
export async function fetchKernel(wanted: KernelPackage, folder: string): Promise<KernelFiles> {
  const fetched = await runProgram(
    ['apt-get', '-q', '-o', 'APT::Sandbox::User=root', 'download', `${wanted.name}=${wanted.version}`],
    { folder, environment: APT_ENVIRONMENT, timeoutMs: DOWNLOAD_TIMEOUT_MS },
  );
  const archive = (await readdir(folder)).find((name) => name.endsWith('.deb'));
  if (fetched.status !== 0 || archive === undefined) {
    const words = fetched.stderr.trim().split('\n').at(-1) ?? '';
    throw new LabRefusal(
      `The package archive did not give ${wanted.name} ${wanted.version} (${words}): run "apt-get update" and try again`,
    );
  }
  const unpacked = join(folder, 'unpacked');
  await mkdir(unpacked);
  await mustRun(['dpkg-deb', '-x', join(folder, archive), unpacked]);
  await rm(join(folder, archive));
  return openKernel(unpacked);
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
