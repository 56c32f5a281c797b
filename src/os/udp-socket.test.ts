import { afterEach, describe, expect, test } from 'vitest';
import { parseIpv4, UNSPECIFIED } from '../lib/addresses.ts';
import { type Libc, loadLibc } from './libc.ts';
import { openDeviceSocket, openPlainSocket, type UdpSocket, type UdpSocketOptions } from './udp-socket.ts';

function libc(): Libc {
  const loaded = loadLibc();
  if ('unavailable' in loaded) throw new Error(loaded.because);
  return loaded;
}

const LOOPBACK = parseIpv4('127.0.0.1');
const WAYS: Readonly<Record<string, (options: UdpSocketOptions) => Promise<UdpSocket>>> = {
  'with the C library': (options) => openDeviceSocket({ ...options, libc: libc() }),
  'bound to the loopback interface': (options) =>
    openDeviceSocket({ ...options, libc: libc(), interfaceName: 'lo' }),
  'with Node alone': openPlainSocket,
};

/** More than a batch. */
const MANY = 150;

const opened: UdpSocket[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((socket) => socket.close()));
});

for (const [way, open] of Object.entries(WAYS)) {
  const openOne = async (options: UdpSocketOptions): Promise<UdpSocket> => {
    const socket = await open(options);
    opened.push(socket);
    return socket;
  };

  describe(`a UDP socket made ${way}`, () => {
    test('sends and receives', async () => {
      const one = await openOne({ address: LOOPBACK, port: 0, share: 'alone' });
      const other = await openOne({ address: UNSPECIFIED, port: 0, share: 'alone' });
      const received = new Promise((resolve) => {
        other.onDatagram((bytes, from) => resolve([Buffer.from(bytes).toString(), from]));
      });
      await one.send(Buffer.from('hello'), { address: LOOPBACK, port: other.port });
      expect(await received).toEqual(['hello', { address: LOOPBACK, port: one.port }]);
    });

    test('hands over all that waits, in order, with its bytes and its sender', async () => {
      const one = await openOne({ address: LOOPBACK, port: 0, share: 'alone' });
      const other = await openOne({ address: LOOPBACK, port: 0, share: 'alone' });
      const target = await openOne({ address: LOOPBACK, port: 0, share: 'alone' });
      const heard: string[] = [];
      const all = new Promise<void>((resolve) => {
        target.onDatagram((bytes, from) => {
          heard.push(`${from.address} ${from.port} ${Buffer.from(bytes).toString()}`);
          if (heard.length === MANY) resolve();
        });
      });
      const wanted: string[] = [];
      // More than one batch, and the socket is not looked at in between.
      for (let number = 0; number < MANY; number += 1) {
        const sender = number % 3 === 0 ? one : other;
        wanted.push(`127.0.0.1 ${sender.port} datagram ${number}`);
        void sender.send(Buffer.from(`datagram ${number}`), { address: LOOPBACK, port: target.port });
      }
      await all;
      // Node sends later what goes its way, so its two senders may overtake each other.
      expect(way === 'with Node alone' ? heard.sort() : heard).toEqual(
        way === 'with Node alone' ? wanted.sort() : wanted,
      );
    });

    test('has its port alone, and says who has it when it is taken', async () => {
      const { port } = await openOne({ address: UNSPECIFIED, port: 0, share: 'alone' });
      await expect(open({ address: LOOPBACK, port, share: 'alone' })).rejects.toThrow(
        `UDP port ${port} is taken by this process: stop it, or give Muster another port`,
      );
    });

    test('can stand beside another of ours; the one of the address gets what is for it', async () => {
      const { port } = await openOne({ address: UNSPECIFIED, port: 0, share: 'alone' });
      const special = await openOne({ address: LOOPBACK, port, share: 'beside' });
      const received = new Promise((resolve) => {
        special.onDatagram((bytes) => resolve(Buffer.from(bytes).toString()));
      });
      const sender = await openOne({ address: LOOPBACK, port: 0, share: 'alone' });
      await sender.send(Buffer.from('for 127.0.0.1'), { address: LOOPBACK, port });
      expect(await received).toBe('for 127.0.0.1');
    });

    test('rejects for an address that is not here, and may be closed twice', async () => {
      await expect(open({ address: parseIpv4('192.0.2.254'), port: 0, share: 'alone' })).rejects.toThrow(
        /EADDRNOTAVAIL/,
      );
      const socket = await openOne({ address: LOOPBACK, port: 0, share: 'alone' });
      await socket.close();
      await socket.close();
    });
  });
}
