import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Programs that people may have Muster run. The API names them and never brings them: only what somebody with
 * rights on this computer has put into one folder is run, since Muster itself often runs as root.
 */
export type FoundCommand =
  | { readonly found: true; readonly path: string }
  | { readonly found: false; readonly because: string };

/** Written by others than its owner. */
const WRITABLE_BY_OTHERS = 0o022;

/** @param folder of `commands.folder`; undefined: none is set. @param name without a slash. */
export async function findCommand(folder: string | undefined, name: string): Promise<FoundCommand> {
  if (folder === undefined)
    return no('no program may be run: the setting commands.folder names the folder of those that may');
  const path = join(folder, name);
  const because = (await objectionTo(folder, 'folder')) ?? (await objectionTo(path, 'file'));
  return because === undefined ? { found: true, path } : no(because);
}

async function objectionTo(path: string, kind: 'folder' | 'file'): Promise<string | undefined> {
  const facts = await stat(path).catch((error: NodeJS.ErrnoException) => error.code ?? error.message);
  if (typeof facts === 'string')
    return `there is no ${kind === 'file' ? 'program' : 'folder'} ${path} (${facts})`;
  if (kind === 'folder' ? !facts.isDirectory() : !facts.isFile()) return `${path} is no ${kind}`;
  if ((facts.mode & WRITABLE_BY_OTHERS) !== 0)
    return `${path} can be written by others than its owner: chmod go-w ${path}`;
  if (facts.uid !== 0 && facts.uid !== process.getuid?.())
    return `${path} belongs neither to root nor to the user Muster runs as`;
  if (kind === 'folder') return undefined;
  const may = await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
  return may ? undefined : `${path} cannot be run by this user: chmod +x ${path}`;
}

function no(because: string): FoundCommand {
  return { found: false, because };
}
