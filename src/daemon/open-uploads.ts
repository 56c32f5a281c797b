import { mkdir, realpath, access, constants } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { objectionToUploadFolder } from '../core/network/upload-rules.ts';
import type { Settings } from '../core/settings/settings.ts';
import { UploadFolder } from '../services/images/upload-folder.ts';
import { StartError } from './lifecycle.ts';
import type { Log } from './log.ts';

type UploadSettings = Pick<
  Settings,
  | 'tftp.root'
  | 'tftp.uploads.folder'
  | 'tftp.uploads.fileBytes'
  | 'tftp.uploads.files'
  | 'tftp.uploads.totalBytes'
>;

/**
 * The folder of uploads, made if need be and free of what a crash left; undefined while uploads are off.
 *
 * @throws StartError when uploads may not go there.
 */
export async function openUploads(
  settings: UploadSettings,
  folders: { readonly data: string; readonly images: string },
  log: Pick<Log, 'info'>,
): Promise<UploadFolder | undefined> {
  const wanted = settings['tftp.uploads.folder'];
  if (wanted === undefined) return undefined;
  const tftpRoot = settings['tftp.root'];
  const folder = await makeFolder(wanted);
  const objection = objectionToUploadFolder(folder, {
    dataFolder: await realPath(folders.data),
    imagesFolder: await realPath(folders.images),
    ...(tftpRoot === undefined ? {} : { tftpRoot: await realPath(tftpRoot) }),
  });
  if (objection !== undefined) throw uploadError(wanted, objection, 78);
  const limits = {
    fileBytes: settings['tftp.uploads.fileBytes'],
    files: settings['tftp.uploads.files'],
    totalBytes: settings['tftp.uploads.totalBytes'],
  };
  const uploads = new UploadFolder({
    folder,
    limits,
    randomHex: (bytes) => randomBytes(bytes).toString('hex'),
  });
  const removed = await uploads.removePartials();
  if (removed > 0) log.info(`Removed ${removed} uploads from ${folder} that had not become whole`);
  return uploads;
}

async function makeFolder(path: string): Promise<string> {
  try {
    await mkdir(path, { recursive: true, mode: 0o750 });
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return await realpath(path);
  } catch (error) {
    throw uploadError(path, error instanceof Error ? error.message : String(error), 77);
  }
}

/** Of a folder that is not there yet, the path as it was given. */
async function realPath(path: string): Promise<string> {
  return await realpath(path).catch(() => path);
}

function uploadError(folder: string, because: string, exitCode: 77 | 78): StartError {
  return new StartError(
    `Cannot take uploads into ${folder}: ${because}. Choose another: --set tftp.uploads.folder=/some/folder`,
    exitCode,
  );
}
