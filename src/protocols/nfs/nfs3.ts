import { decodeText } from '../../lib/byte-reader.ts';
import { writeAttributes, writePostOp, writeUnchanged } from './attributes.ts';
import type { Place } from './exports.ts';
import { type FileHandles, MAX_HANDLE_BYTES } from './file-handle.ts';
import type { NfsContext } from './nfs-context.ts';
import { bad, NfsStatus, type Outcome, writeOutcome } from './nfs-status.ts';
import {
  checkAccess,
  findPlace,
  listFolder,
  lookUp,
  readFile,
  readLink,
  refuseToWrite,
  TRANSFER_BYTES,
} from './nfs3-answers.ts';
import { writeFileSystem, writeLimits, writeSpace } from './file-system.ts';
import type { FolderPage } from './read-folder.ts';
import { nullProcedure, type Procedure, procedure, type Program, type RpcCall } from './rpc.ts';
import type { XdrReader, XdrWriter } from './xdr.ts';

/** NFS version 3 (RFC 1813 §3), from which one can only read: all its procedures, one row each. */

export const NFS_PROGRAM = 100003;
export const NFS_PORT = 2049;
const NFS_VERSION = 3;
const READ = 6;
export const READ_NAME = 'NFSPROC3_READ';

/** Longer names are read too, so that they get the error for it; a call has no more bytes. */
const MAX_READ_NAME = 64 * 1024;

type Row = Procedure<NfsContext>;

const ROWS: Readonly<Record<number, Row>> = {
  0: nullProcedure('NFSPROC3_NULL'),
  1: row('NFSPROC3_GETATTR', readHandle, findPlace, writeAttributes, writeNothing),
  2: refusal('NFSPROC3_SETATTR', (args) => [readHandle(args)]),
  3: row(
    'NFSPROC3_LOOKUP',
    (args) => {
      const handle = readHandle(args);
      const name = args.opaque(MAX_READ_NAME);
      return { handle, name: decodeText(name), nameBytes: name.length };
    },
    async (args, context) => withHandles(await lookUp(args, context), context),
    (reply, { handles, place, folder }) => {
      writeHandle(reply, handles, place);
      writePostOp(reply, place);
      writePostOp(reply, folder);
    },
  ),
  4: row(
    'NFSPROC3_ACCESS',
    (args) => ({ handle: readHandle(args), wanted: args.uint32() }),
    checkAccess,
    (reply, { place, granted }) => {
      writePostOp(reply, place);
      reply.uint32(granted);
    },
  ),
  5: row('NFSPROC3_READLINK', readHandle, readLink, (reply, { place, target }) => {
    writePostOp(reply, place);
    reply.text(target);
  }),
  [READ]: row(
    READ_NAME,
    readArgsOfRead,
    readFile,
    (reply, { place, memory: { bytes, giveBack }, isEnd }) => {
      writePostOp(reply, place);
      reply.uint32(bytes.length).bool(isEnd).lastOpaque(bytes, giveBack);
    },
    writePostOp,
    ({ count }) => Math.min(count, TRANSFER_BYTES.tcp.most),
  ),
  7: refusal('NFSPROC3_WRITE', (args) => [readHandle(args)]),
  8: refusal('NFSPROC3_CREATE', (args) => [readHandle(args)]),
  9: refusal('NFSPROC3_MKDIR', (args) => [readHandle(args)]),
  10: refusal('NFSPROC3_SYMLINK', (args) => [readHandle(args)]),
  11: refusal('NFSPROC3_MKNOD', (args) => [readHandle(args)]),
  12: refusal('NFSPROC3_REMOVE', (args) => [readHandle(args)]),
  13: refusal('NFSPROC3_RMDIR', (args) => [readHandle(args)]),
  14: refusal('NFSPROC3_RENAME', (args) => {
    const from = readHandle(args);
    args.opaque(MAX_READ_NAME);
    return [from, readHandle(args)];
  }),
  15: refusal(
    'NFSPROC3_LINK',
    (args) => [readHandle(args), readHandle(args)],
    ([file, folder]) => [[writePostOp, file] as const, [writeUnchanged, folder] as const],
  ),
  16: row(
    'NFSPROC3_READDIR',
    (args) => ({
      handle: readHandle(args),
      cookie: args.uint64(),
      verifier: args.uint64(),
      form: 'plain' as const,
      mostBytes: args.uint32(),
    }),
    async (args, context) => withHandles(await listFolder(args, context), context),
    (reply, page) => writePage(reply, page, 'plain'),
    writePostOp,
    folderReplyBytes,
  ),
  17: row(
    'NFSPROC3_READDIRPLUS',
    (args) => ({
      handle: readHandle(args),
      cookie: args.uint64(),
      verifier: args.uint64(),
      form: 'plus' as const,
      mostNameBytes: args.uint32(),
      mostBytes: args.uint32(),
    }),
    async (args, context) => withHandles(await listFolder(args, context), context),
    (reply, page) => writePage(reply, page, 'plus'),
    writePostOp,
    folderReplyBytes,
  ),
  18: row('NFSPROC3_FSSTAT', readHandle, findPlace, writeSpace),
  19: row(
    'NFSPROC3_FSINFO',
    readHandle,
    async (handle, context) => {
      const found = await findPlace(handle, context);
      const { transport } = context.caller;
      return found.ok ? { ok: true, good: { place: found.good, transport } } : found;
    },
    writeLimits,
  ),
  20: row('NFSPROC3_PATHCONF', readHandle, findPlace, writeFileSystem),
  21: refusal('NFSPROC3_COMMIT', (args) => [readHandle(args)]),
};

export const NFS3: Program<NfsContext> = { number: NFS_PROGRAM, versions: new Map([[NFS_VERSION, ROWS]]) };

/** A row that reads. What cannot be read any more is an error of the file system to the client. */
function row<Args, Good>(
  name: string,
  decode: (args: XdrReader) => Args,
  answer: (args: Args, context: NfsContext) => Promise<Outcome<Good>>,
  writeGood: (reply: XdrWriter, value: Good) => void,
  writeBad: (reply: XdrWriter, place: Place | undefined) => void = writePostOp,
  replyBytes: (args: Args) => number = () => 0,
): Row {
  return procedure({
    name,
    decode,
    replyBytes,
    answer: async (args, context: NfsContext) => {
      try {
        return await answer(args, context);
      } catch (error) {
        context.failed(error);
        return bad(NfsStatus.IO);
      }
    },
    encode: (reply, outcome: Outcome<Good>) => writeOutcome(reply, outcome, writeGood, writeBad),
  });
}

export interface ReadArgs {
  readonly handle: Uint8Array;
  readonly offset: number;
  readonly count: number;
}

/** The arguments of a READ; undefined for any other call. @throws DecodeError when they are none. */
export function argsOfRead({ program, version, procedure: number, args }: RpcCall): ReadArgs | undefined {
  const isRead = program === NFS_PROGRAM && version === NFS_VERSION && number === READ;
  return isRead ? readArgsOfRead(args) : undefined;
}

function readArgsOfRead(args: XdrReader): ReadArgs {
  return { handle: readHandle(args), offset: args.uint64(), count: args.uint32() };
}

type Places = readonly (Place | undefined)[];
type PlaceWriter = readonly [(reply: XdrWriter, place: Place | undefined) => void, Place | undefined];

/** A row that would write. Of each handle it is told what has not changed. */
function refusal(
  name: string,
  decode: (args: XdrReader) => readonly Uint8Array[],
  told: (places: Places) => readonly PlaceWriter[] = (places) =>
    places.map((place) => [writeUnchanged, place] as const),
): Row {
  return procedure({
    name,
    decode,
    answer: async (handles, context: NfsContext) => {
      try {
        return await refuseToWrite(handles, context);
      } catch (error) {
        context.failed(error);
        return { status: NfsStatus.IO, places: handles.map(() => undefined) };
      }
    },
    encode: (reply, { status, places }) => {
      reply.uint32(status);
      for (const [write, place] of told(places)) write(reply, place);
    },
  });
}

function readHandle(args: XdrReader): Uint8Array {
  return args.opaque(MAX_HANDLE_BYTES);
}

function writeHandle(reply: XdrWriter, handles: FileHandles, { export: from, node }: Place): void {
  reply.opaque(handles.encode({ exportNumber: from.number, nodeId: node.id }));
}

function writeNothing(): void {
  // GETATTR tells nothing beside its error.
}

/** Encoding needs them: a handle is made when it is written. */
function withHandles<Good>(
  outcome: Outcome<Good>,
  { handles }: NfsContext,
): Outcome<Good & { readonly handles: FileHandles }> {
  return outcome.ok ? { ok: true, good: { ...outcome.good, handles } } : outcome;
}

function folderReplyBytes({ mostBytes }: { readonly mostBytes: number }): number {
  return Math.min(mostBytes, TRANSFER_BYTES.tcp.folder);
}

function writePage(
  reply: XdrWriter,
  { place, entries, isEnd, handles }: FolderPage & { readonly handles: FileHandles },
  form: 'plain' | 'plus',
): void {
  writePostOp(reply, place);
  reply.uint64(0); // the verifier
  for (const { name, node, cookie } of entries) {
    reply.bool(true).uint64(node.id).opaque(name).uint64(cookie);
    if (form === 'plain') continue;
    const entry = { export: place.export, node };
    writePostOp(reply, entry);
    reply.bool(true);
    writeHandle(reply, handles, entry);
  }
  reply.bool(false).bool(isEnd);
}
