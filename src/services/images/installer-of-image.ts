import { firmwareName, firmwareOf, fitsFirmware } from '../../core/boot/firmware.ts';
import { imagePath } from '../../core/boot/machine-urls.ts';
import { overlayPath } from '../../core/boot/overlay-name.ts';
import type { Image } from '../../core/images/image.ts';
import type { Profile } from '../../core/install/profile.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { Installer } from '../../core/scripts/script-language.ts';
import { architectureOfClass } from '../../protocols/dhcp/pxe.ts';
import type { Asker } from '../boot/who-asks.ts';

/** What an image is to a loader, and to the firmware before it. */

/** Why this firmware does not start the image, or undefined. */
export function whyUnfit(image: Image, architecture: number): string | undefined {
  const firmware = firmwareName(architecture);
  if (!fitsFirmware(image.architecture, architecture))
    return `image ${image.name} is for ${image.architecture}, which ${firmware} does not start`;
  // It takes the list for the name of one file (U-Boot 2023.01).
  if (image.initrds.length > 1 && firmwareOf(architecture)?.platform === 'U-Boot')
    return `image ${image.name} has ${image.initrds.length} initrds, and ${firmware} loads one`;
  return undefined;
}

/** Why an installer of this image cannot be told what the profile wants, or undefined. */
export function objectionToAnswers(
  { name, answerKind }: Pick<Image, 'name' | 'answerKind'>,
  { attended }: Pick<Profile, 'attended'>,
): string | undefined {
  if (attended === true || answerKind !== 'none') return undefined;
  return `image ${name} has no installer that reads an answer file`;
}

/** What the firmware of the lease said of itself; undefined where it said nothing. */
export function architectureOf({ vendorClass }: Asker): number | undefined {
  return architectureOfClass(vendorClass ?? '');
}

export function installerOf(image: Image, kernel: string, words: string): Installer {
  return {
    kernel: imagePath(image.name, kernel),
    initrds: image.initrds.map((path) => imagePath(image.name, path)),
    arguments: words,
  };
}

/** Its last initrd is the one with the files behind it: one file, which every loader can load. */
export function withOverlay(installer: Installer, installId: string): Installer {
  const last = installer.initrds.at(-1);
  return { ...installer, initrds: [...installer.initrds.slice(0, -1), overlayPath(installId, last)] };
}

export function unsignedOverlay(profile: string): string {
  return `profile ${profile} has an overlay, which is made anew for each machine and so has no signature, and ipxe.signatures is required: take the overlay away, or set ipxe.signatures to off`;
}

export function isOffered(
  image: Image,
  { images }: Policy['menu'],
  architecture: number | undefined,
): boolean {
  if (!fitsFirmware(image.architecture, architecture)) return false;
  return images === 'all' || images.includes(image.name);
}

export function titleOf(image: Image): string {
  return image.architecture === '' ? image.title : `${image.title} ${image.architecture}`;
}
