import { enterpriseLevel } from '../images/distributions/enterprise-level.ts';
import type { Image } from '../images/image.ts';

/**
 * The kernel's command line of an installer that a person sits before: it is told where its packages are, where it
 * cannot ask for that itself, and nothing that would answer a question for the person.
 *
 * @param treeUrl the folder of the image.
 */
export function attendedCommandLine(
  image: Pick<Image, 'family' | 'title' | 'release'>,
  treeUrl: string,
): string {
  // The debian-installer asks for a mirror; anaconda from EL 7 on stops in dracut when it is not told.
  if (image.family !== 'rhel') return '';
  return enterpriseLevel(image) >= 7 ? `inst.repo=${treeUrl} ip=dhcp` : `method=${treeUrl} ksdevice=bootif`;
}
