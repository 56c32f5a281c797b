import type { IpAddress } from '../../lib/addresses.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import { type Pieces, XdrReader, XdrWriter } from './xdr.ts';

/** ONC RPC, version 2 (RFC 5531 §9): calls, replies, and the table of a program's procedures. */

const MessageType = { CALL: 0, REPLY: 1 } as const;
const ReplyStat = { MSG_ACCEPTED: 0, MSG_DENIED: 1 } as const;
export const AcceptStat = {
  SUCCESS: 0,
  PROG_UNAVAIL: 1,
  PROG_MISMATCH: 2,
  PROC_UNAVAIL: 3,
  GARBAGE_ARGS: 4,
  SYSTEM_ERR: 5,
} as const;
const RejectStat = { RPC_MISMATCH: 0, AUTH_ERROR: 1 } as const;
/** RFC 5531 §8.2; what Linux answers to a flavour that it does not know. */
const AUTH_BADCRED = 1;
const RPC_VERSION = 2;

/** RFC 5531 §8.2. AUTH_SYS says who somebody claims to be; it proves nothing. */
export const AuthFlavor = { AUTH_NONE: 0, AUTH_SYS: 1 } as const;
/** RFC 5531 §8.2: `opaque body<400>`. */
const MAX_AUTH_BYTES = 400;
/** RFC 5531 appendix A: `string machinename<255>`. */
const MAX_MACHINE_NAME = 255;
const NULL_PROCEDURE = 0;
/** What a reply without data has at most, roughly: the header, and a few attributes. */
const SMALL_REPLY_BYTES = 512;

export interface RpcPeer {
  readonly address: IpAddress;
  /** The address that was asked; undefined where the system does not tell. */
  readonly localAddress: IpAddress | undefined;
  readonly transport: 'tcp' | 'udp';
  /** When the call came, in milliseconds of a clock that only goes forward. */
  readonly nowMs: number;
}

export interface RpcCall {
  readonly xid: number;
  readonly program: number;
  readonly version: number;
  readonly procedure: number;
  /** What the machine calls itself (AUTH_SYS); empty where it does not say. */
  readonly machineName: string;
  readonly args: XdrReader;
}

export type DecodedCall =
  | { readonly is: 'call'; readonly call: RpcCall }
  /** It can be told why, since the beginning was in order. */
  | { readonly is: 'denied'; readonly reply: Pieces; readonly because: string };

/** Who asks what: what every procedure is handed beside its arguments. */
export interface RpcCaller extends RpcPeer {
  readonly machineName: string;
}

type Encode = (reply: XdrWriter) => void;

/** One row of a program: what it is called, and the way from arguments to result. */
export interface Procedure<Context> {
  readonly name: string;
  /** @throws DecodeError when these are no arguments of it. */
  readonly read: (args: XdrReader) => ReadCall<Context>;
}

export interface ReadCall<Context> {
  /** Memory that its reply will take, roughly: whoever bounds that asks before it is worked out. */
  readonly replyBytes: number;
  readonly answer: (context: Context) => Promise<Encode>;
}

/** One row of a program's table. */
export function procedure<Args, Result, Context>(row: {
  readonly name: string;
  readonly decode: (args: XdrReader) => Args;
  readonly answer: (args: Args, context: Context) => Result | Promise<Result>;
  readonly encode: (reply: XdrWriter, result: Result) => void;
  readonly replyBytes?: (args: Args) => number;
}): Procedure<Context> {
  return {
    name: row.name,
    read: (reader) => {
      const args = row.decode(reader);
      return {
        replyBytes: SMALL_REPLY_BYTES + (row.replyBytes?.(args) ?? 0),
        answer: async (context) => {
          const result = await row.answer(args, context);
          return (reply) => row.encode(reply, result);
        },
      };
    },
  };
}

/** Procedure 0 of every program: clients ask it whether somebody is there. */
export function nullProcedure<Context>(name: string): Procedure<Context> {
  return procedure({ name, decode: () => undefined, answer: () => undefined, encode: () => undefined });
}

export type ProcedureTable<Context> = Readonly<Record<number, Procedure<Context>>>;

export interface Program<Context> {
  readonly number: number;
  /** The procedures of each version. */
  readonly versions: ReadonlyMap<number, ProcedureTable<Context>>;
}

/** @throws DecodeError for what is no call, and cannot even be denied. */
export function decodeCall(bytes: Uint8Array): DecodedCall {
  const reader = new XdrReader(bytes);
  const xid = reader.uint32();
  if (reader.uint32() !== MessageType.CALL) throw new DecodeError('It is no call', 4);
  const rpcVersion = reader.uint32();
  if (rpcVersion !== RPC_VERSION) {
    const reply = deniedReply(xid, RejectStat.RPC_MISMATCH).uint32(RPC_VERSION).uint32(RPC_VERSION);
    return { is: 'denied', reply: reply.finish(), because: `RPC version ${rpcVersion}` };
  }
  const [program, version, number] = [reader.uint32(), reader.uint32(), reader.uint32()];
  const credential = readAuth(reader);
  const verifier = credential && readAuth(reader);
  if (!credential || !verifier) return badCredential(xid, 'the credential has more than 400 bytes');
  // Whether somebody is there may be asked with any credential: Linux asks so before it has one.
  if (!credential.isKnown && number !== NULL_PROCEDURE)
    return badCredential(xid, `authentication flavour ${credential.flavor}`);
  const { machineName } = credential;
  return { is: 'call', call: { xid, program, version, procedure: number, machineName, args: reader } };
}

interface Credential {
  readonly flavor: number;
  readonly isKnown: boolean;
  readonly machineName: string;
}

/** Undefined when it is longer than it may be. */
function readAuth(reader: XdrReader): Credential | undefined {
  const flavor = reader.uint32();
  const length = reader.uint32();
  if (length > MAX_AUTH_BYTES) return undefined;
  const body = reader.fixedOpaque(length);
  if (flavor === AuthFlavor.AUTH_NONE) return { flavor, machineName: '', isKnown: true };
  if (flavor !== AuthFlavor.AUTH_SYS) return { flavor, machineName: '', isKnown: false };
  return { flavor, machineName: machineNameOf(body), isKnown: true };
}

/** Empty for a body that is none: what the machine claims changes nothing, so it need not be in order. */
function machineNameOf(body: Uint8Array): string {
  try {
    const reader = new XdrReader(body);
    reader.uint32(); // a stamp, which means nothing
    return reader.text(MAX_MACHINE_NAME);
  } catch {
    return '';
  }
}

function badCredential(xid: number, because: string): DecodedCall {
  const reply = deniedReply(xid, RejectStat.AUTH_ERROR).uint32(AUTH_BADCRED);
  return { is: 'denied', reply: reply.finish(), because };
}

function deniedReply(xid: number, why: number): XdrWriter {
  return new XdrWriter().uint32(xid).uint32(MessageType.REPLY).uint32(ReplyStat.MSG_DENIED).uint32(why);
}

/** The reply up to its result; the verifier is AUTH_NONE, as AUTH_SYS may have it (RFC 5531 appendix A). */
export function acceptedReply(xid: number, stat: number): XdrWriter {
  const reply = new XdrWriter().uint32(xid).uint32(MessageType.REPLY).uint32(ReplyStat.MSG_ACCEPTED);
  return reply.uint32(AuthFlavor.AUTH_NONE).uint32(0).uint32(stat);
}
