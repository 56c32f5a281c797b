import { writePostOp } from './attributes.ts';
import type { Place } from './exports.ts';
import { TRANSFER_BYTES } from './nfs3-answers.ts';
import { MAX_NAME_BYTES } from './read-folder.ts';
import type { RpcCaller } from './rpc.ts';
import type { XdrWriter } from './xdr.ts';

/** What clients are told of a whole export: FSSTAT, FSINFO and PATHCONF (RFC 1813 §3.3.18 to §3.3.20). */

/** What reads are best multiples of; memory pages. */
const PAGE_BYTES = 4096;
/** Nobody can write, but a client that mounts for writing asks how much at a time; it fits in a call. */
const WRITE_BYTES = 32 * 1024;
/** FSF3_LINK, FSF3_SYMLINK, FSF3_HOMOGENEOUS: PATHCONF says the same everywhere. */
const PROPERTIES = 0x01 | 0x02 | 0x08;
/** Nothing changes; a client that asks again each minute costs nothing. */
const UNCHANGED_SECONDS = 60;

export function writeSpace(reply: XdrWriter, place: Place): void {
  writePostOp(reply, place);
  reply.uint64(place.export.totalBytes ?? 0);
  reply.uint64(0).uint64(0); // free bytes, for root and for others
  reply.uint64(0).uint64(0).uint64(0); // files there may be, and are free
  reply.uint32(UNCHANGED_SECONDS);
}

export function writeLimits(
  reply: XdrWriter,
  { place, transport }: { readonly place: Place; readonly transport: RpcCaller['transport'] },
): void {
  const { most, preferred, folder } = TRANSFER_BYTES[transport];
  writePostOp(reply, place);
  reply.uint32(most).uint32(preferred).uint32(PAGE_BYTES);
  reply.uint32(WRITE_BYTES).uint32(WRITE_BYTES).uint32(PAGE_BYTES);
  reply.uint32(folder);
  reply.uint32(0x7fff_ffff).uint32(0xffff_ffff); // the largest file: 2^63 - 1
  reply.uint32(1).uint32(0); // times are set to the second
  reply.uint32(PROPERTIES);
}

export function writeFileSystem(reply: XdrWriter, place: Place): void {
  writePostOp(reply, place);
  reply.uint32(1).uint32(MAX_NAME_BYTES); // links there may be of a file, bytes of a name
  reply.bool(true).bool(true); // longer names are refused, owners stay
  reply.bool(false).bool(true); // case tells names apart, and is kept
}
