import { describe, expect, test } from 'vitest';
import { DEFAULT_OPTION_LIMITS, negotiate } from './options.ts';
import { limitsFor } from './quirks.ts';

const window = { name: 'windowsize', value: '64' };
const blksize = { name: 'blksize', value: '1468' };

describe('a window of 64 blocks that is asked for becomes', () => {
  for (const [who, client, windowBlocks, firmware] of [
    ['64 for a client nothing is known of', { options: [window] }, 64, []],
    ['64 for a BIOS ROM', { vendorClass: 'PXEClient:Arch:00000:UNDI:002001', options: [window] }, 64, []],
    [
      '16 for x64 UEFI',
      { vendorClass: 'PXEClient:Arch:00007:UNDI:003000', options: [window] },
      16,
      ['UEFI firmware'],
    ],
    [
      '16 for arm64 UEFI',
      { vendorClass: 'PXEClient:Arch:00011:UNDI:003000', options: [window] },
      16,
      ['UEFI firmware'],
    ],
    [
      '64 for a system that has the lease now',
      { vendorClass: 'dhcpcd-9.4.1:Linux', options: [window] },
      64,
      [],
    ],
    [
      '16 for bootmgr',
      { options: [blksize, window, { name: 'msftwindow', value: '31416' }] },
      16,
      ['Windows boot manager'],
    ],
    ['8 for U-Boot by its class', { vendorClass: 'U-Boot.armv8', options: [window] }, 8, ['U-Boot']],
    [
      '8 for U-Boot by its architecture',
      { vendorClass: 'PXEClient:Arch:00022:UNDI:003000', options: [window] },
      8,
      ['U-Boot'],
    ],
    [
      '8 for U-Boot by its request',
      { options: [{ name: 'timeout', value: '5' }, blksize, window] },
      8,
      ['U-Boot'],
    ],
    [
      'the smallest where two rows fit',
      { vendorClass: 'U-Boot.armv8', options: [window, { name: 'msftwindow', value: '31416' }] },
      8,
      ['Windows boot manager', 'U-Boot'],
    ],
  ] as const) {
    test(who, () => {
      const lowered = limitsFor(client, DEFAULT_OPTION_LIMITS);
      const { shape } = negotiate(client.options, { mode: 'octet', totalBytes: 1 }, lowered.limits);
      expect(shape.windowBlocks).toBe(windowBlocks);
      expect(lowered.firmware).toEqual(firmware);
    });
  }
});

test('a row never raises what the server allows', () => {
  const limits = { ...DEFAULT_OPTION_LIMITS, maxWindowBlocks: 4 };
  expect(limitsFor({ vendorClass: 'U-Boot', options: [] }, limits).limits.maxWindowBlocks).toBe(4);
});
