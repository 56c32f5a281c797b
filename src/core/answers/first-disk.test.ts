import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FIRST_DISK, FIRST_DISK_ON_ONE_LINE } from './first-disk.ts';

interface Device {
  readonly name: string;
  /** Below /sys/devices; loop devices and the like have none. */
  readonly at?: string;
  readonly removable?: '0' | '1';
  readonly sectors?: string;
}

const SATA = 'pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0';

/** A /sys/block as the kernel makes it, in a folder of its own. */
function withSysfs<T>(devices: readonly Device[], use: (sys: string) => T): T {
  const sys = mkdtempSync(join(tmpdir(), 'muster-sysfs-'));
  try {
    mkdirSync(join(sys, 'block'));
    for (const { name, at, removable = '0', sectors = '1024' } of devices) {
      const home =
        at === undefined ? join('devices/virtual/block', name) : join('devices', at, 'block', name);
      mkdirSync(join(sys, home), { recursive: true });
      writeFileSync(join(sys, home, 'removable'), `${removable}\n`);
      writeFileSync(join(sys, home, 'size'), `${sectors}\n`);
      if (at !== undefined) symlinkSync(join(sys, 'devices', at), join(sys, home, 'device'));
      symlinkSync(join('..', home), join(sys, 'block', name));
    }
    return use(sys);
  } finally {
    rmSync(sys, { recursive: true });
  }
}

const CASES: readonly (readonly [string, readonly Device[], string])[] = [
  [
    'the first by name',
    [
      { name: 'sdb', at: `${SATA}b` },
      { name: 'sda', at: SATA },
    ],
    'sda',
  ],
  ['none when there is none', [], ''],
  ['not a virtual one', [{ name: 'loop0' }, { name: 'dm-0' }, { name: 'vda', at: 'pci0/virtio1' }], 'vda'],
  [
    'not one on USB, though it says it is fixed',
    [
      { name: 'sda', at: 'pci0000:00/usb2/2-1/2-1:1.0/host6/target6:0:0/6:0:0:0' },
      { name: 'sdb', at: SATA },
    ],
    'sdb',
  ],
  [
    'not a removable one',
    [
      { name: 'sda', at: SATA, removable: '1' },
      { name: 'sdb', at: `${SATA}b` },
    ],
    'sdb',
  ],
  [
    'not an empty card reader',
    [
      { name: 'sda', at: SATA, sectors: '0' },
      { name: 'sdb', at: `${SATA}b` },
    ],
    'sdb',
  ],
  [
    'not an optical drive, a floppy or the boot areas of eMMC',
    [
      { name: 'fd0', at: 'platform/floppy.0' },
      { name: 'mmcblk0boot0', at: 'mmc0' },
      { name: 'sr0', at: `${SATA}c` },
      { name: 'vdb', at: 'pci0/virtio2' },
    ],
    'vdb',
  ],
  [
    'NVMe by its namespace and not by a hidden path',
    [
      { name: 'nvme0c0n1', at: 'pci0/nvme0' },
      { name: 'nvme0n1', at: 'pci0/nvme1' },
    ],
    'nvme0n1',
  ],
  ['with the slash that sysfs cannot have', [{ name: 'cciss!c0d0', at: 'pci0/cciss0' }], 'cciss/c0d0'],
];

const SHELLS = [['sh'], ['bash'], ['busybox', 'sh']].filter(
  ([program = '']) => spawnSync(program, ['true']).error === undefined,
);

describe('the first disk is', () => {
  for (const [name, devices, expected] of CASES) {
    test(name, () => {
      withSysfs(devices, (sys) => {
        for (const script of [FIRST_DISK, FIRST_DISK_ON_ONE_LINE]) {
          for (const [program = '', ...options] of SHELLS) {
            const input = `${script.replaceAll('/sys/block', join(sys, 'block'))}\nprintf %s "$disk"\n`;
            const { stdout, stderr } = spawnSync(program, options, { input, encoding: 'utf8' });
            expect({ program, stdout, stderr }).toEqual({ program, stdout: expected, stderr: '' });
          }
        }
      });
    });
  }
});

test('on one line it is one line', () => expect(FIRST_DISK_ON_ONE_LINE).not.toContain('\n'));
