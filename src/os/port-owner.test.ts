import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { decodeSocketTable, portOwner, sayPortTaken } from './port-owner.ts';

describe('portOwner', () => {
  test('names a process of ours that has a UDP port', async () => {
    const source = `const s = require('dgram').createSocket('udp4');
      s.bind(0, '127.0.0.1', () => console.log(s.address().port));`;
    const child = spawn(process.execPath, ['-e', source], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [printed] = (await once(child.stdout, 'data')) as [Buffer];
      expect(portOwner('udp', Number(printed))).toBe(`node (pid ${child.pid})`);
    } finally {
      child.kill();
    }
  });

  test('says "this process" for a TCP port that listens here, also on IPv6', async () => {
    const server = createServer().listen(0, '::1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      expect(sayPortTaken('tcp', port)).toBe(`TCP port ${port} is taken by this process`);
    } finally {
      server.close();
    }
  });

  test('is undefined for a port that nobody has', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port } = socket.address();
    socket.close();
    await once(socket, 'close');
    expect(portOwner('udp', port)).toBeUndefined();
    expect(sayPortTaken('udp', port)).toMatch(/cannot be seen from here/);
  });
});

describe('decodeSocketTable', () => {
  const TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000   106        0 24680 1 0 100 0 0 10 0
   1: 0100007F:1F91 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 24681 1 0 20 4 0 10 -1
`;
  const UDP = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  335: 00000000:0043 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4711 2 0 0
`;
  const UDP6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  337: 00000000000000000000000000000000:0045 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000   107        0 4712 2 0 0
`;
  for (const [what, text, protocol, expected] of [
    ['of TCP those that listen', TCP, 'tcp', [{ port: 8080, inode: '24680', userId: 106 }]],
    ['of UDP all', UDP, 'udp', [{ port: 67, inode: '4711', userId: 0 }]],
    ['of IPv6 too', UDP6, 'udp', [{ port: 69, inode: '4712', userId: 107 }]],
    ['of an empty table none', '', 'udp', []],
    ['of a line that is no row none', 'head\nnothing here\n', 'udp', []],
  ] as const) {
    test(what, () => expect(decodeSocketTable(text, protocol)).toEqual(expected));
  }
});
