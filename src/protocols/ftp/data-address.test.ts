import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ipv4FromNumber, parseIpv4 } from '../../lib/addresses.ts';
import { parseIp } from '../../lib/ipv6-address.ts';
import { anyText } from '../../lib/suite/any-text.ts';
import { formatEpsv, formatPasv, objectionToTarget, parseEprt, parsePort } from './data-address.ts';

describe('PORT', () => {
  test('is what PASV writes, for every address and port', () => {
    fc.assert(
      fc.property(fc.nat({ max: 0xffff_ffff }), fc.nat({ max: 65_535 }), (number, port) => {
        const address = ipv4FromNumber(number);
        expect(parsePort(formatPasv(address, port).slice(1, -1))).toEqual({ address, port });
      }),
    );
  });

  for (const wrong of [
    '',
    '1,2,3,4,5',
    '1,2,3,4,5,6,7',
    '1,2,3,4,5,256',
    '1.2.3.4.5.6',
    '(1,2,3,4,5,6)',
    '-1,2,3,4,5,6',
    'x',
  ])
    test(`is not ${JSON.stringify(wrong)}`, () => expect(() => parsePort(wrong)).toThrow(SyntaxError));
});

describe('EPRT', () => {
  for (const [text, address, port] of [
    ['|1|192.0.2.10|6275|', '192.0.2.10', 6275],
    ['|2|2001:db8::10|5282|', '2001:db8::10', 5282],
    ['|2|2001:DB8:0:0:0:0:0:10|5282|', '2001:db8::10', 5282],
    ['!1!192.0.2.10!65535!', '192.0.2.10', 65_535],
  ] as const) {
    test(`may be ${text}`, () => expect(parseEprt(text)).toEqual({ address: parseIp(address), port }));
  }

  test('may name a protocol that there is not', () => {
    expect(parseEprt('|3|1.2.3.4|5000|')).toBe('other protocol');
  });

  for (const wrong of [
    '',
    '|1|192.0.2.10|6275',
    '|1|2001:db8::10|6275|',
    '|2|192.0.2.10|6275|',
    '|1|192.0.2.10|65536|',
    '|1|fe80::1%eth0|5000|',
    '||||',
  ])
    test(`is not ${JSON.stringify(wrong)}`, () => expect(() => parseEprt(wrong)).toThrow(SyntaxError));
});

test('nothing but a SyntaxError comes of any text', () => {
  const text = fc.oneof(anyText, fc.string({ unit: fc.constantFrom('|', ',', '1', '.', ':', 'f', ' ') }));
  fc.assert(
    fc.property(text, (argument) => {
      for (const parse of [parsePort, parseEprt]) {
        try {
          parse(argument);
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
        }
      }
    }),
  );
});

test('EPSV tells a port alone', () => expect(formatEpsv(6446)).toBe('(|||6446|)'));

describe('data goes', () => {
  const client = parseIpv4('192.0.2.10');
  for (const [what, address, port, expected] of [
    ['to the client', '192.0.2.10', 1024, undefined],
    ['to nobody else', '192.0.2.11', 5000, /to 192\.0\.2\.10 only/],
    ['not to this server itself', '127.0.0.1', 5000, /only/],
    ['not to a service', '192.0.2.10', 1023, /ports from 1024 on/],
    ['not to port 0', '192.0.2.10', 0, /ports from 1024 on/],
  ] as const) {
    test(what, () => {
      const objection = objectionToTarget({ address: parseIpv4(address), port }, client);
      if (expected === undefined) expect(objection).toBeUndefined();
      else expect(objection).toMatch(expected);
    });
  }
});
