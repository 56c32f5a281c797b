import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { systemLibc } from '../../os/suite/system-libc.ts';
import { TftpPlane } from './plane.ts';
import type { PlaneDataPort } from './plane-sockets.ts';
import { serveTftp } from './server.ts';
import { closeAll, data, LOCAL, Peer, serve, serveBy, until } from './suite/tftp-peer.ts';
import { tftpOnePortContract } from './suite/tftp-one-port-contract.ts';

function startPlane(dataPort: PlaneDataPort, threads: number): TftpPlane {
  return new TftpPlane({
    libc: systemLibc(),
    threads,
    dataPort,
    report: (what, error) => {
      if (what === 'failed') throw error;
    },
    restarted: ({ because }) => {
      throw new Error(`The plane died: ${because}`);
    },
  });
}

tftpOnePortContract('the plain server', (options) => serveTftp({ ...options, dataPort: 'same' }));

const planes = [1, 2].map((threads) => ({ threads, plane: startPlane('same', threads) }));
afterAll(() => Promise.all(planes.map(({ plane }) => plane.close())));
for (const { threads, plane } of planes)
  tftpOnePortContract(`the plane of ${threads} threads`, (options) => plane.serve(options));

test('a client whose transfer ended a moment ago gets no ERROR from the shared port, a stranger does', async () => {
  const plane = startPlane('shared', 1);
  serveBy((options) => plane.serve(options));
  try {
    const setting = await serve({ a: 'x' });
    const [peer, stranger] = [await Peer.open(), await Peer.open()];
    peer.ask(setting.server, 'a');
    await peer.next();
    peer.ack(1);
    await until(() => setting.ends.length === 1);
    peer.ack(1);
    // Both come to one socket, so that the first was looked at when the second is answered.
    stranger.send({ op: 'ACK', block: 1 }, peer.transferPort);
    expect(await stranger.next()).toEqual({ op: 'ERROR', code: 5, message: 'Unknown transfer' });
    await until(() => setting.faults.length === 2);
    expect(peer.waiting).toBe(0);
  } finally {
    await closeAll();
    serveBy(serveTftp);
    await plane.close();
  }
});

describe('a port for data that was chosen', () => {
  const threads = 2;
  let chosen = 0;
  let plane: TftpPlane;

  beforeAll(() => {
    chosen = freePorts(threads);
    plane = startPlane(chosen, threads);
    serveBy((options) => plane.serve(options));
  });
  afterEach(closeAll);
  afterAll(async () => {
    serveBy(serveTftp);
    await plane.close();
  });

  test('is where every answer comes from, and the one behind it where there are two threads', async () => {
    const setting = await serve({ a: 'x' }, { times: { firstTimeoutMs: 5000 } });
    const seen = new Set<number>();
    // Which thread a client meets is the kernel's choice, by its port.
    for (let client = 0; client < 64 && seen.size < threads; client += 1) {
      const peer = await Peer.open();
      peer.ask(setting.server, 'a');
      expect(await peer.next()).toEqual(data(1, 'x'));
      seen.add(peer.transferPort);
      peer.ack(1);
      await until(() => setting.ends.length === client + 1);
    }
    expect(seen).toEqual(new Set([chosen, chosen + 1]));
  });

  test('that is taken is the system’s own error, and gives back what was opened', async () => {
    const libc = systemLibc();
    const fd = libc.socket('udp');
    libc.bindUdp(fd, LOCAL, chosen + 1);
    await expect(serve({ a: 'x' })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    libc.close(fd);
    await serve({ a: 'x' });
  });
});

/** The first of so many UDP ports in a row that nobody has. */
function freePorts(count: number): number {
  const libc = systemLibc();
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const taken: number[] = [];
    try {
      const first = libc.socket('udp');
      taken.push(first);
      libc.bindUdp(first, LOCAL, 0);
      const port = libc.udpPort(first);
      for (let next = 1; next < count; next += 1) {
        const fd = libc.socket('udp');
        taken.push(fd);
        libc.bindUdp(fd, LOCAL, port + next);
      }
      return port;
    } catch {
      continue;
    } finally {
      for (const fd of taken) libc.close(fd);
    }
  }
  throw new Error(`No ${count} ports in a row are free`);
}
