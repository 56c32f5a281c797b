import { BOOT_DOOR } from './machine-urls.ts';

/** The initrd of an image with files behind it, made for one install. */
export interface OverlayName {
  readonly installId: string;
}

const FOLDER = 'overlay';
const NAME = /(?:^|\/)overlay\/(i-[\da-f]{12})\/[^/]+$/;
/** Where an image has no initrd, the files alone are one. */
const ALONE = 'overlay.cpio';

/**
 * Below this server's root, over TFTP as over HTTP. It ends with the name of the image's own initrd, and says whose
 * install it is for the timeline's sake alone: who asks is told by the address.
 */
export function overlayPath(installId: string, initrd: string | undefined): string {
  const name = initrd?.slice(initrd.lastIndexOf('/') + 1) ?? ALONE;
  return `${BOOT_DOOR}/${FOLDER}/${installId}/${name}`;
}

/** Also behind a folder that a loader puts before all its names. */
export function parseOverlayName(path: string): OverlayName | undefined {
  const installId = NAME.exec(path)?.[1];
  return installId === undefined ? undefined : { installId };
}

/**
 * Links in the initrds of merged-/usr systems, which are most since 2013: the kernel's unpacker would put a folder in
 * the place of such a link, and everything behind it would be gone.
 */
const LINKS = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'];

/** Why a file may not be put there in an initrd, or undefined. */
export function objectionToPlace(path: string): string | undefined {
  const [first = ''] = path.split('/');
  if (!LINKS.includes(first)) return undefined;
  const below = path === first ? `usr/${first}` : `usr/${path}`;
  return `${path} would take the place of what is a link in most initrds: put it at ${below} instead`;
}
