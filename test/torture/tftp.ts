import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseIpv4 } from '../../src/lib/addresses.ts';
import { systemLibc } from '../../src/os/suite/system-libc.ts';
import { decodePacket, encodePacket } from '../../src/protocols/tftp/packet.ts';
import { TftpPlane } from '../../src/protocols/tftp/plane.ts';
import { openInsideFolder } from '../../src/services/images/folder-tree.ts';
import type { TortureContext } from './tortures.ts';

const LOCAL = parseIpv4('127.0.0.1');
const KILLS = { long: 50, short: 3 };
const CLIENTS = 16;
const FILE_BYTES = 300_000;
/** A thread lives for about this long before it is killed, in milliseconds. */
const LIFE_MS = 1_700;
const BACK_MS = 1_000;
const CLIENT_TIMEOUT_MS = 50;
/** A client whose transfer died begins anew after this. */
const CLIENT_PATIENCE_MS = 400;
/** What the heap and caches of the process may grow by in all. */
const GROWTH_BYTES = 64 * 1024 * 1024;

interface Load {
  /** When a first packet of a transfer last came, on the clock of `performance.now()`. */
  begunMs: number;
  whole: number;
  wrong: number;
  stop: boolean;
}

/** The thread that sends files is killed again and again while many clients fetch. */
export async function tortureTftp({ check, say, short }: TortureContext): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-torture-'));
  const content = Buffer.from(Array.from({ length: FILE_BYTES }, (_, at) => (at * 31 + (at >> 8)) & 0xff));
  writeFileSync(join(folder, 'kernel'), content);
  let restarts = 0;
  const libc = systemLibc();
  const report = (): void => undefined;
  const plane = new TftpPlane({
    libc,
    threads: 1,
    dataPort: 'shared',
    report,
    restarted: () => (restarts += 1),
  });
  const server = await plane.serve({
    address: LOCAL,
    port: 0,
    open: async ({ name }) => {
      const opened = await openInsideFolder(folder, name);
      if (!opened.found) return { open: false, code: 1, message: opened.because };
      return { open: true, source: opened.source, holdsFor: 'everyone' };
    },
    onEnd: report,
    onRefused: report,
    report,
  });
  const load: Load = { begunMs: 0, whole: 0, wrong: 0, stop: false };
  const clients = Array.from({ length: CLIENTS }, () => fetchAgainAndAgain(server.port, content, load));
  try {
    await eventually(() => load.whole > CLIENTS);
    const before = usage(folder);
    const kills = short ? KILLS.short : KILLS.long;
    const back: number[] = [];
    for (let kill = 0; kill < kills; kill += 1) {
      await sleep(LIFE_MS);
      const killedMs = performance.now();
      await plane.killThread(0);
      const deadMs = performance.now();
      await eventually(() => load.begunMs > deadMs);
      back.push(load.begunMs - killedMs);
    }
    await sleep(LIFE_MS);
    const after = usage(folder);
    const slowest = Math.max(...back);
    say(
      `  ${load.whole} files in all; back after ${Math.round(average(back))} ms, at most ${Math.round(slowest)} ms`,
    );
    check(`${kills} kills, each followed by a new thread`, restarts === kills, `${restarts} restarts`);
    check('new transfers begin within a second of each kill', slowest < BACK_MS, `${Math.round(slowest)} ms`);
    check('no byte arrived wrong', load.wrong === 0, `${load.wrong} files`);
    check(
      'no descriptor is left over',
      after.descriptors <= before.descriptors,
      `${after.descriptors}, at first ${before.descriptors}`,
    );
    check('the file is mapped once', after.mappings === 1, `${after.mappings} times`);
    check(
      'memory does not grow with the kills',
      after.rssBytes - before.rssBytes < GROWTH_BYTES,
      `${after.rssBytes - before.rssBytes} bytes more`,
    );
  } finally {
    load.stop = true;
    await Promise.all(clients);
    await server.close({ drainMs: 0 });
    await plane.close();
    rmSync(folder, { recursive: true });
  }
}

function usage(folder: string): { descriptors: number; mappings: number; rssBytes: number } {
  globalThis.gc?.();
  return {
    descriptors: readdirSync('/proc/self/fd').length,
    mappings: readFileSync('/proc/self/maps', 'utf8').split(folder).length - 1,
    rssBytes: process.memoryUsage.rss(),
  };
}

async function fetchAgainAndAgain(port: number, content: Buffer, load: Load): Promise<void> {
  const socket = createSocket('udp4');
  socket.bind(0, LOCAL);
  await once(socket, 'listening');
  while (!load.stop) {
    const bytes = await fetchOnce(socket, port, load);
    if (bytes === undefined) continue;
    if (Buffer.compare(bytes, content) === 0) load.whole += 1;
    else load.wrong += 1;
  }
  socket.close();
}

/** Undefined when the server fell silent. */
async function fetchOnce(socket: Socket, port: number, load: Load): Promise<Buffer | undefined> {
  const options = [{ name: 'blksize', value: '1428' }];
  const request = encodePacket({ op: 'RRQ', fileName: 'kernel', mode: 'octet', options });
  const parts: Uint8Array[] = [];
  let [last, to] = [request, port];
  let spokeMs = performance.now();
  return await new Promise((resolve) => {
    const say = (packet: Uint8Array, where: number): void => {
      [last, to] = [packet, where];
      socket.send(packet, where, LOCAL);
    };
    const timer = setInterval(() => {
      if (load.stop || (performance.now() - spokeMs > CLIENT_PATIENCE_MS && to !== port)) end(undefined);
      else socket.send(last, to, LOCAL);
    }, CLIENT_TIMEOUT_MS);
    const onMessage = (datagram: Buffer, from: { readonly port: number }): void => {
      const packet = decodePacket(datagram);
      if (packet.op === 'ERROR') return end(undefined);
      if (packet.op === 'OACK' && parts.length === 0) {
        load.begunMs = performance.now();
        spokeMs = load.begunMs;
        return say(encodePacket({ op: 'ACK', block: 0 }), from.port);
      }
      if (packet.op !== 'DATA' || packet.block !== parts.length + 1) return;
      spokeMs = performance.now();
      parts.push(packet.bytes);
      say(encodePacket({ op: 'ACK', block: packet.block }), from.port);
      if (packet.bytes.length < 1428) end(Buffer.concat(parts));
    };
    const end = (bytes: Buffer | undefined): void => {
      clearInterval(timer);
      socket.off('message', onMessage);
      resolve(bytes);
    };
    socket.on('message', onMessage);
    say(request, port);
  });
}

async function eventually(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds(); waited += 5) {
    if (waited > 20_000) throw new Error('It did not happen within 20 seconds');
    await sleep(5);
  }
}

function average(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
