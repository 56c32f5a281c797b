import { describe, expect, test } from 'vitest';
import { type OptionRow, Options } from '../../protocols/dhcp/options.ts';
import { optionBytesFromHex, optionCode, optionName, parseOptionText, whyOwned } from './option-text.ts';

const ROWS: readonly OptionRow<unknown>[] = Object.values(Options);

describe('parseOptionText takes any option by name or number', () => {
  for (const [name, text, code, hex] of [
    ['ntp-servers', '192.168.122.1, 192.168.122.2', 42, 'c0a87a01c0a87a02'],
    ['NTP-Servers', '192.168.122.1 192.168.122.2', 42, 'c0a87a01c0a87a02'],
    ['42', '192.168.122.1', 42, 'c0a87a01'],
    ['swap-server', '10.0.0.1', 16, '0a000001'],
    ['root-path', '/srv/nfs', 17, '2f7372762f6e6673'],
    ['interface-mtu', '9000', 26, '2328'],
    ['mtu-interface', '9000', 26, '2328'],
    ['default-ip-ttl', '64', 23, '40'],
    ['arp-timeout', '60', 35, '0000003c'],
    ['time-offset', '-18000', 2, 'ffffb9b0'],
    ['ip-forwarding', 'off', 19, '00'],
    ['forward-on-off', 'true', 19, '01'],
    ['mtu-plateau', '68, 1500', 25, '004405dc'],
    ['static-routes', '10.0.0.0 10.1.0.1, 10.2.0.0 10.1.0.2', 33, '0a0000000a0100010a0200000a010002'],
    [
      'classless-static-routes',
      '10.0.0.0/8 192.168.1.1, 0.0.0.0/0 192.168.1.1',
      121,
      '080ac0a8010100c0a80101',
    ],
    ['domain-search', 'a.example, b.example', 119, '0161076578616d706c65000162076578616d706c6500'],
    ['tftp-server-address', '10.0.0.1', 150, '0a000001'],
    ['vendor-specific', '0x0104c0a80001', 43, '0104c0a80001'],
    ['43', '0x01 04 c0:a8:00:01', 43, '0104c0a80001'],
    ['224', '0x00', 224, '00'],
    ['224', '"plain text"', 224, '706c61696e2074657874'],
    ['configuration-file', 'pxelinux.cfg/lab', 209, '7078656c696e75782e6366672f6c6162'],
    ['wpad', 'http://10.0.0.1/wpad.dat', 252, '687474703a2f2f31302e302e302e312f777061642e646174'],
  ] as const) {
    test(`${name} as ${text}`, () => {
      expect(parseOptionText(name, text)).toEqual({ code, text, hex });
    });
  }

  test('the text is kept as it was written, without the space around it', () => {
    expect(parseOptionText(' ntp-servers ', ' 10.0.0.1 ')).toEqual({
      code: 42,
      text: '10.0.0.1',
      hex: '0a000001',
    });
  });
});

describe('parseOptionText says what is wrong', () => {
  for (const [name, text, reason] of [
    ['ntp-server', '10.0.0.1', /There is no option "ntp-server": give its number, or one of ntp-servers/],
    ['x', '10.0.0.1', /There is no option "x": give its number$/],
    ['0', '', /numbers go from 1 to 254/],
    ['255', '', /numbers go from 1 to 254/],
    ['ntp-servers', '', /ntp-servers \(option 42\) needs at least one value/],
    ['ntp-servers', 'pool.ntp.org', /"pool.ntp.org" is not an IPv4 address/],
    ['swap-server', '10.0.0.1, 10.0.0.2', /is not an IPv4 address/],
    ['interface-mtu', '65536', /takes a number from 0 to 65535, not 65536/],
    ['interface-mtu', '9k', /takes a number, not "9k"/],
    ['default-ip-ttl', '-1', /from 0 to 255/],
    ['ip-forwarding', 'maybe', /takes true or false, not "maybe"/],
    ['ip-forwarding', 'constructor', /takes true or false/],
    ['root-path', '', /at least one letter/],
    ['root-path', 'a\nb', /without control characters/],
    ['static-routes', '10.0.0.0', /takes pairs/],
    ['classless-static-routes', '10.0.0.1/8 192.168.1.1', /has host bits/],
    ['domain-search', 'a..b', /Each part/],
    ['224', 'text', /0x and hex digits.*or text in double quotes, not "text"/],
    ['224', '0x123', /0x and hex digits/],
    ['224', '0x', /0x and hex digits/],
    ['224', `0x${'00'.repeat(256)}`, /256 bytes: boot firmware reads 255 at most/],
    ['domain-name-servers', '10.0.0.1', /domain-server \(option 6\): it is the field "dnsServers"/],
    ['53', '1', /Cannot set dhcp-msg-type \(option 53\): it is the type of the message/],
    ['dhcp-server-identifier', '10.0.0.1', /it is the address of this server/],
    ['82', '0x00', /relay agent/],
  ] as const) {
    test(`${name} as "${text.slice(0, 40)}"`, () => {
      expect(() => parseOptionText(name, text)).toThrow(reason);
    });
  }

  test('as SyntaxError or RangeError only, whatever is written', () => {
    const texts = [
      '',
      '0',
      'x',
      '0x',
      ',',
      '"',
      '""',
      'true',
      '1,2',
      '10.0.0.1',
      '10.0.0.0/8',
      'ä'.repeat(200),
    ];
    for (const row of ROWS) {
      for (const text of texts) {
        try {
          parseOptionText(String(row.code), text);
        } catch (error) {
          if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
        }
      }
    }
  });
});

test('options that Muster sends itself cannot be set, each with its reason', () => {
  for (const code of [
    1, 3, 6, 12, 15, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 66, 67, 82, 93, 94, 97, 118,
  ])
    expect(whyOwned(code), String(code)).toMatch(/\w/);
  expect(whyOwned(42)).toBeUndefined();
});

test('every name people can type finds its option', () => {
  for (const row of ROWS) {
    expect(optionName(row)).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    expect(optionCode(optionName(row))).toBe(row.code);
    if (row.alias !== undefined) expect(optionCode(row.alias)).toBe(row.code);
    expect(optionCode(String(row.code))).toBe(row.code);
  }
  expect(() => optionCode('none-such')).toThrow(RangeError);
});

test('optionBytesFromHex is what the hex stands for', () => {
  expect([...optionBytesFromHex('00ff10')]).toEqual([0, 255, 16]);
  expect([...optionBytesFromHex('')]).toEqual([]);
});
