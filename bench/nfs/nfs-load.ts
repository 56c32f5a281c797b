/** A load of READs over TCP as a program: its argument is an `NfsLoad` as JSON, it prints a `FileReport`. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
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

let [bytes, reads, errors] = [0, 0, 0];

function readAllTheTime(handle: Uint8Array, number: number): Promise<Socket> {
  const { fileBytes, readBytes, connections, callsAtOnce } = load;
  const blocks = Math.floor(fileBytes / readBytes);
  let next = Math.floor((number * blocks) / connections);
  const ask = (): void => {
    next = (next + 1) % blocks;
    const call = callBytes({ ...READ, credential: AUTH_SYS }, handle, BigInt(next * readBytes), readBytes);
    socket.write(marked(call));
  };
  const replies = new ReplyStream((data) => {
    if (data === readBytes) {
      bytes += data;
      reads += 1;
    } else errors += 1;
    ask();
  });
  const socket = connect({
    host: load.server,
    port: load.nfsPort,
    noDelay: true,
    onread: {
      buffer: Buffer.alloc(RECEIVED_BYTES),
      callback: (count, buffer) => {
        replies.push(buffer.subarray(0, count));
        return true;
      },
    },
  });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('connect', () => {
      for (let call = 0; call < callsAtOnce; call += 1) ask();
      resolve(socket);
    });
  });
}

const share = await handleBy(load.mountPort, MOUNT, load.share);
const handle = await handleBy(load.nfsPort, LOOKUP, share, load.fileName);
const started = performance.now();
const sockets = await Promise.all(
  Array.from({ length: load.connections }, (_, number) => readAllTheTime(handle, number)),
);
await new Promise((resolve) => {
  setTimeout(resolve, load.seconds * 1000);
});
const seconds = (performance.now() - started) / 1000;
const report: FileReport = { answers: reads, bytes, seconds, errors };
for (const socket of sockets) socket.destroy();
process.stdout.write(JSON.stringify(report));
