/** Directories of FAT: entries of 32 bytes; a name that is no `8.3` in capitals stands in entries before its own. */

/** What a directory names: a file by its place in the list, or a directory below. */
export interface VolumeFolder {
  readonly files: Map<string, number>;
  readonly folders: Map<string, VolumeFolder>;
}

export const ENTRY_BYTES = 32;
const LONG_NAME_LETTERS = 13;
const MAX_LONG_NAME = 255;
/** Where the letters of a long name stand in an entry. */
const LETTER_PLACES = [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30] as const;
const LAST_LONG_ENTRY = 0x40;
const Attribute = { volumeLabel: 0x08, folder: 0x10, archive: 0x20, longName: 0x0f } as const;
/** 1 January 1980: the first day there is, and 0 is none. */
const FIRST_DAY = 0x0021;

/** Where things begin, as directories name them: by cluster, 0 for the root and for an empty file. */
export interface Clusters {
  readonly own: number;
  readonly parent: number;
  readonly file: (index: number) => { readonly cluster: number; readonly size: number };
  readonly folder: (folder: VolumeFolder) => number;
  /** Of the volume, in its root. */
  readonly label?: string;
}

/** How many entries the directory of a folder needs: the root has its label, others themselves and their parent. */
export function directoryEntries(folder: VolumeFolder, which: 'root' | 'below'): number {
  const names = [...folder.files.keys(), ...folder.folders.keys()];
  const own = which === 'root' ? 1 : 2;
  return names.reduce((sum, name) => sum + 1 + longEntries(name), own);
}

/** @throws RangeError for a name that FAT cannot hold. */
export function directoryBytes(folder: VolumeFolder, clusters: Clusters): Uint8Array {
  const bytes = new Uint8Array(
    directoryEntries(folder, clusters.label === undefined ? 'below' : 'root') * ENTRY_BYTES,
  );
  let at = 0;
  const add = (entry: Uint8Array): void => {
    bytes.set(entry, at);
    at += ENTRY_BYTES;
  };
  if (clusters.label === undefined) {
    add(entryOf('.'.padEnd(11), Attribute.folder, clusters.own, 0));
    add(entryOf('..'.padEnd(11), Attribute.folder, clusters.parent, 0));
  } else {
    add(entryOf(clusters.label.toUpperCase().slice(0, 11).padEnd(11), Attribute.volumeLabel, 0, 0));
  }
  const taken = new Set<string>();
  const addNamed = (name: string, attribute: number, cluster: number, size: number): void => {
    const short = shortName(name, taken);
    for (const entry of longNameEntries(name, short)) add(entry);
    add(entryOf(short, attribute, cluster, size));
  };
  for (const [name, below] of folder.folders) addNamed(name, Attribute.folder, clusters.folder(below), 0);
  for (const [name, index] of folder.files) {
    const { cluster, size } = clusters.file(index);
    addNamed(name, Attribute.archive, cluster, size);
  }
  return bytes;
}

function entryOf(short: string, attribute: number, cluster: number, size: number): Uint8Array {
  const entry = new Uint8Array(ENTRY_BYTES);
  const view = new DataView(entry.buffer);
  entry.set(new TextEncoder().encode(short));
  view.setUint8(11, attribute);
  view.setUint16(16, FIRST_DAY, true);
  view.setUint16(18, FIRST_DAY, true);
  view.setUint16(24, FIRST_DAY, true);
  view.setUint16(26, cluster, true);
  view.setUint32(28, size, true);
  return entry;
}

/** The name itself where it is an 8.3 in capitals. */
const PLAIN_SHORT = /^([A-Z0-9_-]{1,8})(?:\.([A-Z0-9_-]{1,3}))?$/;

function longEntries(name: string): number {
  return PLAIN_SHORT.test(name) ? 0 : Math.ceil(name.length / LONG_NAME_LETTERS);
}

/** Eleven letters, unlike those of the directory's other names. */
function shortName(name: string, taken: Set<string>): string {
  if (!/^[\u0021-\u007E]+$/.test(name) || /["*/:<>?\\|]/.test(name) || /^\.+$/.test(name))
    throw new RangeError(`Cannot put the name "${name}" into a FAT16 volume`);
  if (name.length > MAX_LONG_NAME)
    throw new RangeError(`Cannot put a name of ${name.length} letters into a FAT16 volume`);
  const [, stem = '', ending = ''] = PLAIN_SHORT.exec(name.toUpperCase()) ?? [];
  const plain = `${stem.padEnd(8)}${ending.padEnd(3)}`;
  if (stem !== '' && !taken.has(plain)) {
    taken.add(plain);
    return plain;
  }
  const dot = name.lastIndexOf('.');
  const clean = (text: string): string => text.toUpperCase().replaceAll(/[^A-Z0-9_-]/g, '');
  const start = clean(dot > 0 ? name.slice(0, dot) : name) || '_';
  const end = dot > 0 ? clean(name.slice(dot + 1)).slice(0, 3) : '';
  for (let number = 1; ; number += 1) {
    const tail = `~${number}`;
    const short = `${(start.slice(0, 8 - tail.length) + tail).padEnd(8)}${end.padEnd(3)}`;
    if (taken.has(short)) continue;
    taken.add(short);
    return short;
  }
}

/** The last part first, as they stand before the entry itself. */
function longNameEntries(name: string, short: string): readonly Uint8Array[] {
  const count = longEntries(name);
  return Array.from({ length: count }, (_, index) => {
    const part = count - 1 - index;
    const entry = new Uint8Array(ENTRY_BYTES);
    const view = new DataView(entry.buffer);
    view.setUint8(0, (part + 1) | (index === 0 ? LAST_LONG_ENTRY : 0));
    view.setUint8(11, Attribute.longName);
    view.setUint8(13, checksumOf(short));
    for (const [place, offset] of LETTER_PLACES.entries()) {
      const letter = part * LONG_NAME_LETTERS + place;
      // Behind the name a 0, and behind that what no letter is.
      const code = letter < name.length ? name.charCodeAt(letter) : letter === name.length ? 0 : 0xffff;
      view.setUint16(offset, code, true);
    }
    return entry;
  });
}

/** Ties the parts of a long name to the entry they belong to. */
function checksumOf(short: string): number {
  let sum = 0;
  for (const letter of short) sum = (((sum & 1) << 7) + (sum >> 1) + letter.charCodeAt(0)) & 0xff;
  return sum;
}
