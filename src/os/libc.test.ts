import { networkInterfaces } from 'node:os';
import { describe, expect, test } from 'vitest';
import { parseIpv4, parseMac } from '../lib/addresses.ts';
import { IP_PMTUDISC_DONT, type Libc, loadLibc } from './libc.ts';
import { isInterfaceName } from './sockaddr.ts';
import { SystemCallError } from './system-call-error.ts';

function libc(): Libc {
  const loaded = loadLibc();
  if ('unavailable' in loaded) throw new Error(loaded.because);
  return loaded;
}

const LOOPBACK = parseIpv4('127.0.0.1');

describe('the C library', () => {
  test('opens, sets up, binds and closes a UDP socket', () => {
    const fd = libc().socket('udp');
    libc().setSocketOption(fd, 'SO_REUSEADDR', 1);
    libc().setSocketOption(fd, 'SO_BROADCAST', 1);
    libc().setSocketOption(fd, 'IP_MTU_DISCOVER', IP_PMTUDISC_DONT);
    libc().bindUdp(fd, LOOPBACK, 0);
    libc().close(fd);
    expect(() => libc().close(-1)).toThrow(/close descriptor -1: EBADF/);
  });

  test('pauses a thread for less than a millisecond, but not for nothing', () => {
    const startedMs = performance.now();
    for (let count = 0; count < 20; count += 1) libc().pause(50);
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(1);
    expect(() => libc().pause(1_000_000)).toThrow(RangeError);
  });

  test('says which call failed, how, and what to do', () => {
    const fd = libc().socket('udp');
    try {
      expect(() => libc().bindUdp(fd, parseIpv4('192.0.2.254'), 0)).toThrow(
        'Cannot bind 192.0.2.254 UDP port 0: EADDRNOTAVAIL (the address is not (any more) on this machine: see `ip address`)',
      );
      expect(() => libc().setSocketOption(fd, 'SO_BINDTODEVICE', 'no-such-nic')).toThrow(
        expect.objectContaining({ code: 'ENODEV', syscall: 'setsockopt' }),
      );
    } finally {
      libc().close(fd);
    }
  });

  test('does not hand over what cannot be right', () => {
    const fd = libc().socket('udp');
    try {
      expect(() => libc().bindUdp(fd, LOOPBACK, 65_536)).toThrow(RangeError);
      expect(() => libc().setSocketOption(fd, 'SO_BINDTODEVICE', 'a-name-that-is-too-long')).toThrow(
        RangeError,
      );
      expect(() => libc().setSocketOption(fd, 'SO_REUSEADDR', 'yes')).toThrow(TypeError);
      expect(() => libc().sendUnix(fd, '/run/x', new Uint8Array(0))).toThrow(RangeError);
    } finally {
      libc().close(fd);
    }
  });

  test('a filter keeps datagrams away from a socket', () => {
    const port = 0;
    const open = (): number => {
      const fd = libc().socket('udp');
      libc().bindUdp(fd, LOOPBACK, port);
      return fd;
    };
    const [filtered, plain] = [open(), open()];
    try {
      // Returns 0: no byte of anything.
      libc().attachFilter(filtered, [[0x06, 0, 0, 0]]);
      for (const fd of [filtered, plain])
        libc().sendUdp(plain, LOOPBACK, libc().udpPort(fd), Uint8Array.of(1));
      const buffer = new Uint8Array(16);
      expect(libc().receive(plain, buffer)).toEqual(Uint8Array.of(1));
      expect(libc().receive(filtered, buffer)).toBeUndefined();
      expect(() => libc().attachFilter(plain, [])).toThrow(RangeError);
      expect(() => libc().attachFilter(plain, [[0xffff, 0, 0, 0]])).toThrow(/EINVAL/);
      expect(() => libc().sendFrame(plain, 1, parseMac('33:33:00:00:00:01'), new Uint8Array(13))).toThrow(
        RangeError,
      );
    } finally {
      for (const fd of [filtered, plain]) libc().close(fd);
    }
  });

  test('knows the loopback interface by name', () => {
    expect(libc().interfaceIndex('lo')).toBe(1);
    expect(libc().interfaceIndex('no-such-nic')).toBeUndefined();
    expect(libc().interfaceIndex('a-name-that-is-too-long')).toBeUndefined();
  });

  test('lists every address that Node lists, with its prefix', () => {
    const ours = libc().interfaceAddresses();
    for (const [name, rows] of Object.entries(networkInterfaces())) {
      for (const row of rows ?? []) {
        if (row.family !== 'IPv4') continue;
        const found = ours.find((each) => each.interfaceName === name && each.ipv4?.address === row.address);
        expect(`${found?.ipv4?.address}/${found?.ipv4?.prefixLength}`).toBe(row.cidr);
        expect(found).toMatchObject({ up: true, carrier: true });
      }
    }
  });
});

describe('isInterfaceName', () => {
  for (const [name, expected] of [
    ['eth0', true],
    ['enp0s31f6.100', true],
    ['fifteen-letters', true],
    ['sixteen-letters-', false],
    ['', false],
    ['..', false],
    ['a/b', false],
    ['eth0:1', false],
    ['a b', false],
  ] as const) {
    test(`"${name}": ${expected}`, () => expect(isInterfaceName(name)).toBe(expected));
  }
});

describe('SystemCallError', () => {
  for (const [call, errno, code, advice] of [
    ['bind', 13, 'EACCES', /CAP_NET_BIND_SERVICE/],
    ['socket', 1, 'EPERM', /CAP_NET_RAW/],
    ['sendto', 1, 'EPERM', /run as root/],
    ['sendto', 105, 'ENOBUFS', /no buffer space available/],
    ['sendto', 999, 'error 999', /unknown error/],
  ] as const) {
    test(`${call}: ${code} comes with advice`, () => {
      const error = new SystemCallError(call, 'do it', errno);
      expect(error.code).toBe(code);
      expect(error.message).toMatch(advice);
    });
  }
});
