import { DecodeError } from '../../lib/decode-error.ts';
import { KnownFiles } from '../../os/doors/known-files.ts';
import { atOnce, type PreparedCall } from './answer-calls.ts';
import type { Desk } from './connection.ts';
import { bytesToRead } from './nfs3-answers.ts';
import { argsOfRead, NFS3, type ReadArgs } from './nfs3.ts';
import { NfsStatus } from './nfs-status.ts';
import { FILE_REPLY_BYTES, type FilePart, heldFile, type HeldFile } from './plane-files.ts';
import type { PlaneAnswer, PlaneQuestion } from './plane-messages.ts';
import { AcceptStat, acceptedReply, decodeCall, type RpcCall, type RpcPeer } from './rpc.ts';
import { paddingOf, type Pieces } from './xdr.ts';

/** Of a call whose reply is not known to be larger. */
const REPLY_BYTES = 1024;
/** For so long a file that the kernel cannot send is read by the main thread before that is asked again. */
const PLAIN_MS = 2_000;
const PADDING = new Uint8Array(4);

type Reply = (pieces: Pieces<Uint8Array | FilePart>) => void;

interface Asked {
  readonly reply: Reply;
  /** Ends the connection, where nobody can answer it. */
  readonly end: () => void;
  readonly call: Uint8Array;
  readonly door: number;
  readonly peer: Omit<RpcPeer, 'nowMs'>;
  /** Of a READ. */
  readonly read: WantedRead | undefined;
}

interface WantedRead extends ReadArgs {
  /** Its handle, as a name of `KnownFiles`. */
  readonly key: string;
  readonly xid: number;
  readonly machineName: string;
}

export interface PlaneDeskNeeds {
  readonly ask: (question: PlaneQuestion) => void;
  readonly release: (file: number) => void;
  readonly dropped: (error: unknown) => void;
  /** Milliseconds of a clock that only goes forward. */
  readonly nowMs: () => number;
}

/** Answers READs of files that it knows, and has the main thread answer all else. */
export class PlaneDesk {
  readonly files: KnownFiles<HeldFile, 'of the main thread'>;
  readonly #needs: PlaneDeskNeeds;
  readonly #asked = new Map<number, Asked>();
  /** READs that wait until it is known what their handle means; the first of each has asked. */
  readonly #waiting = new Map<string, Asked[]>();
  #lastQuestion = 0;

  constructor(needs: PlaneDeskNeeds) {
    this.#needs = needs;
    this.files = new KnownFiles(needs.release);
  }

  /** That of one connection. */
  of(connection: Pick<Asked, 'door' | 'peer' | 'end'>): Desk<Uint8Array | FilePart> {
    return { prepare: (bytes) => this.#prepare(bytes, connection) };
  }

  onAnswer(question: number, answer: PlaneAnswer): void {
    const asked = this.#asked.get(question);
    this.#asked.delete(question);
    if (asked === undefined) {
      if (answer.give === 'file') this.#needs.release(answer.file.number);
      return;
    }
    if (answer.give === 'reply') asked.reply({ pieces: [answer.reply] });
    if (answer.give === 'nothing') asked.end();
    const { read } = asked;
    if (read !== undefined && this.#waiting.get(read.key)?.[0] === asked) this.#learned(asked, read, answer);
  }

  #prepare(
    bytes: Uint8Array,
    from: Pick<Asked, 'door' | 'peer' | 'end'>,
  ): PreparedCall<FilePart | Uint8Array> | undefined {
    try {
      const decoded = decodeCall(bytes);
      if (decoded.is === 'denied') {
        this.#needs.dropped(new Error(`A call was denied: ${decoded.because}`));
        return atOnce(decoded.reply);
      }
      // The bytes are in memory that the next ones are read into.
      const call = bytes.slice();
      const read = readOf(decoded.call, from.door);
      const replyBytes = read === undefined ? replyBytesOf(decoded.call) : FILE_REPLY_BYTES;
      return { replyBytes, answer: (reply) => this.#answer({ ...from, reply, call, read }) };
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#needs.dropped(error);
      return undefined;
    }
  }

  #answer(asked: Asked): void {
    const { read } = asked;
    if (read === undefined) return this.#ask(asked, false);
    const file = this.files.find(read.key, this.#needs.nowMs());
    if (file === 'of the main thread') return this.#ask(asked, false);
    if (file !== undefined) return asked.reply(fileReply(file, read));
    const waiting = this.#waiting.get(read.key);
    if (waiting) waiting.push(asked);
    else {
      this.#waiting.set(read.key, [asked]);
      this.#ask(asked, true);
    }
  }

  #ask(asked: Asked, mayBeFile: boolean): void {
    const { call, door, peer } = asked;
    this.#lastQuestion += 1;
    this.#asked.set(this.#lastQuestion, asked);
    this.#needs.ask({ question: this.#lastQuestion, door, call, peer, mayBeFile });
  }

  /** What its handle means is known now. */
  #learned(asked: Asked, read: WantedRead, answer: PlaneAnswer): void {
    const waiting = this.#waiting.get(read.key) ?? [asked];
    this.#waiting.delete(read.key);
    const { nowMs } = this.#needs;
    if (answer.give !== 'file') {
      this.files.learnOther(read.key, 'of the main thread', nowMs() + PLAIN_MS);
      // What the others come to is not the same, so they are asked one by one.
      for (const other of waiting) if (other !== asked) this.#ask(other, false);
      return;
    }
    const file = heldFile(answer.file);
    this.files.learn(read.key, file, nowMs() + answer.validMs);
    for (const { reply, read: wanted } of waiting) if (wanted) reply(fileReply(file, wanted));
  }
}

function readOf(call: RpcCall, door: number): WantedRead | undefined {
  try {
    const args = argsOfRead(call);
    if (args === undefined) return undefined;
    const key = `${door} ${Buffer.from(args.handle).toString('latin1')}`;
    return { ...args, key, xid: call.xid, machineName: call.machineName };
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

function replyBytesOf({ program, version, procedure, args }: RpcCall): number {
  if (program !== NFS3.number) return REPLY_BYTES;
  try {
    return NFS3.versions.get(version)?.[procedure]?.read(args).replyBytes ?? REPLY_BYTES;
  } catch (error) {
    // The main thread says so to the client.
    if (error instanceof DecodeError) return REPLY_BYTES;
    throw error;
  }
}

function fileReply(
  file: HeldFile,
  { xid, offset, count, machineName }: WantedRead,
): Pieces<Uint8Array | FilePart> {
  const { bytes, isEnd } = bytesToRead({ offset, count }, file.size, 'tcp');
  const reply = acceptedReply(xid, AcceptStat.SUCCESS).uint32(NfsStatus.OK).fixedOpaque(file.attributes);
  const { pieces } = reply.uint32(bytes).bool(isEnd).uint32(bytes).finish();
  if (bytes === 0) return { pieces };
  const part = { file, at: offset, length: bytes, heldBytes: FILE_REPLY_BYTES, machineName };
  const padding = paddingOf(bytes);
  return { pieces: [...pieces, part, ...(padding === 0 ? [] : [PADDING.subarray(0, padding)])] };
}
