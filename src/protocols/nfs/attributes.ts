import type { TreeNode } from '../../lib/file-tree.ts';
import type { Place } from './exports.ts';
import type { XdrWriter } from './xdr.ts';

/** What is said of a file, folder or link with nearly every reply (RFC 1813 §2.6, `fattr3`). */

/** RFC 1813 §2.6, `ftype3`; the others (devices, sockets, pipes) are in no tree. */
const FileType = { file: 1, folder: 2, link: 5 } as const satisfies Record<TreeNode['kind'], number>;

/** Everybody may read, and go through folders; whether a file is a program is what its tree says. */
const READ_BITS = 0o444;
const EXECUTE_BITS = 0o111;
const LINK_MODE = 0o777;
/** A folder has no size that would mean anything; nearly every file system says this. */
const FOLDER_BYTES = 4096;
const MAX_SECONDS = 0xffff_ffff;

/** `post_op_attr` with attributes, in bytes. */
export const ATTRIBUTES_BYTES = 84;
export const POST_OP_BYTES = 4 + ATTRIBUTES_BYTES;

/** Nothing in it ever changes while the node is there: else the client would throw away what it has read. */
export function writeAttributes(reply: XdrWriter, { export: from, node }: Place): void {
  const size = sizeOf(node);
  reply.uint32(FileType[node.kind]).uint32(modeOf(node));
  // One link, for folders too: 2 would tell `find` that there is no folder in it.
  reply.uint32(1);
  reply.uint32(0).uint32(0); // owner and group: root
  reply.uint64(size).uint64(size);
  reply.uint32(0).uint32(0); // no device
  reply.uint64(from.number).uint64(node.id);
  // Read, written, changed: all the same.
  for (let times = 0; times < 3; times += 1) writeTime(reply, node.mtimeMs);
}

/** `post_op_attr`: attributes wherever they are known, which saves the client a question. */
export function writePostOp(reply: XdrWriter, place: Place | undefined): void {
  reply.bool(place !== undefined);
  if (place) writeAttributes(reply, place);
}

/** `wcc_data`: what it was before and after an operation that has changed nothing. */
export function writeUnchanged(reply: XdrWriter, place: Place | undefined): void {
  reply.bool(place !== undefined);
  if (place) {
    reply.uint64(sizeOf(place.node));
    writeTime(reply, place.node.mtimeMs);
    writeTime(reply, place.node.mtimeMs);
  }
  writePostOp(reply, place);
}

function sizeOf(node: TreeNode): number {
  return node.kind === 'folder' ? FOLDER_BYTES : node.size;
}

function modeOf({ kind, mode }: TreeNode): number {
  if (kind === 'link') return LINK_MODE;
  return READ_BITS | (kind === 'folder' ? EXECUTE_BITS : mode & EXECUTE_BITS);
}

/** Seconds since 1970 without a sign: what is older is at their beginning. */
function writeTime(reply: XdrWriter, ms: number): void {
  const whole = Number.isFinite(ms) ? Math.max(0, Math.floor(ms)) : 0;
  const seconds = Math.min(MAX_SECONDS, Math.floor(whole / 1000));
  reply.uint32(seconds).uint32((whole % 1000) * 1_000_000);
}
