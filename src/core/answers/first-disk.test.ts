import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { FIRST_DISK, FIRST_DISK_ON_ONE_LINE } from './first-disk.ts';

interface Device {
  readonly name: string;
  /** Below /sys/devices; loop devices and the like have none. */
  readonly at?: string;
  readonly removable?: '0' | '1';
  readonly sectors?: string;
  /** What else its device says, by file. */
  readonly says?: Readonly<Record<string, string>>;
}

const SATA = 'pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0';

/** A /sys/block as the kernel makes it, in a folder of its own. */
function withSysfs<T>(devices: readonly Device[], use: (sys: string) => T): T {
  const sys = mkdtempSync(join(tmpdir(), 'muster-sysfs-'));
  try {
    mkdirSync(join(sys, 'block'));
    for (const { name, at, removable = '0', sectors = '1024', says = {} } of devices) {
      const home =
        at === undefined ? join('devices/virtual/block', name) : join('devices', at, 'block', name);
      mkdirSync(join(sys, home), { recursive: true });
      writeFileSync(join(sys, home, 'removable'), `${removable}\n`);
      writeFileSync(join(sys, home, 'size'), `${sectors}\n`);
      if (at !== undefined) symlinkSync(join(sys, 'devices', at), join(sys, home, 'device'));
      for (const [file, text] of Object.entries(says)) {
        const path = join(sys, home, 'device', file);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, `${text}\n`);
      }
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
  ...(
    [
      ['Fibre Channel', { at: 'pci0/0000:07:00.0/host0/rport-0:0-1/target0:0:0/0:0:0:1' }],
      ['iSCSI', { at: 'platform/host3/session1/target3:0:0/3:0:0:1' }],
      ['SRP', { at: 'pci0/0000:08:00.0/host8/port-8:1/target8:0:0/8:0:0:1' }],
      ['NVMe over TCP', { at: 'virtual/nvme-fabrics/ctl/nvme4', says: { transport: 'tcp' } }],
      [
        'NVMe over Fibre Channel by several paths',
        {
          at: 'virtual/nvme-subsystem/nvme-subsys0',
          says: { 'nvme0/transport': 'fc', 'nvme1/transport': 'fc' },
        },
      ],
      ['NVMe by a way that is not known', { at: 'virtual/nvme-fabrics/ctl/nvme4', says: { transport: 'x' } }],
    ] as const
  ).map(
    ([way, disk]) =>
      [
        `not one of a network: ${way}`,
        [
          { name: 'nvme0n1', ...disk },
          { name: 'vda', at: 'pci0/virtio1' },
        ],
        'vda',
      ] as const,
  ),
  [
    'not one of a network that a daemon of the kernel brings: Ceph, NBD, ATA over Ethernet',
    [
      { name: 'etherd!e1.0', at: 'virtual/aoe' },
      { name: 'nbd0', at: 'virtual/nbd' },
      { name: 'rbd0', at: 'rbd/0' },
      { name: 'vda', at: 'pci0/virtio1' },
    ],
    'vda',
  ],
  [
    'NVMe of an Apple',
    [{ name: 'nvme0n1', at: 'platform/nvme0', says: { transport: 'apple-nvme' } }],
    'nvme0n1',
  ],
  [
    'NVMe in the machine, though it has a subsystem',
    [
      {
        name: 'nvme0n1',
        at: 'virtual/nvme-subsystem/nvme-subsys0',
        says: { 'nvme0/transport': 'pcie', 'nvme1/transport': 'pcie' },
      },
    ],
    'nvme0n1',
  ],
  [
    'one of SAS',
    [{ name: 'sda', at: 'pci0/host0/port-0:0/expander-0:0/port-0:0:1/end_device-0:0:1/target0:0:1/0:0:1:0' }],
    'sda',
  ],
  [
    'eMMC and not an SD card',
    [
      { name: 'mmcblk0', at: 'mmc_host/mmc0/mmc0:0001', says: { type: 'SD' } },
      { name: 'mmcblk1', at: 'mmc_host/mmc1/mmc1:0001', says: { type: 'MMC' } },
    ],
    'mmcblk1',
  ],
  ['none where there is an SD card alone', [{ name: 'mmcblk0', at: 'mmc0', says: { type: 'SD' } }], ''],
  [
    "not the firmware's flash, nor memory that keeps what is in it",
    [
      { name: 'mtdblock0', at: 'platform/flash' },
      { name: 'pmem0', at: 'ndbus0/region0' },
      { name: 'vda', at: 'pci0/virtio1' },
    ],
    'vda',
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
