import { lintCases, type Case } from './suite/lint-cases.ts';

const OTHERS: readonly Case[] = [
  [
    'butane',
    'variant: fcos\nversion: 1.5.0\nstorage:\n  files:\n    - path: /etc/y\n      mode: 0o644\n    - path: /etc/x\n      mode: 0644\n      contents: {inline: hello}\n',
    [],
  ],
  ['butane', 'variant: fcos\nversion: 1.5\n', ['error 2:10 version has three numbers, such as 1.5.0']],
  [
    'butane',
    'variant: fkos\nversion: 1.5.0\n',
    ['error 1:10 "fkos" is no variant: fcos, flatcar, openshift, r4e, fiot are'],
  ],
  [
    'butane',
    'variant: fcos\nversion: 1.5.0\nstorage: {file: []}\n',
    ['error 3:11 storage has no key "file" (there is "files")'],
  ],
  ['proxmox', PROXMOX_ANSWER(), []],
  [
    'proxmox',
    PROXMOX_ANSWER().replace('root-password-hashed = "$6$a$b"\n', ''),
    ['error 1:1 global needs a key "root-password-hashed" or "root-password"'],
  ],
  [
    'proxmox',
    PROXMOX_ANSWER().replace('root-password-hashed = "$6$a$b"', 'root_password = "secret"'),
    [
      'warning 7:1 "root_password" is the old name: "root-password" is the one since 8.4',
      'warning 7:1 global.root-password is the password as it is: root-password-hashed takes its hash (muster password hash)',
    ],
  ],
  [
    'proxmox',
    PROXMOX_ANSWER().replace('"from-dhcp"', '"from-answer"'),
    ['cidr', 'dns', 'gateway', 'filter'].map(
      (key) => `error 8:1 network needs a key "${key}" where its source is from-answer`,
    ),
  ],
  [
    'proxmox',
    PROXMOX_ANSWER().replace('"ext4"', '"ext3"'),
    ['error 11:1 disk-setup.filesystem is "ext3" (there is "ext4"): one of ext4, xfs, zfs, btrfs is wanted'],
  ],
  [
    'proxmox',
    PROXMOX_ANSWER().replace('keyboard = "de"', 'keyboard = de'),
    [/^error 2:12 this is no TOML: /.source],
  ],
  [
    'proxmox',
    PROXMOX_ANSWER().replace('disk-list = ["sda"]', ''),
    ['error 10:1 disk-setup needs a key "disk-list" or "filter": the installer has to be told the disk'],
  ],
];

function PROXMOX_ANSWER(): string {
  return [
    '[global]',
    'keyboard = "de"',
    'country = "at"',
    'fqdn = "pve.example.org"',
    'mailto = "root@example.org"',
    'timezone = "Etc/UTC"',
    'root-password-hashed = "$6$a$b"',
    '[network]',
    'source = "from-dhcp"',
    '[disk-setup]',
    'filesystem = "ext4"',
    'disk-list = ["sda"]',
    '',
  ].join('\n');
}

lintCases(OTHERS);
