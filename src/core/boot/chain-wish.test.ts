import { expect, test } from 'vitest';
import { chainWish } from './chain-wish.ts';

const plan = {
  boot: 'installer',
  installId: 'i-1',
  profile: 'web',
  profileLoader: 'grub',
  because: 'armed',
} as const;

test('the machine comes first, then what is installed on it, then its subnet', () => {
  const machine = { name: 'web01', loader: 'ipxe' } as const;
  const subnet = { name: 'lab', loader: 'pxelinux' } as const;
  expect(chainWish({ machine, plan, subnet })).toEqual({ chain: 'ipxe', by: 'machine web01' });
  expect(chainWish({ machine: { name: 'web01' }, plan, subnet })).toEqual({
    chain: 'grub',
    by: 'profile web',
  });
  const local = { boot: 'local disk', because: 'installed' } as const;
  expect(chainWish({ plan: local, subnet })).toEqual({ chain: 'pxelinux', by: 'subnet lab' });
  expect(chainWish({ plan: local, subnet: { name: 'lab' } })).toBeUndefined();
});
