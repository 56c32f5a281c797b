import { chooseExport, namesOfPath, walkTo } from './exports.ts';
import type { MountEntry } from './mount-list.ts';
import type { NfsContext } from './nfs-context.ts';
import { AuthFlavor, nullProcedure, type Procedure, procedure, type Program, type RpcCaller } from './rpc.ts';
import { opaqueSize, type XdrReader, type XdrWriter } from './xdr.ts';

/** MOUNT: from the path of a folder to its handle (RFC 1813 appendix I; versions 1 and 2: RFC 1094 appendix A). */

export const MOUNT_PROGRAM = 100005;

/** RFC 1813 appendix I §5.1.5; those of version 1 are the same. */
export const MountStatus = { OK: 0, NOENT: 2, IO: 5, ACCES: 13, NOTDIR: 20, NAMETOOLONG: 63 } as const;

/** RFC 1813 appendix I: `dirpath<1024>`. */
const MAX_PATH_BYTES = 1024;
/** Longer paths are read too, so that they get an answer that says what is wrong; a call has no more. */
const MAX_READ_BYTES = 64 * 1024;
/** Lists are cut there: what goes over UDP goes to an address that nobody has proved to be real. */
const MOST_LIST_BYTES = { tcp: 256 * 1024, udp: 1400 } as const;

type Mounted =
  | { readonly status: typeof MountStatus.OK; readonly handle: Uint8Array }
  | { readonly status: Exclude<(typeof MountStatus)[keyof typeof MountStatus], typeof MountStatus.OK> };

/** Version 3 gives the handle with its length and says how to authenticate, the others give 32 bytes. */
type HandleForm = 'fhandle' | 'fhandle3';

function rows(form: HandleForm): Readonly<Record<number, Procedure<NfsContext>>> {
  return {
    0: nullProcedure('MOUNTPROC_NULL'),
    1: procedure({
      name: 'MOUNTPROC_MNT',
      decode: readPath,
      answer: mount,
      encode: (reply, mounted: Mounted) => writeMounted(reply, mounted, form),
    }),
    2: procedure({ name: 'MOUNTPROC_DUMP', decode: nothing, answer: listMounts, encode: writeMounts }),
    3: procedure({ name: 'MOUNTPROC_UMNT', decode: readPath, answer: unmount, encode: nothing }),
    4: procedure({ name: 'MOUNTPROC_UMNTALL', decode: nothing, answer: unmountAll, encode: nothing }),
    5: procedure({ name: 'MOUNTPROC_EXPORT', decode: nothing, answer: listExports, encode: writeExports }),
  };
}

/** Older U-Boot mounts by version 1 or 2 and then finds that it must speak NFS 3. */
export const MOUNT: Program<NfsContext> = {
  number: MOUNT_PROGRAM,
  versions: new Map([
    [1, rows('fhandle')],
    [2, rows('fhandle')],
    [3, rows('fhandle3')],
  ]),
};

function nothing(): undefined {
  return undefined;
}

function readPath(args: XdrReader): { readonly path: string; readonly bytes: number } {
  const before = args.remaining;
  const path = args.text(MAX_READ_BYTES);
  return { path, bytes: before - args.remaining };
}

async function mount(
  { path, bytes }: { readonly path: string; readonly bytes: number },
  context: NfsContext,
): Promise<Mounted> {
  const { caller, exports, told, failed } = context;
  const refuse = (status: Exclude<Mounted['status'], 0>, because: string): Mounted => {
    told.refused({ client: caller, path: path.slice(0, MAX_PATH_BYTES), because });
    return { status };
  };
  if (bytes > opaqueSize(MAX_PATH_BYTES))
    return refuse(MountStatus.NAMETOOLONG, `the path has more than ${MAX_PATH_BYTES} bytes`);
  try {
    const chosen = chooseExport(await exports.names(), namesOfPath(path));
    const wanted = chosen && (await exports.byName(chosen.name));
    if (!chosen || !wanted) return refuse(MountStatus.NOENT, 'nothing of that name is shared');
    const admission = await exports.admits(wanted, caller);
    if (!admission.may) return refuse(MountStatus.ACCES, admission.because);
    const walk = await walkTo(wanted.tree, chosen.below);
    if (!walk.found)
      return refuse(walk.why === 'no folder' ? MountStatus.NOTDIR : MountStatus.NOENT, walk.because);
    context.mounts.add(caller.address, path);
    told.mounted({ client: caller, path, export: wanted });
    const handle = context.handles.encode({ exportNumber: wanted.number, nodeId: walk.node.id });
    return { status: MountStatus.OK, handle };
  } catch (error) {
    failed(error);
    return refuse(MountStatus.IO, 'the folder could not be read');
  }
}

function writeMounted(reply: XdrWriter, mounted: Mounted, form: HandleForm): void {
  reply.uint32(mounted.status);
  if (mounted.status !== MountStatus.OK) return;
  if (form === 'fhandle') {
    reply.fixedOpaque(mounted.handle);
    return;
  }
  // Clients take the first flavour that they know, and Linux sends AUTH_SYS.
  reply.opaque(mounted.handle).uint32(1).uint32(AuthFlavor.AUTH_SYS);
}

function unmount({ path }: { readonly path: string }, { caller, mounts, told }: NfsContext): void {
  mounts.remove(caller.address, path);
  told.unmounted({ client: caller, path: path.slice(0, MAX_PATH_BYTES) });
}

/** U-Boot ends so, whatever it had mounted. */
function unmountAll(_: undefined, { caller, mounts }: NfsContext): void {
  mounts.removeAll(caller.address);
}

function listMounts(_: undefined, { caller, mounts }: NfsContext): readonly MountEntry[] {
  const size = ({ client, path }: MountEntry): number => listItemBytes(client) + listItemBytes(path);
  return fitting(mounts.entries, size, caller);
}

function writeMounts(reply: XdrWriter, entries: readonly MountEntry[]): void {
  for (const { client, path } of entries) reply.bool(true).text(client).text(path);
  reply.bool(false);
}

async function listExports(_: undefined, { caller, exports }: NfsContext): Promise<readonly string[]> {
  return fitting(await exports.names(), listItemBytes, caller);
}

/** Each with its groups, of which there are none: everybody. */
function writeExports(reply: XdrWriter, names: readonly string[]): void {
  for (const name of names) reply.bool(true).text(name).bool(false);
  reply.bool(false);
}

/** A name with what announces it and what ends its own list; letters may have up to four bytes. */
function listItemBytes(text: string): number {
  return 8 + opaqueSize(text.length * 4);
}

function fitting<Item>(
  items: readonly Item[],
  size: (item: Item) => number,
  { transport }: RpcCaller,
): readonly Item[] {
  let left: number = MOST_LIST_BYTES[transport];
  const count = items.findIndex((item) => {
    left -= size(item);
    return left < 0;
  });
  return count === -1 ? items : items.slice(0, count);
}
