import { DecodeError } from '../../lib/decode-error.ts';
import {
  AcceptStat,
  acceptedReply,
  decodeCall,
  type Procedure,
  type Program,
  type ReadCall,
  type RpcCall,
  type RpcCaller,
  type RpcPeer,
} from './rpc.ts';
import type { Pieces } from './xdr.ts';

/** A call that was read: what it will cost, and its answer. */
export interface PreparedCall<Piece = Uint8Array> {
  readonly replyBytes: number;
  /** Calls `reply` once, at once or later, with the reply without a record mark. */
  readonly answer: (reply: (pieces: Pieces<Piece>) => void) => void;
}

export interface CallReports {
  /** A call and what came of it: `NFSPROC3_READ`. Names are those of the tables, never of a client's making. */
  readonly called: (procedure: string, times: number) => void;
  /** `dropped`: what means nothing here, or is told so. `failed`: a fault of ours or of the system. */
  readonly report: (what: 'dropped' | 'failed', error: unknown) => void;
}

/** The programs behind one port: bytes of a call in, bytes of the reply out. It has no socket and no clock. */
export class CallDesk<Context> {
  readonly #programs: ReadonlyMap<number, Program<Context>>;
  readonly #contextOf: (caller: RpcCaller) => Context;
  readonly #reports: CallReports;

  constructor(
    programs: readonly Program<Context>[],
    contextOf: (caller: RpcCaller) => Context,
    reports: CallReports,
  ) {
    this.#programs = new Map(programs.map((program) => [program.number, program]));
    this.#contextOf = contextOf;
    this.#reports = reports;
  }

  /** The reply; undefined for what is no call, which nobody can answer. Never rejects. */
  async answer(bytes: Uint8Array, peer: RpcPeer): Promise<Pieces | undefined> {
    const call = this.prepare(bytes, peer);
    return call && (await new Promise((resolve) => call.answer(resolve)));
  }

  /** Reads the call now and answers it when that is asked for. */
  prepare(bytes: Uint8Array, peer: RpcPeer): PreparedCall | undefined {
    try {
      const decoded = decodeCall(bytes);
      if (decoded.is === 'call') return this.#find(decoded.call, peer);
      this.#reports.report('dropped', new Error(`A call was denied: ${decoded.because}`));
      return atOnce(decoded.reply);
    } catch (error) {
      this.#reports.report(error instanceof DecodeError ? 'dropped' : 'failed', error);
      return undefined;
    }
  }

  #find(call: RpcCall, peer: RpcPeer): PreparedCall {
    const { xid } = call;
    const program = this.#programs.get(call.program);
    if (!program) return atOnce(acceptedReply(xid, AcceptStat.PROG_UNAVAIL).finish());
    const table = program.versions.get(call.version);
    if (!table) {
      // Clients that begin with NFS 4 or 2 go on with a version in this range.
      const known = [...program.versions.keys()];
      const reply = acceptedReply(xid, AcceptStat.PROG_MISMATCH);
      return atOnce(
        reply
          .uint32(Math.min(...known))
          .uint32(Math.max(...known))
          .finish(),
      );
    }
    const row = table[call.procedure];
    if (!row) return atOnce(acceptedReply(xid, AcceptStat.PROC_UNAVAIL).finish());
    this.#reports.called(row.name, 1);
    return this.#read(row, call, peer);
  }

  #read(row: Procedure<Context>, call: RpcCall, peer: RpcPeer): PreparedCall {
    try {
      const read = row.read(call.args);
      const context = this.#contextOf({ ...peer, machineName: call.machineName });
      return {
        replyBytes: read.replyBytes,
        answer: (reply) => void this.#work(row.name, call.xid, read, context).then(reply),
      };
    } catch (error) {
      if (!(error instanceof DecodeError)) return atOnce(this.#failed(row.name, call.xid, error));
      this.#reports.report(
        'dropped',
        new Error(`${row.name} has arguments that cannot be read`, { cause: error }),
      );
      return atOnce(acceptedReply(call.xid, AcceptStat.GARBAGE_ARGS).finish());
    }
  }

  async #work(name: string, xid: number, read: ReadCall<Context>, context: Context): Promise<Pieces> {
    try {
      const encode = await read.answer(context);
      const reply = acceptedReply(xid, AcceptStat.SUCCESS);
      encode(reply);
      return reply.finish();
    } catch (error) {
      return this.#failed(name, xid, error);
    }
  }

  #failed(name: string, xid: number, error: unknown): Pieces {
    this.#reports.report('failed', new Error(`${name} could not be answered`, { cause: error }));
    return acceptedReply(xid, AcceptStat.SYSTEM_ERR).finish();
  }
}

/** What needs no work. */
export function atOnce(pieces: Pieces): PreparedCall {
  return { replyBytes: 0, answer: (reply) => reply(pieces) };
}
