/**
 * The id of a node says where it stands on the disc, so that it is the same after a restart and is found again
 * without a table: the first block of its folder, and where its record begins in that. A folder has the id of its own
 * first record, which names itself.
 */
export interface NodePlace {
  readonly block: number;
  /** In bytes; 0 is the folder itself. */
  readonly position: number;
}

/** A folder is no larger: 32 MiB are some 200,000 files with Rock Ridge. */
export const MAX_FOLDER_BYTES = 2 ** 25;
/** Both together are a safe integer: 512 GiB of a disc with blocks of 2048 bytes. Folders lie no further behind. */
export const MAX_FOLDER_BLOCK = 2 ** 28 - 1;

export function nodeId(block: number, position: number): number {
  return block * MAX_FOLDER_BYTES + position;
}

/** Undefined for a number that is no id of any disc. */
export function placeOf(id: number): NodePlace | undefined {
  if (!Number.isSafeInteger(id) || id <= 0) return undefined;
  const position = id % MAX_FOLDER_BYTES;
  return { block: (id - position) / MAX_FOLDER_BYTES, position };
}
