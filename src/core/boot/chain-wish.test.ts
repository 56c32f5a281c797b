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

test('who is to be asked who it is goes by iPXE, unless its subnet wishes for another', () => {
  const by = 'the question who it is';
  const asks = { asks: 'who it is', because: 'not known' } as const;
  const nothing = { boot: 'nothing', ...asks } as const;
  expect(chainWish({ plan: nothing })).toEqual({ chain: 'ipxe', by });
  expect(chainWish({ plan: { boot: 'menu', ...asks } })).toEqual({ chain: 'ipxe', by, orElse: 'any' });
  expect(chainWish({ plan: nothing, subnet: { name: 'lab', loader: 'grub' } })?.chain).toBe('grub');
});
