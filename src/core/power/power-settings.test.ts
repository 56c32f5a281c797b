import { describe, expect, test } from 'vitest';
import { objectionToPower, type PowerSettings, readSecureOn, secretGoesTo } from './power-settings.ts';

const REDFISH = {
  driver: 'redfish',
  url: 'https://bmc.example',
  user: 'root',
  trust: { by: 'authorities' },
  login: 'auto',
  networkBoot: 'pxe',
} as const satisfies PowerSettings;
const IPMI = {
  driver: 'ipmi',
  host: '10.0.0.9',
  port: 623,
  user: 'ADMIN',
  interface: 'lanplus',
  privilege: 'operator',
  firmware: 'uefi',
} as const satisfies PowerSettings;
const WOL = { driver: 'wol', port: 9, to: [] } as const satisfies PowerSettings;
const FINGERPRINT = 'ab'.repeat(32);

describe('power settings', () => {
  for (const [title, settings, secret, because] of [
    ['of Redfish', REDFISH, 'sesam', undefined],
    ['of Redfish with a port', { ...REDFISH, url: 'https://[fe80::1]:8443' }, 'sesam', undefined],
    [
      'of a certificate that is pinned',
      { ...REDFISH, trust: { by: 'fingerprint', sha256: FINGERPRINT } },
      'sesam',
      undefined,
    ],
    [
      'of half a fingerprint',
      { ...REDFISH, trust: { by: 'fingerprint', sha256: 'abcd' } },
      'sesam',
      /64 hex digits/,
    ],
    [
      'of a key in place of an authority',
      { ...REDFISH, trust: { by: 'authorities', pem: 'KEY' } },
      'sesam',
      /no certificate in PEM/,
    ],
    [
      'of plain HTTP',
      { ...REDFISH, url: 'http://bmc.example' },
      'sesam',
      /anybody on the way could read the password/,
    ],
    [
      'of plain HTTP that was insisted on',
      { ...REDFISH, url: 'http://b', trust: { by: 'nothing' } },
      'sesam',
      undefined,
    ],
    [
      'of a URL with a path',
      { ...REDFISH, url: 'https://b/redfish/v1' },
      'sesam',
      /ends behind its host and port/,
    ],
    [
      'of another scheme',
      { ...REDFISH, url: 'file:///etc/passwd' },
      'sesam',
      /only http and https are asked/,
    ],
    [
      'of a URL with a password',
      { ...REDFISH, url: 'https://u:p@b' },
      'sesam',
      /must hold no user and no password/,
    ],
    ['of a user with a colon', { ...REDFISH, user: 'a:b' }, 'sesam', /no ":"/],
    ['without the password', REDFISH, undefined, /driver redfish needs a secret/],
    ['of a password of two lines', REDFISH, 'a\nb', /one line/],
    ['of IPMI', IPMI, 'sesam', undefined],
    ['of an IPMI password that is too long', IPMI, 'x'.repeat(21), /at most 20 bytes/],
    ['of an IPMI host that is an option', { ...IPMI, host: '-H' }, 'sesam', /no name or address/],
    ['of an IPMI host with a shell in it', { ...IPMI, host: 'a;reboot' }, 'sesam', /no name or address/],
    ['of an IPMI user that is an option', { ...IPMI, user: '-f' }, 'sesam', /does not begin with "-"/],
    ['of wake-on-LAN', WOL, undefined, undefined],
    ['of wake-on-LAN with SecureOn', WOL, '11:22:33:44:55:66', undefined],
    ['of a SecureOn password that is none', WOL, 'sesam', /4 or 6 bytes/],
    ['of a program', { driver: 'command', argv: ['switch.sh', '-x', 'a b'] }, undefined, undefined],
    ['of a program elsewhere', { driver: 'command', argv: ['../sh'] }, undefined, /no name of a program/],
    [
      'of a webhook without a key',
      { driver: 'webhook', url: 'https://s.example/p' },
      undefined,
      /the key to sign with/,
    ],
  ] as const) {
    test(`${title} are ${because === undefined ? 'taken' : 'refused, with the reason'}`, () => {
      const objection = objectionToPower(settings, secret);
      if (because === undefined) expect(objection).toBeUndefined();
      else expect(objection).toMatch(because);
      if (secret !== undefined && objection !== undefined) expect(objection).not.toContain(secret);
    });
  }
});

describe('a secret that is kept', () => {
  for (const [title, changed, same] of [
    ['stays where only the next boot is another', { ...REDFISH, networkBoot: 'http' }, true],
    ['stays where another system is meant', { ...REDFISH, system: '2' }, true],
    ['goes to no other host', { ...REDFISH, url: 'https://evil.example' }, false],
    ['goes to no other port', { ...REDFISH, url: 'https://bmc.example:444' }, false],
    ['goes to nobody who has to show less', { ...REDFISH, trust: { by: 'nothing' } }, false],
    ['goes to no other driver', { ...IPMI, host: 'bmc.example', user: 'root' }, false],
  ] as const) {
    test(title, () => expect(secretGoesTo(changed) === secretGoesTo(REDFISH)).toBe(same));
  }
});

test('a SecureOn password is read in both of its forms', () => {
  expect(readSecureOn('192.168.1.255')).toEqual(Uint8Array.of(192, 168, 1, 255));
  expect(readSecureOn('0a:FF:00:01:02:03')).toEqual(Uint8Array.of(10, 255, 0, 1, 2, 3));
  for (const text of ['', '1.2.3', '1.2.3.256', '0a:ff', '0a-ff-00-01-02-03'])
    expect(readSecureOn(text), text).toBeUndefined();
});
