import { open } from 'node:fs/promises';
import { type HostNeed, findOnHost, missing } from '../../../src/lab/host-programs.ts';
import { LabRefusal } from '../../../src/lab/lab-refusal.ts';
import { runProgram } from '../../../src/lab/run-program.ts';
import { cacheFolder } from '../../../src/lab/cache-folder.ts';
import { buildDebianMirror, type DebianMirror } from './debian-mirror.ts';

/** What the boot of Debian is made of. */
export interface DebianMaterial {
  /** The network installer as Debian packs it: the netboot archive's tree. */
  readonly netboot: string;
  readonly mirror: DebianMirror;
}

const NETBOOT = '/usr/lib/debian-installer/images/12/amd64/text';
const INSTALLER_KERNEL = `${NETBOOT}/debian-installer/amd64/linux`;
const INSTALL_TIMEOUT_MS = 600_000;
/** The kernel's setup code is 64 sectors at most, and the string is in it. */
const SETUP_BYTES = 64 * 512;
const HEADER_END = 0x210;

const APT = { name: 'apt-get', places: ['apt-get'], debianPackage: 'apt' } as const satisfies HostNeed;
const NEEDS = [
  {
    name: 'the network installer of Debian 12',
    places: [INSTALLER_KERNEL],
    debianPackage: 'debian-installer-12-netboot-amd64',
  },
  { name: 'gpg', places: ['gpg'], debianPackage: 'gpg' },
  { name: 'gpg-agent', places: ['gpg-agent'], debianPackage: 'gpg-agent' },
  { name: 'gpgconf', places: ['gpgconf'], debianPackage: 'gpgconf' },
  { name: 'xz', places: ['xz'], debianPackage: 'xz-utils' },
  { name: 'dpkg-deb', places: ['dpkg-deb'], debianPackage: 'dpkg' },
  APT,
] as const satisfies readonly HostNeed[];

/**
 * Makes what is missing, or finds it made. Where there is no way to a package archive it must all be there.
 *
 * @param say told in sentences what is installed, downloaded and built.
 * @throws LabRefusal when something cannot be had.
 */
export async function debianMaterial(say: (sentence: string) => void): Promise<DebianMaterial> {
  await installMissing(say);
  const release = await installerKernelRelease(INSTALLER_KERNEL);
  return { netboot: NETBOOT, mirror: await buildDebianMirror(cacheFolder(), release, say) };
}

async function installMissing(say: (sentence: string) => void): Promise<void> {
  const absent = NEEDS.filter((need) => findOnHost(need) === undefined);
  if (absent.length === 0) return;
  if (process.getuid?.() !== 0 || findOnHost(APT) === undefined) throw missing(absent);
  const packages = absent.map((need) => need.debianPackage);
  say(`Installing with apt, since this boot needs them: ${packages.join(' ')}`);
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const installed = await runProgram(
    ['apt-get', '-q', '-y', '--no-install-recommends', 'install', ...packages],
    {
      environment,
      timeoutMs: INSTALL_TIMEOUT_MS,
    },
  );
  if (installed.status !== 0) throw missing(absent);
}

/**
 * The release of a kernel image, as its setup header names it (the kernel's x86 boot protocol: `kernel_version`
 * at 0x20e holds the offset of a string, less 0x200), such as `6.1.0-50` of `6.1.0-50-amd64 (…)`.
 */
async function installerKernelRelease(path: string): Promise<string> {
  const file = await open(path, 'r');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(SETUP_BYTES), 0, SETUP_BYTES, 0);
  await file.close();
  const isKernel = bytesRead > HEADER_END && buffer.toString('latin1', 0x202, 0x206) === 'HdrS';
  const start = isKernel ? buffer.readUInt16LE(0x20e) + 0x200 : bytesRead;
  const [, release] = /^([\w.+~-]+)-amd64 /.exec(buffer.toString('latin1', start, bytesRead)) ?? [];
  if (release === undefined)
    throw new LabRefusal(
      `${path} does not say which kernel it is: install the package ${NEEDS[0].debianPackage} again`,
    );
  return release;
}
