import { describe, expect, test } from 'vitest';
import { parseIpv4, parseIpv4Network, UNSPECIFIED } from '../../lib/addresses.ts';
import { deduceInterface } from './deduce-interface.ts';

const LAB = { interfaceName: 'eth0', localNetwork: parseIpv4Network('10.1.0.0/24') };
const FLOOR = { interfaceName: 'eth1', localNetwork: parseIpv4Network('10.2.0.0/24') };
const NOBODY = { giaddr: UNSPECIFIED, ciaddr: UNSPECIFIED };

describe('deduceInterface', () => {
  for (const [what, message, candidates, name] of [
    [
      'the only one, whatever the message says',
      { ...NOBODY, ciaddr: parseIpv4('172.16.0.9') },
      [LAB],
      'eth0',
    ],
    [
      'the one of the relay',
      { giaddr: parseIpv4('10.2.0.1'), ciaddr: parseIpv4('10.1.0.9') },
      [LAB, FLOOR],
      'eth1',
    ],
    ['the one of the client’s address', { ...NOBODY, ciaddr: parseIpv4('10.2.0.9') }, [LAB, FLOOR], 'eth1'],
  ] as const) {
    test(what, () => {
      expect(deduceInterface(message, candidates)).toMatchObject({ arrivedAt: { interfaceName: name } });
    });
  }

  for (const [what, message, candidates, because] of [
    ['no interface', NOBODY, [], 'no interface is served'],
    ['a client without address', NOBODY, [LAB, FLOOR], /^the client has no address yet, .* eth0, eth1: /],
    [
      'a relay elsewhere',
      { ...NOBODY, giaddr: parseIpv4('10.9.0.1') },
      [LAB, FLOOR],
      /giaddr 10\.9\.0\.1 is in none/,
    ],
    [
      'a client elsewhere',
      { ...NOBODY, ciaddr: parseIpv4('10.9.0.1') },
      [LAB, FLOOR],
      /ciaddr 10\.9\.0\.1 is in none/,
    ],
  ] as const) {
    test(`refuses, with its reason: ${what}`, () => {
      expect(deduceInterface(message, candidates)).toEqual({ because: expect.stringMatching(because) });
    });
  }
});
