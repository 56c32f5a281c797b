import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, normalize } from 'node:path';
import { reasonOf } from './folder-tree.ts';

/** Folders whose content is not for a machine network: themselves, and what is in them where it says so. */
const REFUSED_FOLDERS: readonly { readonly folder: string; readonly inside: boolean }[] = [
  { folder: '/', inside: false },
  ...['/etc', '/proc', '/sys', '/dev'].map((folder) => ({ folder, inside: true })),
  ...['/boot', '/home', '/root', '/run', '/tmp', '/usr', '/var', '/var/lib'].map((folder) => ({
    folder,
    inside: false,
  })),
];

export interface OwnFolders {
  /** Where Muster keeps its database and secrets; only its folder `images` may be served. */
  readonly dataFolder: string;
  /** Where machines may put files over TFTP; none of that is an image. */
  readonly uploadsFolder?: string;
}

export type ImagePlace =
  | {
      readonly there: true;
      /** As the user wrote it, so that a symbolic link can be turned later. */
      readonly folder: string;
      /** The checks are on this one. */
      readonly real: string;
    }
  | { readonly there: false; readonly because: string };

/** Whether what is there may be an image: a folder or a file, and nothing that is not for everybody's eyes. */
export async function findImagePlace(text: string, own: OwnFolders): Promise<ImagePlace> {
  if (!isAbsolute(text) || text.includes('\0')) {
    return { there: false, because: `"${text}" is not an absolute path: one from / on is wanted` };
  }
  const folder = withoutSlash(normalize(text));
  let real: string;
  try {
    real = await realpath(folder);
    const stats = await stat(real);
    if (!stats.isDirectory() && !stats.isFile())
      return { there: false, because: `"${folder}" is neither a folder nor a disc image` };
  } catch (error) {
    return { there: false, because: whyNotThere(folder, error) };
  }
  const objection = objectionToPlace(real, {
    dataFolder: await realOrSame(own.dataFolder),
    ...(own.uploadsFolder === undefined ? {} : { uploadsFolder: await realOrSame(own.uploadsFolder) }),
  });
  return objection === undefined ? { there: true, folder, real } : { there: false, because: objection };
}

function objectionToPlace(real: string, { dataFolder, uploadsFolder }: OwnFolders): string | undefined {
  const why = 'everything in an image can be read by every machine of the network';
  const images = `${dataFolder}/images`;
  const ofMuster = isInside(dataFolder, real) || isInside(real, dataFolder);
  if (ofMuster && (real === images || !isInside(images, real))) {
    return `"${real}" holds Muster's own data, and ${why}: use another folder, or one below ${images}`;
  }
  if (uploadsFolder !== undefined && (isInside(uploadsFolder, real) || isInside(real, uploadsFolder))) {
    return `"${real}" is, or holds, what machines may put there over TFTP (tftp.uploads.folder), and no machine may make an image: use another folder`;
  }
  const refused = REFUSED_FOLDERS.some(({ folder, inside }) =>
    inside ? isInside(folder, real) : real === folder,
  );
  return refused
    ? `"${real}" belongs to this server's own system, and ${why}: use another folder`
    : undefined;
}

export function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function withoutSlash(folder: string): string {
  return folder.length > 1 && folder.endsWith('/') ? folder.slice(0, -1) : folder;
}

/** A folder that is not made yet is where it will be. */
async function realOrSame(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch {
    return withoutSlash(normalize(folder));
  }
}

function whyNotThere(folder: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (code === 'ENOENT') return `there is no folder and no disc image "${folder}" on the server`;
  if (code === 'EACCES') return `Muster may not read "${folder}": give its user read and search permission`;
  return reasonOf(error, folder);
}

export type ImageIdentity =
  | { readonly there: true; readonly identity: string; readonly bytes: number }
  | { readonly there: false; readonly because: string };

/**
 * Another text when the files of an image were written to or replaced: the disc image, or in a folder those that a boot
 * fetches. Neither the device nor the inode is part of it, since on some file systems both change with each mount.
 */
export async function identifyImage({
  folder,
  kernel,
  initrds,
}: {
  readonly folder: string;
  readonly kernel?: string | undefined;
  readonly initrds: readonly string[];
}): Promise<ImageIdentity> {
  let looked = folder;
  try {
    const stats = await stat(folder, { bigint: true });
    if (stats.isFile())
      return { there: true, identity: `${stats.size} ${stats.mtimeNs}`, bytes: Number(stats.size) };
    const parts: string[] = [];
    let bytes = 0;
    for (const path of [...(kernel === undefined ? [] : [kernel]), ...initrds]) {
      looked = join(folder, path);
      const { size, mtimeNs } = await stat(looked, { bigint: true });
      parts.push(`${path} ${size} ${mtimeNs}`);
      bytes += Number(size);
    }
    return { there: true, identity: parts.join('\n'), bytes };
  } catch (error) {
    return { there: false, because: reasonOf(error, looked) };
  }
}
