/** What the doors for files of images read from a network, beyond what `targets.ts` has of HTTP. */
import { createHmac } from 'node:crypto';
import type { SeededRandom } from '../../bench/seeded-random.ts';
import { parseIpv4 } from '../../src/lib/addresses.ts';
import { MemoryTree } from '../../src/lib/suite/memory-tree.ts';
import { CommandReader, MAX_LINE_BYTES } from '../../src/protocols/ftp/command.ts';
import { objectionToTarget, parseEprt, parsePort } from '../../src/protocols/ftp/data-address.ts';
import { matchesPattern } from '../../src/protocols/ftp/name-pattern.ts';
import { headEnd, mayBecomeHead, readHead } from '../../src/protocols/http/request-head.ts';
import { NfsEngine } from '../../src/protocols/nfs/engine.ts';
import { RecordReader } from '../../src/protocols/nfs/record-marking.ts';
import type { RpcPeer } from '../../src/protocols/nfs/rpc.ts';
import { callBytes, marked, MessageReader, type Word } from '../../src/protocols/nfs/suite/rpc-messages.ts';
import { headerText, mutated, text } from './generated-bytes.ts';
import { must } from './must.ts';

const CLIENT = parseIpv4('192.0.2.7');

const LINES = [
  'GET /images/a/b HTTP/1.1\r\n',
  'HEAD / HTTP/1.0\r\n',
  'Host: x\r\n',
  'Range: bytes=0-\r\n',
  'Connection: close\r\n',
  'Content-Length: 0\r\n',
  '\r\n',
];

/** A quick reader of heads: what it does not take is for a strict one, and counts as refused. */
export function feedRequestHead(random: SeededRandom): void {
  const parts = [random.chance(0.8) ? (LINES[random.below(2)] ?? '') : headerText(random)];
  for (let left = random.below(5); left > 0; left -= 1)
    parts.push(
      random.chance(0.8) ? (random.pick(LINES) ?? '') : `${headerText(random)}: ${text(random)}\r\n`,
    );
  const sent = `${parts.join('')}\r\n`;
  const end = headEnd(sent);
  mayBecomeHead(sent.slice(0, random.below(sent.length)));
  const head = readHead(sent.slice(0, end));
  if (head === undefined) throw new SyntaxError('not by the quick reader');
  must(head.target.startsWith('/') && !/[\s\0]/.test(head.target), 'a target is a path without spaces');
}

const COMMANDS = ['PORT', 'EPRT', 'RETR', 'LIST', 'CWD', 'MLST', 'USER', 'REST', 'OPTS', 'ABOR'];
const ADDRESSES = ['192,0,2,7,195,80', '192,0,2,7,0,21', '|1|192.0.2.7|50000|', '|2|2001:db8::7|50000|'];

/** What a client may type on a control connection, in pieces, and the addresses it may name. */
export function feedFtpCommand(random: SeededRandom): void {
  const argument = random.chance(0.5) ? (random.pick(ADDRESSES) ?? '') : text(random);
  const line = Buffer.from(`${random.pick(COMMANDS) ?? ''} ${argument}\r\n`);
  const bytes = random.chance(0.5) ? line : mutated(line, random);
  const reader = new CommandReader();
  const cut = random.below(bytes.length + 1);
  for (const part of [bytes.subarray(0, cut), bytes.subarray(cut)]) {
    reader.push(part);
    for (let read = reader.next(); read !== undefined; read = reader.next()) {
      if (read.read === 'too long') continue;
      const { verb, argument: words } = read.command;
      must(Buffer.byteLength(verb) + Buffer.byteLength(words) <= 3 * MAX_LINE_BYTES, 'a line has an end');
      matchesPattern(text(random), words.slice(0, 200));
      if (verb === 'PORT') objectionToTarget(parsePort(words), CLIENT);
      if (verb === 'EPRT') {
        const target = parseEprt(words);
        if (target !== 'other protocol') objectionToTarget(target, CLIENT);
      }
    }
  }
}

const PEER: RpcPeer = {
  address: CLIENT,
  localAddress: parseIpv4('192.0.2.1'),
  transport: 'tcp',
  nowMs: 1000,
};
const SHARED = {
  name: '/images/a',
  number: 7,
  tree: new MemoryTree({ file: 'content', folder: { folder: { deep: 'x' } }, link: { link: 'folder/deep' } }),
};
/** Faults of ours while a call was answered; each is found by the call after it at the latest. */
const faults: unknown[] = [];
const engine = new NfsEngine({
  exports: {
    names: () => Promise.resolve([SHARED.name]),
    byName: (name) => Promise.resolve(name === SHARED.name ? SHARED : undefined),
    byNumber: (number) => Promise.resolve(number === SHARED.number ? SHARED : undefined),
    admits: () => Promise.resolve({ may: true }),
  },
  mac: (bytes) => createHmac('sha256', 'of the fuzzer').update(bytes).digest(),
  told: {
    mounted: () => undefined,
    refused: () => undefined,
    unmounted: () => undefined,
    read: () => undefined,
  },
  called: () => undefined,
  report: (what, error) => what === 'failed' && faults.push(error),
});
const desk = engine.desk('nfs', 'mount');
const portmap = engine.portmapDesk(() => ({ nfs: 2049, mount: 2049, portmap: 111 }));
const PROGRAMS = [
  { program: 100003, version: 3, procedures: 23 },
  { program: 100005, version: 3, procedures: 7 },
  { program: 100000, version: 2, procedures: 7 },
];
/** No message is longer, and none shorter than what says so. */
const MAX_CALL_BYTES = 4096;
let handle: Promise<Uint8Array> | undefined;

/** A call of NFS, MOUNT or the port mapper, with arguments of many kinds, in the records of a connection. */
export async function feedNfsCall(random: SeededRandom): Promise<void> {
  handle ??= mountedHandle();
  const root = await handle;
  const { program, version, procedures } = random.pick(PROGRAMS) ?? PROGRAMS[0]!;
  const call = { program, version: random.chance(0.95) ? version : random.below(6), xid: random.uint32() };
  const message = callBytes({ ...call, procedure: random.below(procedures) }, ...argumentsOf(root, random));
  const bytes = marked(random.chance(0.5) ? message : mutated(message, random));
  const records = new RecordReader(MAX_CALL_BYTES).push(random.chance(0.8) ? bytes : mutated(bytes, random));
  for (const record of records) {
    const answered = await (program === 100000 ? portmap : desk).answer(record, PEER);
    answered?.sent?.();
  }
  const [fault] = faults.splice(0);
  if (fault !== undefined) throw new Error('A call led to a fault of ours', { cause: fault });
  if (records.length === 0) throw new SyntaxError('no whole message');
}

function argumentsOf(root: Uint8Array, random: SeededRandom): readonly Word[] {
  return Array.from({ length: random.below(7) }, (_, at): Word => {
    if (at === 0 && random.chance(0.8)) return random.chance(0.8) ? root : mutated(root, random);
    switch (random.below(5)) {
      case 0:
        return random.pick(['file', 'folder', 'link', '.', '..', 'not there', SHARED.name]);
      case 1:
        return text(random);
      case 2:
        return BigInt(random.uint32());
      case 3:
        return random.pick([0, 1, 4096, 0xffff_ffff]);
      default:
        return random.uint32();
    }
  });
}

async function mountedHandle(): Promise<Uint8Array> {
  const answered = await desk.answer(
    callBytes({ program: 100005, version: 3, procedure: 1 }, SHARED.name),
    PEER,
  );
  const reply = new MessageReader(Buffer.concat(answered?.pieces ?? []));
  // The transaction, REPLY, MSG_ACCEPTED, a verifier without a body, SUCCESS, and the status of MOUNT.
  for (let left = 7; left > 0; left -= 1) reply.uint32();
  return Uint8Array.from(reply.opaque());
}
