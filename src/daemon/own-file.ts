import { closeSync, fchownSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';

const MODE_OF_OWNER = 0o600;

/**
 * A file that holds a secret: never there with other rights, nor half. It is made beside its place, and given away by
 * what is open, not by its name: another may stand there by then.
 *
 * @param uid whose it is, where it is not that of this process.
 */
export function writeOwnFile(file: string, text: string, uid?: number): void {
  const made = `${file}.new`;
  rmSync(made, { force: true });
  const descriptor = openSync(made, 'wx', MODE_OF_OWNER);
  try {
    writeFileSync(descriptor, text);
    if (uid !== undefined) fchownSync(descriptor, uid, uid);
  } finally {
    closeSync(descriptor);
  }
  renameSync(made, file);
}
