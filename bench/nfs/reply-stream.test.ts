import { expect, test } from 'vitest';
import { words } from '../../src/protocols/nfs/suite/rpc-messages.ts';
import { ReplyStream } from './reply-stream.ts';

const reply = (status: number, data: Uint8Array): Uint8Array => {
  const message = Buffer.concat([
    words(1, 1, 0, 0, 0, 0, status, 1),
    Buffer.alloc(84),
    words(data.length, 1, data),
  ]);
  return Buffer.concat([words(0x8000_0000 + message.length), message]);
};

for (const pieceBytes of [1, 7, 32, 1000, 5000])
  test(`replies are told apart in pieces of ${pieceBytes} bytes`, () => {
    const told: (number | string)[] = [];
    const stream = new ReplyStream((data) => told.push(data));
    const all = Buffer.concat([
      reply(0, Buffer.alloc(1000)),
      reply(70, new Uint8Array(0)),
      reply(0, Buffer.alloc(4)),
      reply(0, new Uint8Array(0)),
    ]);
    for (let at = 0; at < all.length; at += pieceBytes) stream.push(all.subarray(at, at + pieceBytes));
    expect(told).toEqual([1000, 'an error', 4, 0]);
  });
