import { describe, expect, test } from 'vitest';
import { SIDE_FILES } from '../side-files.ts';
import { ALL_VARIABLES, renderSample, sampleNamed, type TemplateSample } from '../suite/template-samples.ts';
import { ANSWER_VARIABLES } from '../variables.ts';
import { LEFT_OUT } from '../variables-left-out.ts';

type Variables = Readonly<Record<string, string>>;

/** Samples, and values where that of all others is the default already or is refused. */
const SAMPLES: readonly (readonly [name: string, values: Variables])[] = [
  ['ubuntu-24.04-full.user-data', {}],
  ['leap-15.6-full.xml', {}],
  ['leap-16.0-full.json', { partitioning: 'lvm' }],
  ['fedora-coreos-42-full.ign', { partitioning: 'btrfs' }],
  ['flatcar-full.ign', { partitioning: 'btrfs' }],
  ['alpine-3.22-full.answers', {}],
  [
    'proxmox-ve-9.0-full.toml',
    { partitioning: 'btrfs', root_filesystem: 'xfs', dns_servers: '192.168.122.2' },
  ],
  ['esxi-7.0-full.cfg', {}],
  ['windows-full.xml', {}],
  ['arch-full.sh', { root_filesystem: 'xfs' }],
];

/** What a variable needs beside it to say anything. */
function besides(name: string): readonly string[] {
  if (name.startsWith('user_')) return ['user'];
  if (['prefix', 'gateway', 'dns_servers'].includes(name)) return ['address'];
  return name === 'mirror_unsigned' ? ['repositories'] : [];
}

/** What each kind cannot go without. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  proxmox: ['disk', 'domain', 'root_password_hash', 'gateway', 'address'],
  esxi: ['root_password_hash'],
};

/** All that an installer of this kind is given. */
function everything(sample: TemplateSample, variables: Variables): string {
  const names = [undefined, ...(SIDE_FILES[sample.kind] ?? []).map(({ name }) => name)];
  return names
    .map((beside) => renderSample({ ...sample, variables, ...(beside === undefined ? {} : { beside }) }))
    .join('\n');
}

describe('every variable of the table changes what is rendered, but for those that its kind leaves out', () => {
  for (const [name, values] of SAMPLES) {
    const sample = sampleNamed(name);
    const all: Variables = { ...ALL_VARIABLES, ...sample.variables, ...values };
    const leftOut = LEFT_OUT[sample.kind] ?? {};
    const needed = NEEDED[sample.kind] ?? [];
    for (const { name: variable } of ANSWER_VARIABLES) {
      if (needed.includes(variable)) continue;
      test(`${variable} in ${name}`, () => {
        const rest: Variables = Object.fromEntries(
          [...needed, ...besides(variable)].map((key) => [key, all[key] ?? '']),
        );
        const before = everything(sample, rest);
        const after = everything(sample, { ...rest, [variable]: all[variable] ?? '' });
        const isLeftOut =
          leftOut[variable] !== undefined && !(variable === 'mirror' && name.startsWith('flatcar'));
        expect(before !== after).toBe(!isLeftOut);
      });
    }
  }
});

describe('what an installer cannot do is refused with the reason, and not left out', () => {
  for (const [name, variables, because] of [
    ['ubuntu-24.04.user-data', { root_filesystem: 'xfs' }, /layouts of Ubuntu's installer have ext4 alone/],
    ['ubuntu-24.04.user-data', { partitioning: 'btrfs' }, /layouts of Ubuntu's installer have ext4 alone/],
    ['fedora-coreos-42.ign', { partitioning: 'lvm' }, /CoreOS and Flatcar have no LVM/],
    ['fedora-coreos-42.ign', { boot_arguments: 'a="b c"' }, /one by one, without quotes/],
    ['alpine-3.22.answers', { boot_arguments: 'a=$(reboot)' }, /setup-disk writes boot_arguments with sed/],
    ['alpine-3.22-install.sh', { boot_arguments: 'a:b' }, /setup-disk writes boot_arguments with sed/],
    ['alpine-3.22.answers', { partitioning: 'btrfs', root_filesystem: 'xfs' }, /contradict each other/],
    ['leap-16.0.json', { partitioning: 'btrfs', root_filesystem: 'xfs' }, /contradict each other/],
    ['arch.sh', { partitioning: 'btrfs', root_filesystem: 'xfs' }, /contradict each other/],
    ['proxmox-ve-8.2.toml', { disk: '' }, /name it in the variable disk, as the kernel does/],
    ['proxmox-ve-8.2.toml', { disk: 'disk/by-id/x' }, /name it in the variable disk, as the kernel does/],
    ['proxmox-ve-8.2.toml', { domain: '' }, /set the variable domain/],
    ['proxmox-ve-8.2.toml', { root_password_hash: '' }, /set the variable root_password_hash/],
    ['proxmox-ve-8.2.toml', { address: '192.168.122.9' }, /set the variable gateway/],
    ['proxmox-ve-8.2.toml', { root_filesystem: 'btrfs' }, /btrfs with partitioning=btrfs/],
    ['esxi-8.0.cfg', { root_password_hash: '' }, /set the variable root_password_hash/],
    ['windows.xml', { disk: 'sda' }, /Windows numbers its disks/],
    ['windows.xml', { timezone: 'Mars/Olympus' }, /no name of Windows for the time zone Mars\/Olympus/],
  ] as const) {
    test(`${name} with ${Object.entries(variables).join(' ')}`, () => {
      const sample = sampleNamed(name);
      expect(() => renderSample({ ...sample, variables: { ...sample.variables, ...variables } })).toThrow(
        because,
      );
    });
  }
});
