import { describe, expect, test } from 'vitest';
import { parseIpv4 } from '../../lib/addresses.ts';
import { parseIpv6 } from '../../lib/ipv6-address.ts';
import type { CallDesk } from './answer-calls.ts';
import type { PortmapContext } from './portmap.ts';
import { universalAddress } from './portmap.ts';
import { AskedEngine, PEER } from './suite/asked-engine.ts';
import { AUTH_NONE, callBytes, MessageReader, type Word } from './suite/rpc-messages.ts';

const ports = { nfs: 2049, mount: 20_048, portmap: 111 };

function portmapDesk(): CallDesk<PortmapContext> {
  return new AskedEngine().engine.portmapDesk(() => ports);
}

async function ask(version: number, procedure: number, ...args: readonly Word[]): Promise<MessageReader> {
  const call = callBytes({ program: 100_000, version, procedure, credential: AUTH_NONE }, ...args);
  const reply = await portmapDesk().answer(call, PEER);
  return new MessageReader(Buffer.concat(reply?.pieces ?? [])).result();
}

describe('GETPORT', () => {
  for (const [what, args, expected] of [
    ['NFS 3 over TCP', [100_003, 3, 6, 0], 2049],
    ['NFS 3 over UDP', [100_003, 3, 17, 0], 2049],
    ['MOUNT 3 over TCP', [100_005, 3, 6, 0], 20_048],
    ['MOUNT 1 over UDP', [100_005, 1, 17, 0], 20_048],
    ['itself', [100_000, 2, 17, 0], 111],
    ['NFS 2, so that U-Boot is told there that it is 3', [100_003, 2, 17, 0], 2049],
    ['NFS 4', [100_003, 4, 6, 0], 2049],
    ['the lock manager, which is not here', [100_021, 4, 6, 0], 0],
    ['NFS over a protocol that does not exist', [100_003, 3, 99, 0], 0],
  ] as const) {
    test(`${what}: ${expected}`, async () => expect((await ask(2, 3, ...args)).uint32()).toBe(expected));
  }
});

describe('GETADDR', () => {
  for (const [what, version, procedure, args, expected] of [
    ['NFS 3 over TCP', 3, 3, [100_003, 3, 'tcp', '', ''], '192.0.2.1.8.1'],
    [
      'MOUNT 3 over UDP, with what the client thinks of us',
      4,
      3,
      [100_005, 3, 'udp', '192.0.2.1.0.111', 'superuser'],
      '192.0.2.1.78.80',
    ],
    ['NFS 3 as Linux asks over IPv6', 4, 3, [100_003, 3, 'tcp6', '::1.0.111', 'rpcb'], '192.0.2.1.8.1'],
    ['another version', 3, 3, [100_003, 4, 'tcp', '', ''], '192.0.2.1.8.1'],
    ['another version, where exactly that one is wanted', 4, 9, [100_003, 4, 'tcp', '', ''], ''],
    ['exactly the version that is served', 4, 9, [100_003, 3, 'tcp', '', ''], '192.0.2.1.8.1'],
    ['a network that is not served', 4, 3, [100_003, 3, 'local', '', ''], ''],
  ] as const) {
    test(`${what}: "${expected}"`, async () =>
      expect((await ask(version, procedure, ...args)).text()).toBe(expected));
  }

  test('over IPv6 the address is that of IPv6', () =>
    expect(universalAddress(parseIpv6('fe80::1'), 2049)).toBe('fe80::1.8.1'));

  test('an address that nobody knows is 0.0.0.0, for which clients take the one they asked', async () => {
    const call = callBytes({ program: 100_000, version: 3, procedure: 3 }, 100_003, 3, 'udp', '', '');
    const reply = await portmapDesk().answer(call, { ...PEER, localAddress: undefined });
    expect(new MessageReader(Buffer.concat(reply?.pieces ?? [])).result().text()).toBe('0.0.0.0.8.1');
  });
});

test('DUMP of version 2 is all there is, over TCP and UDP', async () => {
  const reply = await ask(2, 4);
  const lines: string[] = [];
  while (reply.uint32() === 1)
    lines.push([reply.uint32(), reply.uint32(), reply.uint32(), reply.uint32()].join(' '));
  expect(lines).toEqual(
    [
      ['100000 2', 111],
      ['100000 3', 111],
      ['100000 4', 111],
      ['100003 3', 2049],
      ['100005 1', 20_048],
      ['100005 2', 20_048],
      ['100005 3', 20_048],
    ].flatMap(([program, port]) => [`${program} 6 ${port}`, `${program} 17 ${port}`]),
  );
  expect(reply.remaining).toBe(0);
});

test('DUMP of version 3 has addresses', async () => {
  const reply = await ask(3, 4);
  const lines: string[] = [];
  while (reply.uint32() === 1)
    lines.push([reply.uint32(), reply.uint32(), reply.text(), reply.text(), reply.text()].join(' '));
  expect(lines).toHaveLength(14);
  expect(lines).toContain('100003 3 tcp 192.0.2.1.8.1 muster');
});

for (const [what, version, procedure] of [
  ['SET', 2, 1],
  ['UNSET', 2, 2],
  ['SET of rpcbind', 4, 1],
] as const) {
  test(`${what} is refused: nobody can put his port in our place`, async () =>
    expect((await ask(version, procedure, 100_003, 3, 6, 666)).uint32()).toBe(0));
}

test('CALLIT is not there: nobody is asked in the name of another', async () => {
  const call = callBytes({ program: 100_000, version: 2, procedure: 5 }, 100_003, 3, 0, '');
  const reply = await portmapDesk().answer(call, { ...PEER, address: parseIpv4('198.51.100.1') });
  const PROC_UNAVAIL = 3;
  expect(Buffer.concat(reply?.pieces ?? []).readUInt32BE(20)).toBe(PROC_UNAVAIL);
});
