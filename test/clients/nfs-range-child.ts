/**
 * Reads parts of a file over NFS by hand, since no program of libnfs does: server, share, file name, and `FIRST-LENGTH` for
 * each part. It prints the size of the file, and the SHA-256 of each part.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { callBytes, marked, MessageReader, type Word } from '../../src/protocols/nfs/suite/rpc-messages.ts';

const [server = '', share = '', name = '', ...parts] = process.argv.slice(2);
const socket = connect(2049, server);
let received = Buffer.alloc(0);

async function call(program: number, procedure: number, ...args: readonly Word[]): Promise<MessageReader> {
  socket.write(marked(callBytes({ program, version: 3, procedure }, ...args)));
  const isWhole = (): boolean =>
    received.length >= 4 && received.length >= 4 + (received.readUInt32BE(0) & 0x7fff_ffff);
  while (!isWhole()) {
    const [bytes] = (await once(socket, 'data', { signal: AbortSignal.timeout(10_000) })) as [Buffer];
    received = Buffer.concat([received, bytes]);
  }
  const end = 4 + (received.readUInt32BE(0) & 0x7fff_ffff);
  const reply = new MessageReader(received.subarray(4, end)).result();
  received = received.subarray(end);
  const status = reply.uint32();
  if (status !== 0) throw new Error(`Procedure ${procedure} of ${program} came to ${status}`);
  return reply;
}

const root = Uint8Array.from((await call(100_005, 1, share)).opaque());
const file = Uint8Array.from((await call(100_003, 3, root, name)).opaque());
console.log(String((await call(100_003, 1, file)).attributes().size));
for (const part of parts) {
  const [first = 0n, length = 0n] = part.split('-').map(BigInt);
  const reply = await call(100_003, 6, file, first, Number(length));
  reply.maybeAttributes();
  reply.uint32(); // the count, which stands before the bytes again
  reply.uint32(); // whether the file ends there
  console.log(createHash('sha256').update(reply.opaque()).digest('hex'));
}
socket.destroy();
