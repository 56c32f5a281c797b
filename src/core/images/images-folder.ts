/** Endings of programs that load files and have not done yet. */
const UNFINISHED = /\.(?:part|partial|crdownload|download|aria2|tmp|filepart|!qB)$/i;
const DISC = /\.(?:iso|img)$/i;

/** Whether something in the folder of images is added by itself, once it is whole. Names with a dot first are hidden. */
export function mayBeImage(name: string, kind: 'file' | 'folder' | 'other'): boolean {
  if (name.startsWith('.') || name === 'lost+found' || UNFINISHED.test(name)) return false;
  return kind === 'folder' || (kind === 'file' && DISC.test(name));
}
