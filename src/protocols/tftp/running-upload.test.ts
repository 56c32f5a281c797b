import { afterEach, describe, expect, test } from 'vitest';
import type { TftpOption } from './packet.ts';
import type { SinkAnswer } from './running-upload.ts';
import type { TftpServerOptions, UploadReport } from './server-options.ts';
import { closeAll, data, pause, Peer, serve, until } from './suite/tftp-peer.ts';
import { WRITE_TIMES, type WriteTimes } from './write-transfer.ts';

afterEach(closeAll);

interface Kept {
  readonly ends: UploadReport[];
  readonly announced: (number | undefined)[];
  readonly bytes: Buffer[];
  state: 'open' | 'finished' | 'abandoned' | undefined;
}

/** Nothing is repeated while a busy machine makes the test wait, and a repeated end is heard. */
const PATIENT = { ...WRITE_TIMES, firstTimeoutMs: 5000, dallyMs: 1000 };
const QUICK = { ...WRITE_TIMES, firstTimeoutMs: 60, longestTimeoutMs: 120 };

/** A server whose uploads go into memory. `answers` come instead of the sink's own, one for each write. */
async function receive(
  answers: SinkAnswer[] = [],
  { times = PATIENT, ...options }: Partial<Pick<TftpServerOptions, 'dataPort'>> & { times?: WriteTimes } = {},
) {
  const kept: Kept = { ends: [], announced: [], bytes: [], state: undefined };
  const setting = await serve(
    {},
    {
      ...options,
      uploads: {
        times,
        open: ({ name, announcedBytes }) => {
          if (name === 'taken')
            return Promise.resolve({ open: false, code: 6, message: 'it is there already' });
          kept.announced.push(announcedBytes);
          kept.state = 'open';
          const sink = {
            write: (bytes: Uint8Array) => {
              kept.bytes.push(Buffer.from(bytes));
              return Promise.resolve(answers.shift() ?? ({ kept: true } as const));
            },
            finish: () => Promise.resolve(((kept.state = 'finished'), { kept: true } as const)),
            abandon: async () => {
              await pause(20);
              kept.state = 'abandoned';
            },
          };
          return Promise.resolve({ open: true, sink });
        },
        onEnd: (end) => kept.ends.push(end),
      },
    },
  );
  const peer = await Peer.open();
  const put = (fileName: string, asked: readonly TftpOption[] = [], mode = 'octet'): void =>
    peer.send({ op: 'WRQ', fileName, mode, options: asked }, setting.server.port);
  return { setting, kept, peer, put };
}

const ack = (block: number) => ({ op: 'ACK', block });
const BLOCK = 'x'.repeat(512);

describe('an upload', () => {
  for (const dataPort of ['each', 'same'] as const) {
    test(`is acknowledged block by block and told once it is kept, with a port for ${dataPort}`, async () => {
      const { setting, kept, peer, put } = await receive([], { dataPort });
      put('a');
      expect(await peer.next()).toEqual(ack(0));
      peer.send(data(1, BLOCK));
      expect(await peer.next()).toEqual(ack(1));
      peer.send(data(2, 'end'));
      expect(await peer.next()).toEqual(ack(2));
      expect(kept.state).toBe('finished');
      expect(Buffer.concat(kept.bytes).toString()).toBe(`${BLOCK}end`);
      expect(kept.ends).toMatchObject([{ name: 'a', outcome: 'received', bytes: 515, blockBytes: 512 }]);
      // The end is acknowledged again for a while, and then nothing is left.
      peer.send(data(2, 'end'));
      expect(await peer.next()).toEqual(ack(2));
      await until(() => setting.server.transfers === 0);
      expect(kept.ends.length).toBe(1);
    });
  }

  test('with options begins with what was granted, and hears of the size', async () => {
    const { kept, peer, put } = await receive();
    const asked = [
      { name: 'tsize', value: '20' },
      { name: 'blksize', value: '8' },
      { name: 'windowsize', value: '2' },
    ];
    put('a', asked);
    expect(await peer.next()).toEqual({ op: 'OACK', options: asked });
    peer.send(data(1, '01234567'));
    peer.send(data(2, '01234567'));
    expect(await peer.next()).toEqual(ack(2));
    peer.send(data(3, '0123'));
    expect(await peer.next()).toEqual(ack(3));
    expect(kept.announced).toEqual([20]);
    expect(kept.ends).toMatchObject([{ outcome: 'received', bytes: 20, windowBlocks: 2 }]);
  });

  test('in netascii gets the line ends of this system', async () => {
    const { kept, peer, put } = await receive();
    put('a', [{ name: 'blksize', value: '8' }], 'netascii');
    await peer.next();
    peer.send(data(1, 'one\r\ntw\r'));
    await peer.next();
    peer.send(data(2, '\n'));
    await peer.next();
    expect(Buffer.concat(kept.bytes).toString()).toBe('one\ntw\n');
  });

  test('that may not be written is refused with the reason', async () => {
    const { setting, peer, put } = await receive();
    put('taken');
    expect(await peer.next()).toEqual({ op: 'ERROR', code: 6, message: 'It is there already' });
    expect(setting.refusals).toMatchObject([{ op: 'WRQ', name: 'taken', code: 6 }]);
  });

  test('that becomes too large ends with an error, and nothing of it is left', async () => {
    const { setting, kept, peer, put } = await receive([
      { kept: false, code: 3, because: 'it is too large' },
    ]);
    put('a');
    await peer.next();
    peer.send(data(1, BLOCK));
    expect(await peer.next()).toEqual({ op: 'ERROR', code: 3, message: 'It is too large' });
    await until(() => kept.ends.length === 1);
    expect(kept.state).toBe('abandoned');
    expect(kept.ends).toMatchObject([{ outcome: 'failed', because: 'it is too large', bytes: 0 }]);
    expect(setting.server.transfers).toBe(0);
  });

  test('whose client goes away is given up, and nothing of it is left', async () => {
    const { kept, peer, put } = await receive([], { times: QUICK });
    put('a');
    await peer.next();
    peer.send(data(1, BLOCK));
    for (let attempt = 0; attempt < 6; attempt += 1) expect(await peer.next()).toEqual(ack(1));
    expect(await peer.next()).toMatchObject({ op: 'ERROR', message: 'The transfer timed out' });
    await until(() => kept.ends.length === 1);
    expect(kept.state).toBe('abandoned');
    expect(kept.ends[0]?.because).toBe('the client stopped sending after block 1');
  });

  test('under way when the server stops is abandoned and told before it has stopped', async () => {
    const { setting, kept, peer, put } = await receive();
    put('a');
    await peer.next();
    await setting.server.close({ drainMs: 0 });
    expect(kept.state).toBe('abandoned');
    expect(kept.ends).toMatchObject([{ outcome: 'failed', because: 'the server was stopped' }]);
    expect(await peer.next()).toMatchObject({ op: 'ERROR', message: 'The server is stopping' });
  });

  test('takes no packets that make no sense', async () => {
    const { setting, kept, peer, put } = await receive();
    put('a');
    await peer.next();
    peer.send({ op: 'ACK', block: 0 });
    peer.send(data(7, BLOCK));
    peer.send(Buffer.from([9]));
    await until(() => setting.faults.length === 2);
    expect(setting.faults.map(({ what }) => what)).toEqual(['dropped', 'dropped']);
    expect(kept.bytes).toEqual([]);
  });
});
