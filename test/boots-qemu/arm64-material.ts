import { ARM64_NEEDS } from '../../src/lab/host-programs.ts';
import { LabRefusal } from '../../src/lab/lab-refusal.ts';
import { runProgram } from '../../src/lab/run-program.ts';
import { tinyDistribution } from '../../src/lab/tiny-distribution.ts';
import { fetchUnpacked, requireUnpacked } from '../../src/lab/unpacked-packages.ts';
import { loaderMaterial } from './loader-material.ts';

/**
 * Fetches what boots of arm64 are made of: emulator, firmware, boot loaders, and the tree of the tiny distribution.
 *
 * @param say told in sentences what is downloaded and built.
 * @throws LabRefusal naming what cannot be had.
 */
export async function arm64Material(say: (sentence: string) => void): Promise<void> {
  await fetchUnpacked(Object.values(ARM64_NEEDS), say);
  await requireEmulator();
  await tinyDistribution(say, 'arm64');
  await loaderMaterial(say, 'aa64');
}

/** The libraries it is linked with are those of the x86 emulator, as long as both are of one version. */
async function requireEmulator(): Promise<void> {
  const emulator = requireUnpacked(ARM64_NEEDS.emulator);
  const { status, stderr } = await runProgram([emulator, '--version']);
  if (status === 0) return;
  throw new LabRefusal(
    `${emulator} was unpacked and does not run here (${stderr.trim()}). On Debian: apt-get install -y ${ARM64_NEEDS.emulator.debianPackage}`,
  );
}
