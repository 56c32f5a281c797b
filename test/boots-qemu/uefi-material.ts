import { SIGNED_LOADER_NEEDS, UEFI_NEEDS } from '../../src/lab/host-programs.ts';
import { tinyDistribution } from '../../src/lab/tiny-distribution.ts';
import { loaderMaterial } from './loader-material.ts';
import { fetchUnpacked } from '../../src/lab/unpacked-packages.ts';

/**
 * Fetches what boots with UEFI are made of: the firmware, signed boot loaders, and the tree that brings them.
 *
 * @param say told in sentences what is downloaded and built.
 * @throws LabRefusal naming what cannot be had.
 */
export async function uefiMaterial(say: (sentence: string) => void): Promise<void> {
  await fetchUnpacked([...Object.values(UEFI_NEEDS), ...Object.values(SIGNED_LOADER_NEEDS)], say);
  await tinyDistribution(say, 'BIOS and UEFI');
  await loaderMaterial(say);
}
