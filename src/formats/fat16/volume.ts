import { directoryBytes, directoryEntries, ENTRY_BYTES, type VolumeFolder } from './directory.ts';

/**
 * The layout of a volume with FAT16 (Microsoft "FAT: General Overview of On-Disk Format" 1.03), to be read and never
 * written: every file lies in one piece. The bytes of the files are not in it, so a volume can be put together from
 * files that are elsewhere without copying them.
 */
export interface VolumeFile {
  /** With `/` between names: `EFI/BOOT/BOOTX64.EFI`. Names are of printable ASCII. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
}

export interface VolumeLayout {
  /** Of the whole volume, in bytes. */
  readonly size: number;
  /** The bytes from its beginning to the first file; what lies between and behind the files is zeros. */
  readonly head: Uint8Array;
  /** Where the files begin, in bytes, in the order in which they were given. */
  readonly offsets: readonly number[];
}

const SECTOR_BYTES = 512;
const RESERVED_SECTORS = 1;
const FAT_COPIES = 2;
const ROOT_ENTRIES = 512;
const ROOT_SECTORS = (ROOT_ENTRIES * ENTRY_BYTES) / SECTOR_BYTES;
const MAX_SECTORS_PER_CLUSTER = 64;
/**
 * The number of clusters says which FAT it is: 4085 to 65524 are FAT16. Some programs are off by a few, so Microsoft
 * tells everyone to keep away from both ends.
 */
const LEAST_CLUSTERS = 4_112;
const MOST_CLUSTERS = 65_500;
const FIRST_CLUSTER = 2;
const FIXED_DISK = 0xf8;
const END_OF_CHAIN = 0xffff;

interface Shape {
  readonly sectorsPerCluster: number;
  readonly clusters: number;
  readonly fatSectors: number;
}

/** A folder with what its directory needs, and the cluster it begins at; 0 is the root, which lies before them. */
interface PlacedFolder {
  readonly folder: VolumeFolder;
  readonly parent: number;
  readonly cluster: number;
  readonly bytes: number;
}

/** @throws RangeError for names that FAT cannot hold, and for more than it can hold (about 2 GiB). */
export function layOutFat16(files: readonly VolumeFile[], label: string): VolumeLayout {
  const root = foldersOf(files);
  if (directoryEntries(root, 'root') > ROOT_ENTRIES)
    throw new RangeError(`Cannot put more than ${ROOT_ENTRIES} entries into the root of a FAT16 volume`);
  const shape = chooseShape(root, files);
  const clusterBytes = shape.sectorsPerCluster * SECTOR_BYTES;
  const inClusters = (bytes: number): number => Math.ceil(bytes / clusterBytes);
  const folders = placeFolders(root, inClusters);
  let next = FIRST_CLUSTER;
  const chains: [first: number, count: number][] = [];
  const take = (count: number): number => {
    const first = next;
    if (count > 0) chains.push([first, count]);
    next += count;
    return count === 0 ? 0 : first;
  };
  for (const { bytes } of folders.slice(1)) take(inClusters(bytes));
  const firstFile = next;
  const clusters = files.map(({ size }) => take(inClusters(size)));

  const fatBytes = shape.fatSectors * SECTOR_BYTES;
  const rootAt = RESERVED_SECTORS * SECTOR_BYTES + FAT_COPIES * fatBytes;
  const dataAt = rootAt + ROOT_SECTORS * SECTOR_BYTES;
  const placeOf = (cluster: number): number => dataAt + (cluster - FIRST_CLUSTER) * clusterBytes;
  const head = new Uint8Array(placeOf(firstFile));
  const size = dataAt + shape.clusters * clusterBytes;
  head.set(bootSector(shape, size, label));
  const fat = allocationTable(chains, fatBytes);
  for (let copy = 0; copy < FAT_COPIES; copy += 1)
    head.set(fat, RESERVED_SECTORS * SECTOR_BYTES + copy * fatBytes);
  const clusterOf = new Map(folders.map(({ folder, cluster }) => [folder, cluster]));
  for (const { folder, parent, cluster } of folders) {
    const bytes = directoryBytes(folder, {
      own: cluster,
      parent,
      file: (index) => ({ cluster: clusters[index] ?? 0, size: files[index]?.size ?? 0 }),
      folder: (below) => clusterOf.get(below) ?? 0,
      ...(cluster === 0 ? { label } : {}),
    });
    head.set(bytes, cluster === 0 ? rootAt : placeOf(cluster));
  }
  const offsets = clusters.map((cluster) => (cluster === 0 ? size : placeOf(cluster)));
  return { size, head, offsets };
}

/** @throws RangeError for two files of one path, and for a file where another path has a folder. */
function foldersOf(files: readonly VolumeFile[]): VolumeFolder {
  const root: VolumeFolder = { files: new Map(), folders: new Map() };
  for (const [index, { path }] of files.entries()) {
    const names = path.split('/');
    const last = names.pop() ?? '';
    let folder = root;
    for (const name of names) {
      if (folder.files.has(name)) throw clash(path);
      let below = folder.folders.get(name);
      if (!below) {
        below = { files: new Map(), folders: new Map() };
        folder.folders.set(name, below);
      }
      folder = below;
    }
    if (folder.files.has(last) || folder.folders.has(last)) throw clash(path);
    folder.files.set(last, index);
  }
  return root;
}

function clash(path: string): RangeError {
  return new RangeError(
    `Cannot put "${path}" into a FAT16 volume: another file has this name for itself or a folder`,
  );
}

/** The smallest clusters of which there are few enough. */
function chooseShape(root: VolumeFolder, files: readonly VolumeFile[]): Shape {
  for (let sectors = 1; sectors <= MAX_SECTORS_PER_CLUSTER; sectors *= 2) {
    const inClusters = (bytes: number): number => Math.ceil(bytes / (sectors * SECTOR_BYTES));
    const folderClusters = placeFolders(root, inClusters)
      .slice(1)
      .reduce((sum, { bytes }) => sum + inClusters(bytes), 0);
    const used = files.reduce((sum, { size }) => sum + inClusters(size), folderClusters);
    if (used > MOST_CLUSTERS) continue;
    const clusters = Math.max(used, LEAST_CLUSTERS);
    const fatSectors = Math.ceil(((clusters + FIRST_CLUSTER) * 2) / SECTOR_BYTES);
    return { sectorsPerCluster: sectors, clusters, fatSectors };
  }
  const most = (MOST_CLUSTERS * MAX_SECTORS_PER_CLUSTER * SECTOR_BYTES) / 2 ** 20;
  throw new RangeError(`Cannot put more than ${Math.floor(most)} MiB into a FAT16 volume`);
}

/** Every folder, the root first, each before those below it. */
function placeFolders(root: VolumeFolder, inClusters: (bytes: number) => number): readonly PlacedFolder[] {
  const placed: PlacedFolder[] = [{ folder: root, parent: 0, cluster: 0, bytes: 0 }];
  let next = FIRST_CLUSTER;
  // The list grows while it is gone through.
  for (let at = 0; at < placed.length; at += 1) {
    const above = placed[at];
    for (const folder of above?.folder.folders.values() ?? []) {
      const bytes = directoryEntries(folder, 'below') * ENTRY_BYTES;
      placed.push({ folder, parent: above?.cluster ?? 0, cluster: next, bytes });
      next += inClusters(bytes);
    }
  }
  return placed;
}

function bootSector(shape: Shape, size: number, label: string): Uint8Array {
  const sector = new Uint8Array(SECTOR_BYTES);
  const view = new DataView(sector.buffer);
  const sectors = size / SECTOR_BYTES;
  sector.set([0xeb, 0x3c, 0x90]);
  sector.set(ascii('MUSTER', 8), 3);
  view.setUint16(11, SECTOR_BYTES, true);
  view.setUint8(13, shape.sectorsPerCluster);
  view.setUint16(14, RESERVED_SECTORS, true);
  view.setUint8(16, FAT_COPIES);
  view.setUint16(17, ROOT_ENTRIES, true);
  view.setUint16(19, sectors < 0x1_0000 ? sectors : 0, true);
  view.setUint8(21, FIXED_DISK);
  view.setUint16(22, shape.fatSectors, true);
  // Sectors of a track and heads: nothing goes by them any more, and none of them may be 0.
  view.setUint16(24, 63, true);
  view.setUint16(26, 255, true);
  view.setUint32(32, sectors < 0x1_0000 ? 0 : sectors, true);
  view.setUint8(36, 0x80);
  view.setUint8(38, 0x29);
  view.setUint32(39, 0x4d55_5354, true);
  sector.set(ascii(label.toUpperCase(), 11), 43);
  sector.set(ascii('FAT16', 8), 54);
  view.setUint16(510, 0xaa55, true);
  return sector;
}

/** Every chain goes on from one cluster to the next. */
function allocationTable(
  chains: readonly (readonly [first: number, count: number])[],
  bytes: number,
): Uint8Array {
  const table = new Uint8Array(bytes);
  const view = new DataView(table.buffer);
  view.setUint16(0, 0xff00 | FIXED_DISK, true);
  view.setUint16(2, END_OF_CHAIN, true);
  for (const [first, count] of chains) {
    const last = first + count - 1;
    for (let cluster = first; cluster < last; cluster += 1) view.setUint16(cluster * 2, cluster + 1, true);
    view.setUint16(last * 2, END_OF_CHAIN, true);
  }
  return table;
}

/** Letters of a field of that length, with blanks behind. */
function ascii(text: string, length: number): Uint8Array {
  return new TextEncoder().encode(text.slice(0, length).padEnd(length));
}
