import type { TreeNode } from '../../lib/file-tree.ts';
import type { Place } from './exports.ts';
import type { NfsContext } from './nfs-context.ts';
import type { LentMemory } from './read-memory.ts';
import { bad, good, NfsStatus, type Outcome } from './nfs-status.ts';
import { type FolderPage, MAX_NAME_BYTES, type PageRequest, readFolder } from './read-folder.ts';
import type { RpcCaller } from './rpc.ts';

/** What the procedures of NFS 3 come to: each takes its arguments and gives what was found, or why not. */

/** Which bytes a READ gives at most, and what clients are told to ask for. Over UDP a datagram must hold it. */
export const TRANSFER_BYTES = {
  tcp: { most: 1024 * 1024, preferred: 1024 * 1024, folder: 64 * 1024 },
  udp: { most: 32 * 1024, preferred: 8 * 1024, folder: 8 * 1024 },
} as const satisfies Record<RpcCaller['transport'], unknown>;

/** RFC 1813 §3.3.4. */
const Access = { READ: 0x01, LOOKUP: 0x02, MODIFY: 0x04, EXTEND: 0x08, DELETE: 0x10, EXECUTE: 0x20 } as const;
/** What anybody may do. A bit that means nothing for a kind is granted where a client may still ask for it. */
const GRANTED: Readonly<Record<TreeNode['kind'], number>> = {
  file: Access.READ | Access.EXECUTE,
  folder: Access.READ | Access.LOOKUP | Access.EXECUTE,
  link: Access.READ | Access.EXECUTE,
};

export async function findPlace(
  handle: Uint8Array,
  { handles, exports, openFiles, caller }: NfsContext,
): Promise<Outcome<Place>> {
  const meaning = handles.decode(handle);
  if (!meaning) return bad(NfsStatus.BADHANDLE);
  const from = await exports.byNumber(meaning.exportNumber);
  if (!from) return bad(NfsStatus.STALE);
  const open = openFiles.placeOf(meaning.exportNumber, meaning.nodeId, caller.nowMs);
  if (open?.export.tree === from.tree) return good(open);
  const node = await from.tree.byId(meaning.nodeId);
  return node ? good({ export: from, node }) : bad(NfsStatus.STALE);
}

export interface LookedUp {
  readonly place: Place;
  readonly folder: Place;
}

export async function lookUp(
  { handle, name, nameBytes }: { handle: Uint8Array; name: string; nameBytes: number },
  context: NfsContext,
): Promise<Outcome<LookedUp>> {
  const found = await findPlace(handle, context);
  if (!found.ok) return found;
  const folder = found.good;
  if (folder.node.kind !== 'folder') return bad(NfsStatus.NOTDIR, folder);
  if (nameBytes > MAX_NAME_BYTES) return bad(NfsStatus.NAMETOOLONG, folder);
  const node = await childOf(folder, name);
  if (!node) return bad(NfsStatus.NOENT, folder);
  return good({ folder, place: { export: folder.export, node } });
}

async function childOf({ export: from, node }: Place, name: string): Promise<TreeNode | undefined> {
  if (name === '.') return node;
  // That of the root is the root: nothing leads out of an export.
  if (name === '..') return await from.tree.parent(node);
  // No tree has such a name, and none shall be asked for it.
  if (name === '' || /[/\0]/.test(name)) return undefined;
  return await from.tree.child(node, name);
}

export async function checkAccess(
  { handle, wanted }: { handle: Uint8Array; wanted: number },
  context: NfsContext,
): Promise<Outcome<{ readonly place: Place; readonly granted: number }>> {
  const found = await findPlace(handle, context);
  if (!found.ok) return found;
  return good({ place: found.good, granted: wanted & GRANTED[found.good.node.kind] });
}

export async function readLink(
  handle: Uint8Array,
  context: NfsContext,
): Promise<Outcome<{ readonly place: Place; readonly target: string }>> {
  const found = await findPlace(handle, context);
  if (!found.ok) return found;
  const place = found.good;
  if (place.node.kind !== 'link') return bad(NfsStatus.INVAL, place);
  return good({ place, target: await place.export.tree.target(place.node) });
}

export interface ReadBytes {
  readonly place: Place;
  readonly memory: LentMemory;
  readonly isEnd: boolean;
}

const NO_BYTES: LentMemory = { bytes: new Uint8Array(0), giveBack: () => undefined };

export async function readFile(
  { handle, offset, count }: { handle: Uint8Array; offset: number; count: number },
  context: NfsContext,
): Promise<Outcome<ReadBytes>> {
  const { caller, openFiles, readSums } = context;
  const found = await findPlace(handle, context);
  if (!found.ok) return found;
  const place = found.good;
  // U-Boot learns so that it has a link before it.
  if (place.node.kind !== 'file') return bad(NfsStatus.INVAL, place);
  const { bytes, isEnd } = bytesToRead({ offset, count }, place.node.size, caller.transport);
  if (bytes === 0) return good({ place, memory: NO_BYTES, isEnd });
  const memory = await openFiles.read(place, offset, bytes, caller.nowMs);
  readSums.add({ client: caller, export: place.export, node: place.node, bytes, reads: 1 }, caller.nowMs);
  return good({ place, memory, isEnd });
}

/** How much of what is asked for there is, and whether the file ends there. */
export function bytesToRead(
  { offset, count }: { readonly offset: number; readonly count: number },
  size: number,
  transport: RpcCaller['transport'],
): { readonly bytes: number; readonly isEnd: boolean } {
  const bytes = Math.min(count, TRANSFER_BYTES[transport].most, Math.max(0, size - offset));
  return { bytes, isEnd: bytes === 0 ? offset >= size : offset + bytes === size };
}

const NO_VERIFIER = 0;

export async function listFolder(
  request: PageRequest & { readonly handle: Uint8Array; readonly verifier: number },
  context: NfsContext,
): Promise<Outcome<FolderPage>> {
  const found = await findPlace(request.handle, context);
  if (!found.ok) return found;
  const place = found.good;
  if (place.node.kind !== 'folder') return bad(NfsStatus.NOTDIR, place);
  // Folders do not change while they are there, so the verifier is always 0; another one is of another server.
  if (request.cookie !== 0 && request.verifier !== NO_VERIFIER) return bad(NfsStatus.BAD_COOKIE, place);
  const mostBytes = Math.min(request.mostBytes, TRANSFER_BYTES[context.caller.transport].folder);
  return await readFolder(place, { ...request, mostBytes });
}

/** What would write: as far as the handles are good, the reason is that nothing can be written here. */
export async function refuseToWrite(
  handles: readonly Uint8Array[],
  context: NfsContext,
): Promise<{ readonly status: number; readonly places: readonly (Place | undefined)[] }> {
  const found = await Promise.all(handles.map((handle) => findPlace(handle, context)));
  const wrong = found.find((one) => !one.ok);
  const places = found.map((one) => (one.ok ? one.good : undefined));
  return { status: wrong && !wrong.ok ? wrong.status : NfsStatus.ROFS, places };
}
