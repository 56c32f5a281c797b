import { expect, test } from 'vitest';
import { powerFrom, textIn, type PowerSettings } from './power-draft.ts';

const FILLED: Readonly<Record<string, string>> = {
  to: '192.168.122.255, 10.3.0.255',
  url: 'https://bmc.example',
  user: 'admin',
  secret: 'a long secret',
  host: '192.168.122.9',
  argv: 'switch\n--port\nrow 7\n',
};
const read = (field: string): string => FILLED[field] ?? '';
const IPMI: PowerSettings = {
  driver: 'ipmi',
  host: '192.168.122.8',
  port: 6230,
  user: '',
  interface: 'lan',
  privilege: 'user',
  firmware: 'bios',
};

for (const [driver, expected] of [
  ['wol', { driver: 'wol', to: ['192.168.122.255', '10.3.0.255'] }],
  ['redfish', { driver: 'redfish', url: 'https://bmc.example', user: 'admin', secret: 'a long secret' }],
  ['ipmi', { driver: 'ipmi', host: '192.168.122.9', user: 'admin', secret: 'a long secret' }],
  ['command', { driver: 'command', argv: ['switch', '--port', 'row 7'] }],
  ['webhook', { driver: 'webhook', url: 'https://bmc.example', secret: 'a long secret' }],
] as const)
  test(`What is filled in for ${driver} is all that is said`, () => {
    expect(powerFrom(driver, read, undefined)).toEqual(expected);
  });

test('What has no field stays, where the driver stays', () => {
  expect(powerFrom('ipmi', read, IPMI)).toEqual({ ...IPMI, ...powerFrom('ipmi', read, undefined) });
  expect(powerFrom('wol', read, IPMI)).toEqual(powerFrom('wol', read, undefined));
});

test('An empty user is one, and an empty secret leaves the one that is kept', () => {
  expect(powerFrom('ipmi', (field) => (field === 'host' ? 'bmc' : ''), undefined)).toEqual({
    driver: 'ipmi',
    host: 'bmc',
    user: '',
  });
});

test('Its fields show what is set, and no secret', () => {
  expect(textIn(IPMI, 'ipmi', 'host')).toBe('192.168.122.8');
  expect(textIn(IPMI, 'ipmi', 'secret')).toBe('');
  expect(textIn(IPMI, 'redfish', 'user')).toBe('');
  expect(textIn({ driver: 'command', argv: ['a', 'b c'] }, 'command', 'argv')).toBe('a\nb c');
});
