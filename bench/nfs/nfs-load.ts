/**
 * A load of READs over TCP as a program: its argument is an `NfsLoad` as JSON, it prints a `FileReport`. It never sleeps: who
 * wakes a processor pays for it, and a server never does for clients on other machines.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { parseIpv4 } from '../../src/lib/addresses.ts';
import { EventPoll } from '../../src/os/event-poll.ts';
import { EAGAIN, type Libc, loadLibc, type NativeMemory } from '../../src/os/libc.ts';
import {
  AUTH_SYS,
  callBytes,
  marked,
  MessageReader,
  type Word,
} from '../../src/protocols/nfs/suite/rpc-messages.ts';
import type { FileReport } from '../files/file-case.ts';
import type { NfsLoad } from './nfs-load-wish.ts';
import { ReplyStream } from './reply-stream.ts';

/** Where what arrives is put, and never looked at again. */
const RECEIVED_BYTES = 1024 * 1024;
const CALL_BYTES = 4096;
const MAX_READY = 64;
const MOUNT = { program: 100_005, version: 3, procedure: 1 } as const;
const LOOKUP = { program: 100_003, version: 3, procedure: 3 } as const;
const READ = { program: 100_003, version: 3, procedure: 6 } as const;

const load = JSON.parse(process.argv[2] ?? '{}') as NfsLoad;

interface Fields {
  readonly program: number;
  readonly version: number;
  readonly procedure: number;
}

/** The handle that a call on a connection of its own gives. */
async function handleBy(port: number, fields: Fields, ...args: readonly Word[]): Promise<Uint8Array> {
  const socket = connect(port, load.server);
  socket.write(marked(callBytes({ ...fields, credential: AUTH_SYS }, ...args)));
  let reply = Buffer.alloc(0);
  while (reply.length < 4 || reply.length < 4 + (reply.readUInt32BE(0) & 0x7fff_ffff)) {
    const [bytes] = (await once(socket, 'data', { signal: AbortSignal.timeout(10_000) })) as [Buffer];
    reply = Buffer.concat([reply, bytes]);
  }
  socket.destroy();
  const result = new MessageReader(reply.subarray(4)).result();
  const status = result.uint32();
  if (status !== 0) throw new Error(`Procedure ${fields.procedure} of ${fields.program} came to ${status}`);
  return Uint8Array.from(result.opaque());
}

/** READs on many connections, as many on each as are under way at one time. */
class LoadRun {
  readonly #libc: Libc;
  readonly #poll: EventPoll;
  readonly #calls: NativeMemory;
  readonly #callView: Uint8Array;
  readonly #received: NativeMemory;
  readonly #receivedView: Uint8Array;
  /** By descriptor; those that are not connected yet are not asked. */
  readonly #connections = new Map<number, { readonly replies: ReplyStream; readonly ask: () => void }>();
  readonly #connecting = new Set<number>();
  #bytes = 0;
  #reads = 0;
  #errors = 0;

  constructor(handle: Uint8Array) {
    const libc = loadLibc();
    if ('unavailable' in libc) throw new Error(`The load program cannot run: ${libc.because}`);
    this.#libc = libc;
    this.#poll = new EventPoll(libc, MAX_READY);
    this.#calls = libc.allocate(CALL_BYTES);
    this.#callView = new Uint8Array(this.#calls.buffer);
    this.#received = libc.allocate(RECEIVED_BYTES);
    this.#receivedView = new Uint8Array(this.#received.buffer);
    for (let number = 0; number < load.connections; number += 1) this.#open(handle, number);
  }

  run(): FileReport {
    const startedMs = performance.now();
    const endMs = startedMs + load.seconds * 1000;
    while (performance.now() < endMs && this.#connections.size > 0) {
      const ready = this.#poll.wait(0);
      for (let index = 0; index < ready; index += 1) this.#onReady(this.#poll.descriptor(index));
    }
    const seconds = (performance.now() - startedMs) / 1000;
    return { answers: this.#reads, bytes: this.#bytes, seconds, errors: this.#errors };
  }

  #open(handle: Uint8Array, number: number): void {
    const { fileBytes, readBytes, connections } = load;
    const fd = this.#libc.socket('tcp');
    this.#libc.connectTcp(fd, parseIpv4(load.server), load.nfsPort, {});
    this.#libc.setSocketOption(fd, 'TCP_NODELAY', 1);
    this.#poll.add(fd, 'write');
    this.#connecting.add(fd);
    const blocks = Math.floor(fileBytes / readBytes);
    let next = Math.floor((number * blocks) / connections);
    const ask = (): void => {
      next = (next + 1) % blocks;
      const place = BigInt(next * readBytes);
      const call = marked(callBytes({ ...READ, credential: AUTH_SYS }, handle, place, readBytes));
      this.#callView.set(call);
      const sent = this.#libc.sendFrom(fd, this.#calls, 0, call.length, 'the end');
      if (sent !== call.length) this.#errors += 1;
    };
    const replies = new ReplyStream((data) => {
      if (data === readBytes) {
        this.#bytes += data;
        this.#reads += 1;
      } else this.#errors += 1;
      ask();
    });
    this.#connections.set(fd, { replies, ask });
  }

  #onReady(fd: number): void {
    const connection = this.#connections.get(fd);
    if (!connection) return;
    if (this.#connecting.delete(fd)) {
      this.#poll.change(fd, 'read');
      for (let call = 0; call < load.callsAtOnce; call += 1) connection.ask();
      return;
    }
    const came = this.#libc.receiveInto(fd, this.#received, RECEIVED_BYTES);
    if (came === -EAGAIN) return;
    if (came > 0) return connection.replies.push(this.#receivedView.subarray(0, came));
    this.#errors += 1;
    this.#connections.delete(fd);
    this.#libc.close(fd);
  }
}

const share = await handleBy(load.mountPort, MOUNT, load.share);
const handle = await handleBy(load.nfsPort, LOOKUP, share, load.fileName);
const report = new LoadRun(handle).run();
process.stdout.write(JSON.stringify(report), () => process.exit(0));
