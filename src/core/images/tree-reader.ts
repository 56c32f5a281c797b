/**
 * Looks into a tree of files: a folder, or what is on a disc image. Paths are relative to its root with `/` between
 * names and without `.` and `..`; what lies outside the root does not exist for a reader.
 */
export interface TreeReader {
  /** The file's text as UTF-8, its first `maxBytes` bytes at most; undefined where there is no such file. */
  text(path: string, maxBytes: number): Promise<string | undefined>;
  isFile(path: string): Promise<boolean>;
  /** Of the file, in bytes; undefined where there is no such file. */
  size(path: string): Promise<number | undefined>;
  /** Names of the folders in a folder (`''` is the root), sorted; none where there is no such folder. */
  folders(path: string): Promise<readonly string[]>;
  /** Names of the files in a folder, sorted; none where there is no such folder. */
  files(path: string): Promise<readonly string[]>;
  /** Where the tree is what one disc image holds: the size of that, in bytes. */
  readonly discBytes?: number;
}
