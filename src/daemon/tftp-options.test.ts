import { expect, test } from 'vitest';
import { parseIpv4, parseIpv4Network } from '../lib/addresses.ts';
import { SETTINGS } from '../core/settings/settings.ts';
import { tftpOptionsOf } from './tftp-options.ts';

const defaults = {
  'tftp.dataPort': SETTINGS['tftp.dataPort'].default as 'shared',
  'tftp.mtu': SETTINGS['tftp.mtu'].default as number,
  'tftp.refuseOptions': [],
  'tftp.transfers': 1000,
  'tftp.perSource': 32,
  'tftp.requestsPerSecond': 1000,
  'tftp.requestsPerSecondInAll': 'off',
  'tftp.pauseSeconds': 1,
} as const;
const address = parseIpv4('10.0.0.1');

function withMtu(mtu: number) {
  return [{ mtu, addresses: [{ address, network: parseIpv4Network('10.0.0.0/24') }] }];
}

for (const [rule, setting, interfaceMtu, expected] of [
  ['1500 on an ordinary interface', 1500, 1500, 1500],
  ['that of a tunnel, since it is smaller', 1500, 1412, 1412],
  ['1500 on an interface for jumbo frames, since the machines need not have them', 1500, 9000, 1500],
  ['9000 there when the setting says so', 9000, 9000, 9000],
  ['what the setting lowers it to', 1400, 1500, 1400],
] as const) {
  test(`the MTU is ${rule}`, () => {
    const options = tftpOptionsOf({ ...defaults, 'tftp.mtu': setting }, address, withMtu(interfaceMtu));
    expect(options.mtu).toBe(expected);
  });
}

test('an interface that does not say its MTU has that of the setting', () => {
  expect(tftpOptionsOf(defaults, address, []).mtu).toBe(1500);
});

test('off is no limit, and seconds become milliseconds', () => {
  const { limits } = tftpOptionsOf({ ...defaults, 'tftp.requestsPerSecond': 'off' }, address, []);
  expect(limits).toMatchObject({
    requestsPerSecond: Infinity,
    requestsPerSecondInAll: Infinity,
    pauseMs: 1000,
    transfersPerClient: 32,
  });
});
