import { expect, test } from 'vitest';
import { inputOf, rangesText } from './subnet-input.ts';

const TYPED = {
  network: '10.0.0.0/24',
  mode: 'full',
  ranges: ' 10.0.0.10 - 10.0.0.20, 10.0.0.30 ',
  routers: '10.0.0.1',
  dnsServers: '10.0.0.2, 10.0.0.3',
  domainName: '',
  loader: '',
};

test('what was typed becomes a subnet', () => {
  expect(inputOf(TYPED, undefined)).toEqual({
    network: '10.0.0.0/24',
    mode: 'full',
    ranges: [
      { first: '10.0.0.10', last: '10.0.0.20' },
      { first: '10.0.0.30', last: '10.0.0.30' },
    ],
    routers: ['10.0.0.1'],
    dnsServers: ['10.0.0.2', '10.0.0.3'],
  });
});

test('a loader that is wished for is said, and no other', () => {
  expect(inputOf({ ...TYPED, loader: 'pxelinux' }, undefined)).toMatchObject({ loader: 'pxelinux' });
  expect(inputOf(TYPED, { name: 'lab', loader: 'grub' } as never)).not.toHaveProperty('loader');
});

test('what the form does not show stays, and a domain that was emptied goes', () => {
  const before = {
    name: 'lab',
    defaultLeaseSeconds: 77,
    domainName: 'old.example',
    reservations: [{ mac: '52:54:00:00:00:01', address: '10.0.0.9' }],
  };
  const input = inputOf(TYPED, before as never);
  expect(input).toMatchObject({ defaultLeaseSeconds: 77, reservations: before.reservations });
  expect(input).not.toHaveProperty('domainName');
});

test('ranges are shown as they are typed', () => {
  const { ranges = [] } = inputOf(TYPED, undefined);
  expect(rangesText(ranges as never)).toBe('10.0.0.10-10.0.0.20, 10.0.0.30-10.0.0.30');
});
