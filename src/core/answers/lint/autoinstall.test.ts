import { lintCases, type Case } from './suite/lint-cases.ts';

const USER_DATA = `#cloud-config
autoinstall:
  version: 1
  identity: {username: anna, hostname: web01, password: "$6$salt$hash"}
`;

const AUTOINSTALL: readonly Case[] = [
  ['autoinstall', USER_DATA, []],
  [
    'autoinstall',
    `${USER_DATA}  storage: {layout: {name: lvm}}\n  late-commands: [a, [b, c]]\n  shutdown: reboot\n`,
    [],
  ],
  ['autoinstall', 'version: 1\nuser-data: {}\n', []],
  [
    'autoinstall',
    USER_DATA.replace('#cloud-config\n', ''),
    ['error 1:1 the first line has to be "#cloud-config": cloud-init passes the file over otherwise'],
  ],
  [
    'autoinstall',
    '#cloud-config\npackages: [vim]\n',
    ['error 1 there is no key "autoinstall": the installer would ask for everything'],
  ],
  [
    'autoinstall',
    USER_DATA.replace('version: 1', 'version: "1"'),
    ['error 3:12 autoinstall.version is a text, and a number is wanted'],
  ],
  [
    'autoinstall',
    `${USER_DATA}  late-comands: []\n`,
    ['error 5:3 autoinstall has no key "late-comands" (there is "late-commands")'],
  ],
  [
    'autoinstall',
    `${USER_DATA}  shutdown: restart\n`,
    ['error 5:13 autoinstall.shutdown is "restart": one of reboot, poweroff is wanted'],
  ],
  [
    'autoinstall',
    `${USER_DATA}  ssh: {install-server: maybe}\n`,
    ['error 5:25 autoinstall.ssh.install-server is a text, and true or false is wanted'],
  ],
  ['autoinstall', `${USER_DATA}  ssh: {install-server: yes}\n`, []],
  [
    'autoinstall',
    `${USER_DATA}  packages: vim\n`,
    ['error 5:13 autoinstall.packages is a text, and a list is wanted'],
  ],
  [
    'autoinstall',
    `${USER_DATA}  apt: {fallback: offline-instal}\n`,
    [
      'error 5:19 autoinstall.apt.fallback is "offline-instal" (there is "offline-install"): one of abort, continue-anyway, offline-install is wanted',
    ],
  ],
  [
    'autoinstall',
    USER_DATA.replace('"$6$salt$hash"', 'secret'),
    ['error 4:57 identity.password holds no hash: muster password hash makes one'],
  ],
  [
    'autoinstall',
    USER_DATA.replace(', hostname: web01', ''),
    ['error 4:13 autoinstall.identity needs a key "hostname"'],
  ],
  [
    'autoinstall',
    '#cloud-config\nautoinstall: {version: 1}\n',
    ['error 2:14 either "identity" or "user-data" has to be there: the installer stops without a user'],
  ],
  [
    'autoinstall',
    `${USER_DATA}  interactive-sections: [network]\n`,
    ['warning 5:25 the installer asks a person for these sections'],
  ],
  [
    'autoinstall',
    `${USER_DATA}  locale: [\n`,
    [
      'error 6:1 this is no YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
  ],
  [
    'autoinstall',
    `${USER_DATA}  locale: a\n  locale: b\n`,
    ['error 6:3 this is no YAML: Map keys must be unique'],
  ],
  ['cloud-init', '#cloud-config\nruncmd: [ls, [a, b]]\nmy_module: {x: 1}\n', []],
  [
    'cloud-init',
    '#cloud-config\nwrite_files: [{content: x}]\n',
    ['error 2:15 write_files[0] needs a key "path"'],
  ],
  [
    'cloud-init',
    '#!/bin/sh\n',
    [
      'error 1:1 the first line has to be "#cloud-config": cloud-init passes the file over otherwise',
      'error 1:1 the file is empty, and a mapping is wanted',
    ],
  ],
];

lintCases(AUTOINSTALL);
