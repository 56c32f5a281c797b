import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, normalize } from 'node:path';
import type { Recognised, Recognition } from '../core/images/distributions/distribution.ts';
import { files } from '../core/images/distributions/files.ts';
import type { Image } from '../core/images/image.ts';
import { findImageLoaders } from '../core/images/image-loaders.ts';
import type { ImageStore } from '../core/images/image-store.ts';
import { recogniseTree } from '../core/images/recognise-tree.ts';
import type { TreeReader } from '../core/images/tree-reader.ts';
import type { Clock } from '../lib/clock.ts';

export const MAX_IMAGE_NAME = 64;
/** Initrds of one image. */
export const MAX_INITRDS = 16;

/** Folders whose content is not for a machine network: themselves, and what is in them where it says so. */
const REFUSED_FOLDERS: readonly { readonly folder: string; readonly inside: boolean }[] = [
  { folder: '/', inside: false },
  ...['/etc', '/proc', '/sys', '/dev'].map((folder) => ({ folder, inside: true })),
  ...['/boot', '/home', '/root', '/run', '/tmp', '/usr', '/var', '/var/lib'].map((folder) => ({
    folder,
    inside: false,
  })),
];

export interface ImageServiceNeeds {
  readonly images: ImageStore;
  readonly openTree: (folder: string) => TreeReader;
  readonly clock: Clock;
  /** Where Muster keeps its database and secrets; only its folder `images` may be served. */
  readonly dataFolder: string;
}

export interface NewImage {
  /** Absolute. */
  readonly folder: string;
  readonly name?: string;
  /** Serve it whatever it holds; nothing in it boots, unless a kernel is named. */
  readonly as?: 'files';
  /** Relative to the folder, in place of what was recognised. */
  readonly kernel?: string;
  readonly initrds?: readonly string[];
}

export type ImageAdded =
  | { readonly added: true; readonly image: Image; readonly note?: string }
  | { readonly added: false; readonly because: string };

/** The images: folders of this server that hold an operating system, or packages, or plain files. */
export class ImageService {
  readonly #needs: ImageServiceNeeds;

  constructor(needs: ImageServiceNeeds) {
    this.#needs = needs;
  }

  async add(wanted: NewImage): Promise<ImageAdded> {
    const folder = await this.#checkFolder(wanted.folder);
    if (!folder.there) return { added: false, because: folder.because };
    const tree = this.#needs.openTree(folder.folder);
    const recognition = wanted.as === 'files' ? await files.recognise(tree) : await recogniseTree(tree);
    if (!recognition.recognised) return { added: false, because: notRecognised(folder.folder, recognition) };
    const chosen = await chooseBootFiles(tree, recognition.tree, wanted);
    if (!chosen.chosen) return { added: false, because: chosen.because };
    const { note, ...recognised } = chosen.tree;
    const name = wanted.name ?? defaultName(recognised, folder.folder);
    const objection = objectionToName(name);
    if (objection !== undefined) return { added: false, because: objection };
    const loaders = await findImageLoaders(tree, recognised.kernel);
    const image: Image = {
      name,
      folder: folder.folder,
      ...recognised,
      ...(loaders.length === 0 ? {} : { loaders }),
      addedAtMs: this.#needs.clock.nowMs(),
    };
    const put = await this.#needs.images.add(image);
    if (!put.put) return { added: false, because: put.because };
    return { added: true, image, ...(note === undefined ? {} : { note }) };
  }

  list(): Promise<readonly Image[]> {
    return this.#needs.images.list();
  }

  byName(name: string): Promise<Image | undefined> {
    return this.#needs.images.byName(name);
  }

  /** The folder stays as it is. */
  remove(name: string): Promise<{ removed: true } | { removed: false; because: string }> {
    return this.#needs.images.remove(name);
  }

  /** The folder as the user wrote it, so that a symbolic link can be turned later; the checks are on the real one. */
  async #checkFolder(
    text: string,
  ): Promise<{ there: true; folder: string } | { there: false; because: string }> {
    if (!isAbsolute(text) || text.includes('\0')) {
      return { there: false, because: `"${text}" is not an absolute path: one from / on is wanted` };
    }
    const folder = withoutSlash(normalize(text));
    let real: string;
    try {
      real = await realpath(folder);
      if (!(await stat(real)).isDirectory()) {
        return {
          there: false,
          because: `"${folder}" is not a folder: unpack or mount it, and name its folder`,
        };
      }
    } catch (error) {
      return { there: false, because: whyNotThere(folder, error) };
    }
    const objection = objectionToFolder(real, await realOrSame(this.#needs.dataFolder));
    return objection === undefined ? { there: true, folder } : { there: false, because: objection };
  }
}

function objectionToFolder(real: string, dataFolder: string): string | undefined {
  const why = 'everything in an image can be read by every machine of the network';
  const images = `${dataFolder}/images`;
  const ofMuster = isInside(dataFolder, real) || isInside(real, dataFolder);
  if (ofMuster && (real === images || !isInside(images, real))) {
    return `"${real}" holds Muster's own data, and ${why}: use another folder, or one below ${images}`;
  }
  const refused = REFUSED_FOLDERS.some(({ folder, inside }) =>
    inside ? isInside(folder, real) : real === folder,
  );
  return refused
    ? `"${real}" belongs to this server's own system, and ${why}: use another folder`
    : undefined;
}

function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function withoutSlash(folder: string): string {
  return folder.length > 1 && folder.endsWith('/') ? folder.slice(0, -1) : folder;
}

/** A data folder that is not made yet is where it will be. */
async function realOrSame(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch {
    return withoutSlash(normalize(folder));
  }
}

function whyNotThere(folder: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (code === 'ENOENT') return `there is no folder "${folder}" on the server`;
  if (code === 'EACCES') return `Muster may not read "${folder}": give its user read and search permission`;
  if (code === undefined) throw error;
  return `"${folder}" cannot be read (${code})`;
}

function notRecognised(folder: string, recognition: Recognition & { recognised: false }): string {
  return `"${folder}" is not recognised: ${recognition.because}; add it as files to serve it all the same`;
}

/** The user's kernel and initrds over the recognised ones, when they are there. */
async function chooseBootFiles(
  tree: TreeReader,
  recognised: Recognised,
  wanted: NewImage,
): Promise<{ chosen: true; tree: Recognised } | { chosen: false; because: string }> {
  const initrds = wanted.initrds ?? (wanted.kernel === undefined ? recognised.initrds : []);
  if (initrds.length > MAX_INITRDS) {
    return { chosen: false, because: `there are ${initrds.length} initrds, and ${MAX_INITRDS} are the most` };
  }
  for (const path of [...(wanted.kernel === undefined ? [] : [wanted.kernel]), ...(wanted.initrds ?? [])]) {
    if (path.startsWith('/') || !(await tree.isFile(path))) {
      return { chosen: false, because: `"${path}" is no file in the image: name it relative to its folder` };
    }
  }
  if (wanted.kernel === undefined) return { chosen: true, tree: { ...recognised, initrds } };
  // The note is about the kernel that was found, or about none being there.
  const { note: _, ...rest } = recognised;
  return { chosen: true, tree: { ...rest, kernel: wanted.kernel, initrds } };
}

/** `centos-6.3` from `CentOS 6.3`; plain files are named for their folder. */
function defaultName(recognised: Recognised, folder: string): string {
  const words = recognised.family === 'files' ? folder.slice(folder.lastIndexOf('/') + 1) : recognised.title;
  return words
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
    .slice(0, MAX_IMAGE_NAME);
}

function objectionToName(name: string): string | undefined {
  if (/^[a-z0-9][a-z0-9._-]*$/.test(name) && name.length <= MAX_IMAGE_NAME) return undefined;
  return `"${name}" cannot be an image's name, which is part of its URL: 1 to ${MAX_IMAGE_NAME} lower-case letters, digits, ".", "_" and "-" are wanted, the first a letter or digit`;
}
