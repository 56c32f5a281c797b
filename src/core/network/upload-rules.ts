/** Which uploads are taken, and into which folder: decisions without a disk. */

export interface UploadLimits {
  readonly fileBytes: number;
  /** Files in the folder. */
  readonly files: number;
  /** Of all files in the folder. */
  readonly totalBytes: number;
}

/** What is in the folder, and what is on its way there. */
export interface UploadLoad {
  readonly files: number;
  readonly totalBytes: number;
  readonly freeBytes: number;
}

export type UploadObjection = { readonly kind: 'name' | 'exists' | 'full'; readonly because: string };

const MAX_NAME_CHARACTERS = 200;
/** Letters, digits and a few marks: nothing that a shell, a terminal or a web page would act on. */
const SAFE_NAME = /^[A-Za-z0-9_][A-Za-z0-9._+=@~-]*$/;

/** Why nothing is written under this name, or undefined. */
export function objectionToUploadName(name: string): string | undefined {
  if (name.length > MAX_NAME_CHARACTERS) return `the name has more than ${MAX_NAME_CHARACTERS} characters`;
  if (name.includes('/')) return 'uploads have no folders: a plain name is wanted';
  if (name.startsWith('.')) return 'the name begins with a dot';
  if (SAFE_NAME.test(name)) return undefined;
  return 'a name of letters, digits and . _ + = @ ~ - is wanted';
}

/** Why a file of this size has no room, or undefined. @param bytes undefined when the client did not tell it. */
export function objectionToUploadSize(
  bytes: number | undefined,
  load: UploadLoad,
  limits: UploadLimits,
): string | undefined {
  const wanted = bytes ?? 0;
  if (wanted > limits.fileBytes)
    return `the file has more than ${limits.fileBytes} bytes, the most for an upload`;
  if (load.files >= limits.files) return `${limits.files} files were uploaded, the most allowed`;
  if (load.totalBytes + wanted > limits.totalBytes) {
    return `all uploads together would have more than ${limits.totalBytes} bytes, the most allowed`;
  }
  if (wanted > load.freeBytes) return 'the disk of the server is full';
  return undefined;
}

/**
 * Why uploads may not go into this folder, or undefined. What is uploaded must never be served, nor may an upload's
 * name be that of something Muster keeps. All paths are absolute and real: no symbolic link is in them.
 */
export function objectionToUploadFolder(
  folder: string,
  { tftpRoot, dataFolder, imagesFolder }: { tftpRoot?: string; dataFolder: string; imagesFolder: string },
): string | undefined {
  for (const [what, served] of [
    ['tftp.root', tftpRoot],
    ['the folder of images', imagesFolder],
  ] as const) {
    if (served === undefined) continue;
    if (contains(served, folder))
      return `it is inside ${what} (${served}), whose files are served to machines`;
    if (contains(folder, served)) return `${what} (${served}) is inside it`;
  }
  if (contains(folder, dataFolder)) return `Muster's database is inside it (${dataFolder})`;
  return undefined;
}

function contains(outer: string, inner: string): boolean {
  return inner === outer || inner.startsWith(outer.endsWith('/') ? outer : `${outer}/`);
}
