import { describe, expect, test } from 'vitest';
import { sampleImage, sampleMachine, renderAnswer, renderDefault, URLS } from './suite/answer-samples.ts';

type Variables = Readonly<Record<string, string>>;

const AUTOPART = ['ignoredisk', 'zerombr', 'clearpart', 'bootloader'];

/** What %pre writes for the installer, without what stands in every layout. */
function layoutOf(title: string, release: string, variables: Variables): readonly string[] {
  const text = renderDefault('kickstart', title, release, variables);
  const [, lines = ''] = /<< 'KICKSTART'\n([\s\S]*?)\nKICKSTART\n/.exec(text) ?? [];
  return lines.split('\n').filter((line) => !AUTOPART.some((word) => line.startsWith(word)));
}

const EL9 = ['Rocky Linux 9.4', '9.4'] as const;
const EL7 = ['CentOS 7', '7'] as const;
const EL6 = ['CentOS 6.3', '6.3'] as const;
const EL5 = ['CentOS 5.11', '5.11'] as const;
const FEDORA = ['Fedora 42', '42'] as const;

describe('a kickstart divides the one disk as the variables say', () => {
  const cases: readonly (readonly [readonly [string, string], Variables, readonly string[]])[] = [
    [EL9, {}, ['autopart --type=plain']],
    [EL9, { partitioning: 'lvm', root_filesystem: 'ext4' }, ['autopart --type=lvm --fstype=ext4']],
    [EL9, { swap_megabytes: '0' }, ['autopart --type=plain --noswap']],
    [
      EL9,
      { swap_megabytes: '512' },
      [
        'reqpart --add-boot',
        'part swap --size=512 --ondisk=@DISK@',
        'part / --size=4096 --grow --ondisk=@DISK@',
      ],
    ],
    [
      EL9,
      { swap_megabytes: '512', partitioning: 'lvm', root_filesystem: 'xfs' },
      [
        'reqpart --add-boot',
        'part pv.01 --size=4096 --grow --ondisk=@DISK@',
        'volgroup system pv.01',
        'logvol swap --size=512 --vgname=system --name=swap',
        'logvol / --fstype=xfs --size=4096 --grow --vgname=system --name=root',
      ],
    ],
    [EL7, { swap_megabytes: '0' }, ['reqpart --add-boot', 'part / --size=4096 --grow --ondisk=@DISK@']],
    [EL7, { partitioning: 'btrfs' }, ['autopart --type=btrfs']],
    [FEDORA, { root_filesystem: 'btrfs' }, ['autopart --type=btrfs']],
    [
      FEDORA,
      { partitioning: 'btrfs', swap_megabytes: '1024' },
      [
        'reqpart --add-boot',
        'part swap --size=1024 --ondisk=@DISK@',
        'part btrfs.01 --size=4096 --grow --ondisk=@DISK@',
        'btrfs none --label=system btrfs.01',
        'btrfs / --subvol --name=root LABEL=system',
      ],
    ],
    [EL6, { partitioning: 'lvm' }, ['autopart']],
    [
      EL6,
      { partitioning: 'lvm', swap_megabytes: '0' },
      [
        'part /boot --fstype=ext4 --size=500 --ondisk=@DISK@',
        'part pv.01 --size=4096 --grow --ondisk=@DISK@',
        'volgroup system pv.01',
        'logvol / --fstype=ext4 --size=4096 --grow --vgname=system --name=root',
      ],
    ],
    [
      EL5,
      { swap_megabytes: '100' },
      [
        'part /boot --fstype=ext3 --size=500 --ondisk=@DISK@',
        'part swap --size=100 --ondisk=@DISK@',
        'part / --fstype=ext3 --size=4096 --grow --ondisk=@DISK@',
      ],
    ],
  ];
  for (const [[title, release], variables, expected] of cases) {
    test(`${title}: ${JSON.stringify(variables)}`, () => {
      expect(layoutOf(title, release, variables)).toEqual(expected);
    });
  }

  test('EL 6 gets its partition for UEFI only where the partitions are ours', () => {
    expect(renderDefault('kickstart', ...EL6, {})).toContain('/boot/efi --fstype=efi');
    expect(renderDefault('kickstart', ...EL6, { partitioning: 'lvm' })).not.toContain('/boot/efi');
    expect(renderDefault('kickstart', ...EL7, { swap_megabytes: '0' })).not.toContain('/boot/efi');
  });
});

describe('a layout that a release cannot do is refused with the reason', () => {
  for (const [kind, title, release, variables, because] of [
    ['kickstart', ...EL9, { partitioning: 'btrfs' }, /Rocky Linux 9.4 cannot be installed on btrfs/],
    ['kickstart', ...EL6, { root_filesystem: 'btrfs' }, /CentOS 6.3 cannot be installed on btrfs/],
    ['kickstart', ...FEDORA, { partitioning: 'lvm', root_filesystem: 'btrfs' }, /btrfs has no place in LVM/],
    ['kickstart', ...FEDORA, { partitioning: 'btrfs', root_filesystem: 'xfs' }, /no other file system in it/],
    ['kickstart', ...EL5, { root_filesystem: 'ext4' }, /EL 5 is installed on ext3 alone/],
    ['kickstart', ...EL5, { interface: '52:54:00:ab:cd:ef' }, /EL 5 takes a network card by its name alone/],
    ['preseed', 'Debian 12', '12', { partitioning: 'btrfs', root_filesystem: 'xfs' }, /no other file system/],
  ] as const) {
    test(`${title}: ${JSON.stringify(variables)}`, () => {
      const answer = renderAnswer({
        kind,
        machine: sampleMachine(),
        profile: { name: 'web', variables },
        image: sampleImage(title, release, kind),
        urls: URLS,
      });
      expect(answer).toMatchObject({ rendered: false, because: expect.stringMatching(because) });
    });
  }
});

describe('a preseed divides the one disk as the variables say', () => {
  for (const [variables, lines] of [
    [{}, [/choose_recipe select atomic\n(?!d-i partman\/default_filesystem)/]],
    [{ root_filesystem: 'xfs' }, [/^d-i partman\/default_filesystem string xfs$/m]],
    [{ partitioning: 'btrfs' }, [/^d-i partman\/default_filesystem string btrfs$/m, /method string regular/]],
    [
      { swap_megabytes: '0' },
      [/no_swap boolean false/, /expert_recipe "muster :: \$boot "'(?!.*linux-swap)/],
    ],
    [
      { swap_megabytes: '512', partitioning: 'lvm' },
      [
        / 512 512 512 linux-swap \$lvmok\{ \}/,
        /filesystem\{ ext4 \} mountpoint\{ \/ \}/,
        /method string lvm/,
      ],
    ],
  ] as const) {
    test(JSON.stringify(variables), () => {
      const text = renderDefault('preseed', 'Debian 12 (bookworm)', '12', variables);
      for (const line of lines) expect(text).toMatch(line);
    });
  }
});
