import type { Extent } from '../../lib/byte-source.ts';
import { DecodeError } from '../../lib/decode-error.ts';

import { type DirectoryRecord, decodeRecord, isSpecial, RecordFlag, sectorEnd } from './directory-record.ts';
import type { DiscFields } from './disc-fields.ts';
import type { DiscLayout } from './disc-layout.ts';
import { describeRecord, type FoundFile } from './found-file.ts';
import { type FolderHead, readHead } from './folder-head.ts';
import { FolderListing } from './folder-listing.ts';
import { MAX_FOLDER_BYTES } from './node-id.ts';
import { recordedName } from './recorded-name.ts';
import type { SystemUseBudget } from './system-use.ts';

/** Records of one folder: more than any disc has in one, and not more than may be held in memory. */
export const MAX_RECORDS = 2 ** 17;
/** What a listing may take in memory, roughly: with names of 40 letters, which are long, it is three quarters of this. */
const MAX_WEIGHT = 32 * 2 ** 20;
/** What the records of one folder may have elsewhere: twice what may be in the folder itself. */
const MAX_CONTINUED_BYTES = 2 * MAX_FOLDER_BYTES;
/** Folders above each other. No path that a client can ask for has more than 2048. */
export const MAX_DEPTH = 256;
/** Parts of one file, each of which is nearly 4 GiB where a program wrote them. */
const MAX_PARTS = 1024;
/** Where the folders are that lie too deep for ISO 9660; nobody has put them there (RRIP 1.12 §4.1.5). */
const RELOCATION_FOLDER = /^\.?rr_moved$/i;

/** A file of which parts are still to come. */
interface Pending {
  readonly found: FoundFile;
  /** The name in the records, by which its parts are known. */
  readonly recorded: string;
  readonly parts: Extent[];
  bytes: number;
}

/** @throws DecodeError for a folder of too many records, or that the disc ends within. */
export async function readFolder(disc: DiscLayout, head: FolderHead, depth: number): Promise<FolderListing> {
  return await new FolderReader(disc, head, depth).read();
}

/** Reads the records of one folder, in their order, into a listing. */
class FolderReader {
  readonly #disc: DiscLayout;
  readonly #head: FolderHead;
  readonly #start: number;
  readonly #listing: FolderListing;
  readonly #budget: SystemUseBudget = { areas: MAX_RECORDS, bytes: MAX_CONTINUED_BYTES };
  #records = 0;
  #hasLookedBelow = false;
  #pending: Pending | undefined;

  constructor(disc: DiscLayout, head: FolderHead, depth: number) {
    this.#disc = disc;
    this.#head = head;
    this.#start = head.block * disc.blockBytes;
    this.#listing = new FolderListing(head.block, depth);
  }

  async read(): Promise<FolderListing> {
    const end = this.#start + this.#head.bytes;
    for (let offset = this.#start; offset < end; ) {
      const fields = await this.#disc.pieces.readUpTo(offset, end);
      const isOver = await this.#readPiece(fields);
      if (isOver) break;
      offset += fields.length;
    }
    this.#finishPending();
    return this.#listing;
  }

  /** True where another folder begins, though this one should not have ended. */
  async #readPiece(fields: DiscFields): Promise<boolean> {
    const { blockBytes } = this.#disc;
    for (let at = 0; at < fields.length; ) {
      const place = fields.base + at;
      if (fields.uint8(at) === 0) {
        at += blockBytes - (place % blockBytes);
        continue;
      }
      const end = Math.min(sectorEnd(place) - fields.base, fields.length);
      const record = this.#decode(fields, at, end);
      if (record === undefined) {
        at = end;
        continue;
      }
      if (place >= this.#start + this.#head.headBytes) {
        if (isSpecial(fields, record, 'itself') && record.block * blockBytes === place) {
          this.#listing.leaveOut('the folder goes on into another one', '');
          return true;
        }
        await this.#take(fields, record, place - this.#start);
      }
      at = record.end;
    }
    return false;
  }

  /** Behind a broken record nobody knows where the next begins: the rest of the sector is passed over. */
  #decode(fields: DiscFields, at: number, end: number): DirectoryRecord | undefined {
    this.#records += 1;
    if (this.#records > MAX_RECORDS)
      throw new DecodeError(`A folder has more than ${MAX_RECORDS} records`, this.#start);
    if (this.#listing.weight > MAX_WEIGHT)
      throw new DecodeError(`The names in a folder take more than ${MAX_WEIGHT} bytes`, this.#start);
    try {
      return decodeRecord(fields, at, end);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#listing.leaveOut('its directory record is broken', '');
      return undefined;
    }
  }

  async #take(fields: DiscFields, record: DirectoryRecord, position: number): Promise<void> {
    const { flags, nameAt, nameBytes } = record;
    if (flags & RecordFlag.associated) {
      const name = recordedName(fields, nameAt, nameBytes, this.#disc.naming);
      this.#listing.leaveOut('it is an associated file', name);
      return;
    }
    const isLast = (flags & RecordFlag.notTheLast) === 0;
    if (this.#pending !== undefined) {
      if (this.#pending.recorded === recordedBytes(fields, record)) {
        this.#addPart(this.#pending, record);
        if (isLast) this.#addFile(this.#pending);
        if (isLast) this.#pending = undefined;
        return;
      }
      this.#finishPending();
    }
    const found = await describeRecord(this.#disc, fields, record, position, this.#budget);
    if (found.kind === 'relocated') this.#listing.hasRelocated = true;
    else if (found.kind === 'file' || found.because !== undefined || !isLast) {
      const pending = { found, recorded: isLast ? '' : recordedBytes(fields, record), parts: [], bytes: 0 };
      this.#addPart(pending, record);
      if (isLast) this.#addFile(pending);
      else this.#pending = pending;
    } else if (found.kind === 'folder') await this.#addFolder(found);
    else this.#listing.addLink(found);
  }

  #addPart(pending: Pending, record: DirectoryRecord): void {
    const { found, parts } = pending;
    const length = record.dataBytes;
    const offset = record.block * this.#disc.blockBytes;
    if (length === 0) return;
    if (offset + length > this.#disc.pieces.size)
      found.because ??= 'its bytes lie behind the end of the image';
    pending.bytes += length;
    const before = parts.at(-1);
    // Parts follow each other on every disc that was seen: then they are one piece.
    if (before !== undefined && before.offset + before.length === offset)
      parts[parts.length - 1] = { offset: before.offset, length: before.length + length };
    else if (parts.length < MAX_PARTS) parts.push({ offset, length });
    else found.because ??= `it has more than ${MAX_PARTS} parts`;
  }

  #addFile({ found, parts, bytes }: Pending): void {
    const { name, position, mode, mtimeMs, because } = found;
    if (because === undefined) this.#listing.addFile({ name, position, size: bytes, mode, mtimeMs }, parts);
    else this.#listing.leaveOut(because, name);
  }

  #finishPending(): void {
    if (this.#pending === undefined) return;
    const { found } = this.#pending;
    this.#listing.leaveOut(found.because ?? 'its last part is missing', found.name);
    this.#pending = undefined;
  }

  /**
   * A folder names the one it is in. Only there it is shown, so that none can be in itself, and what is behind an id
   * can be found from below.
   */
  async #addFolder(found: FoundFile): Promise<void> {
    const { name, block } = found;
    const head = await this.#headOf(block);
    if (head === undefined) this.#listing.leaveOut('its own directory is broken', name);
    else if (block === this.#disc.rootBlock || head.parentBlock !== this.#head.block)
      this.#listing.leaveOut('it says that it is in another folder', name);
    else if (this.#listing.depth + 1 > MAX_DEPTH)
      this.#listing.leaveOut(`it lies more than ${MAX_DEPTH} folders deep`, name);
    else if (!(await this.#isRelocationFolder(name, head)))
      this.#listing.addFolder(
        { name, position: found.position, size: head.bytes, mode: head.mode, mtimeMs: head.mtimeMs },
        block,
      );
  }

  async #headOf(block: number): Promise<FolderHead | undefined> {
    try {
      return await readHead(this.#disc, block);
    } catch (error) {
      if (error instanceof DecodeError) return undefined;
      throw error;
    }
  }

  async #isRelocationFolder(name: string, head: FolderHead): Promise<boolean> {
    const mayBe = this.#disc.naming === 'rock ridge' && this.#head.block === this.#disc.rootBlock;
    if (!mayBe || this.#hasLookedBelow || !RELOCATION_FOLDER.test(name)) return false;
    // Once: a root could name ten thousand such folders, and none that is right names two.
    this.#hasLookedBelow = true;
    const listing = await readFolder(this.#disc, head, 1);
    return listing.length === 0 && listing.hasRelocated;
  }
}

/** The bytes of the name in a record, one letter for each. */
function recordedBytes(fields: DiscFields, record: DirectoryRecord): string {
  return String.fromCharCode(...fields.slice(record.nameAt, record.nameBytes));
}
