import type { IpAddress } from '../lib/addresses.ts';
import { placeOf } from '../lib/byte-source.ts';
import { makeEtag } from '../protocols/http/conditions.ts';
import { contentTypeOf } from '../protocols/http/content-type.ts';
import type { PlaneFile } from '../protocols/http/plane.ts';
import { parseRequestPath } from '../protocols/http/request-path.ts';
import { isEfiName } from '../services/boot/program-watch.ts';
import { type ImageDoorNeeds, imageOfDisc, isBootFile } from './machine-http-files.ts';

/** Paths below it may be files that the plane sends; all else is answered by the main thread. */
export const PLANE_PREFIX = '/images/';
/** A file that was replaced is sent as it was for so long; what is asked for in that time costs no look at the disk. */
const VALID_MS = 2_000;

/**
 * What a path is to the plane: a file of an image, for whoever asks. Undefined for folders, for what is not there, and
 * for programs of UEFI, of which it is watched who gets them.
 */
export async function planeFile(
  { images, openInsideFolder, timeline, programs }: ImageDoorNeeds,
  target: string,
  client: IpAddress,
): Promise<PlaneFile | undefined> {
  const asked = pathOf(target);
  if (asked === undefined) return undefined;
  const named = await images.byName(asked.image);
  const image = named ?? (await imageOfDisc({ images }, asked, asked.image));
  // A disc as a whole is asked for by its name alone; an image's own name without a path is a folder.
  if ((named !== undefined) === (asked.path === '')) return undefined;
  if (!image || isEfiName(asked.path)) return undefined;
  const opened = await openInsideFolder(image.folder, asked.path);
  if (!opened.found) return undefined;
  const { source, mtimeMs } = opened;
  const place = placeOf(source);
  if (place === undefined) {
    await source.close();
    return undefined;
  }
  const label = named ? `${image.name}/${asked.path}` : asked.image;
  const isBoot = !named || isBootFile(image, asked.path);
  programs.asked(client, label);
  return {
    source,
    descriptor: place.file.descriptor,
    extents: place.extents,
    validators: {
      etag: makeEtag(source.size, mtimeMs),
      modifiedMs: mtimeMs,
      lastModified: new Date(mtimeMs).toUTCString(),
    },
    contentType: contentTypeOf(label),
    validMs: VALID_MS,
    tell: isBoot ? 'each' : 'sums',
    onSent: ({ client: address, ...sent }) => {
      programs.asked(address, label);
      timeline.fileSent(address, label, sent);
    },
    onSum: ({ client: address, complete, brokenOff, bytes, milliseconds }) => {
      programs.asked(address, label);
      const sent = { status: 200, bytes, milliseconds };
      if (complete > 0) timeline.treeFile(address, image.name, { ...sent, isComplete: true }, complete);
      // The bytes are told once, whatever came of them.
      const rest = complete > 0 ? { ...sent, bytes: 0 } : sent;
      if (brokenOff > 0) timeline.treeFile(address, image.name, { ...rest, isComplete: false }, brokenOff);
    },
  };
}

interface Asked {
  readonly image: string;
  /** Empty for a disc image as a whole. */
  readonly path: string;
  readonly parts: readonly string[];
  readonly isFolder: boolean;
}

function pathOf(target: string): Asked | undefined {
  try {
    const { parts, isFolder } = parseRequestPath(target);
    const [door, image, ...rest] = parts;
    if (isFolder || door !== 'images' || image === undefined) return undefined;
    return { image, path: rest.join('/'), parts, isFolder };
  } catch (error) {
    // The main thread says what is wrong with it.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
