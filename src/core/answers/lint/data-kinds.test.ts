import { describe, expect, test } from 'vitest';
import { lintAnswer } from './lint-answer.ts';
import { findingsOf, type Found } from './suite/findings-of.ts';

type Case = readonly [kind: string, text: string, expected: readonly Found[]];

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

const JSON_KINDS: readonly Case[] = [
  ['agama', '{"product": {"id": "SLES"}, "root": {"sshPublicKey": ["a"], "hashedPassword": true}}', []],
  [
    'agama',
    '{"product": {"id": "SLES"},}',
    ['error 1:28 this is no JSON: a text in double quotes was expected here'],
  ],
  ['agama', '{\n  "produkt": {}\n}', ['error 2:3 the file has no key "produkt" (there is "product")']],
  ['agama', '{"product": {}}', ['error 1:13 product needs a key "id"']],
  [
    'agama',
    '{"user": {"fullName": "a", "userName": "b", "password": 1}}',
    ['error 1:57 user.password is a number, and a text is wanted'],
  ],
  [
    'agama',
    '{"network": {"connections": [{"id": "x", "method4": "static"}]}}',
    [
      'error 1:53 network.connections[0].method4 is "static": one of auto, manual, link-local, disabled is wanted',
    ],
  ],
  ['agama', '{"a": 1} x', ['error 1:10 this is no JSON: the end was expected here']],
  ['agama', '{"a": 1, "a": 2}', ['error 1:10 this is no JSON: the key "a" stands here a second time']],
  ['agama', '', ['error 1:1 this is no JSON: a value was expected here']],
  [
    'agama',
    '{"a": "\t"}',
    ['error 1:7 this is no JSON: this text holds a control character or a backslash that means nothing'],
  ],
  ['ignition', '{"ignition": {"version": "3.4.0"}}', []],
  ['ignition', '{"ignition": {"version": "2.3.0"}, "networkd": {}}', []],
  ['ignition', '{"ignition": {"version": "9.0.0"}}', [/^error 1:26 "9.0.0" is no version/.source]],
  ['ignition', '{"storage": {}}', ['error 1:1 the file needs a key "ignition"']],
  [
    'ignition',
    '{"ignition": {"version": "3.0.0"},\n"storage": {"files": [{"path": "etc/x", "mode": 420}]}}',
    ['error 2:32 storage.files[0].path is not right: an absolute path is wanted'],
  ],
  [
    'ignition',
    '{"ignition": {"version": "3.0.0"},\n"storage": {"files": [{"path": "/x", "mode": 644, "contents": {"source": "file:///x"}}]}}',
    [
      'warning 2:46 mode 644 is a decimal number: 0644 in octal is 420',
      'error 2:74 contents.source is no URL that Ignition reads: http, https, tftp, s3, gs, arn, data are',
    ],
  ],
  [
    'ignition',
    '{"ignition": {"version": "3.0.0"},\n"storage": {"files": [{"path": "/x"}],\n"links": [{"path": "/x", "target": "/y"}]}}',
    ['error 3:20 /x stands in line 2 already: Ignition stops at it'],
  ],
  [
    'ignition',
    '{"ignition": {"version": "3.0.0"}, "systemd": {"units": [{"name": "web"}]}}',
    ['error 1:67 systemd.units[0].name is not right: the name of a unit, with its ending is wanted'],
  ],
];

const OTHERS: readonly Case[] = [
  [
    'butane',
    'variant: fcos\nversion: 1.5.0\nstorage:\n  files:\n    - path: /etc/x\n      mode: 0644\n      contents: {inline: hello}\n',
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

const XML_KINDS: readonly Case[] = [
  [
    'autoyast',
    AUTOYAST('<general><mode><confirm config:type="boolean">false</confirm></mode></general>'),
    [],
  ],
  [
    'autoyast',
    AUTOYAST('<general><mode></general>'),
    ['error 3:16 this is no well-formed XML: </general> closes <mode> of line 3'],
  ],
  [
    'autoyast',
    AUTOYAST('<softwar/>'),
    ['warning 3:1 AutoYaST may not know a section <softwar> (there is "software")'],
  ],
  [
    'autoyast',
    AUTOYAST('<general t="bool">true</general>'),
    ['error 3:1 <general> is of type "bool", which is none'],
  ],
  [
    'autoyast',
    AUTOYAST('<general t="boolean">yes</general>'),
    ['error 3:1 <general> is of type boolean, and holds something else'],
  ],
  ['autoyast', '<autoinstall/>', ['error 1:1 the root is <autoinstall>, and <profile> is wanted']],
  ['autoyast', '<profile/>', ['error 1:1 <profile> needs xmlns="http://www.suse.com/1.0/yast2ns"']],
  [
    'autoyast',
    '<profile>\n  <a b=c/></profile>',
    ['error 2:8 this is no well-formed XML: the value of b has to stand in quotes, without "<"'],
  ],
  [
    'autoyast',
    '<profile>a & b</profile>',
    [
      'error 1:12 this is no well-formed XML: "&" begins an entity that is not known here: write "&amp;" for the sign itself',
    ],
  ],
  ['autoyast', '<profile><a>', ['error 1:13 this is no well-formed XML: <a> of line 1 is not closed']],
  [
    'autoyast',
    '<a/><b/>',
    ['error 1:5 this is no well-formed XML: there is more than one root: the end was expected here'],
  ],
  [
    'autoyast',
    '<!-- a -- b --><a/>',
    ['error 1:1 this is no well-formed XML: "--" cannot stand in a comment'],
  ],
  [
    'autoyast',
    '<a b="1" b="2"/>',
    ['error 1:10 this is no well-formed XML: the attribute b stands here a second time'],
  ],
  ['autoyast', '', ['error 1:1 this is no well-formed XML: an element was expected here']],
  ['autoyast', '<profile><%= a %></profile>', []],
  ['unattend', UNATTEND(), []],
  [
    'unattend',
    UNATTEND().replace('windowsPE', 'windowPE'),
    [
      'error 2:1 pass="windowPE" is none (there is "windowsPE"): windowsPE, offlineServicing, generalize, specialize, auditSystem, auditUser, oobeSystem are',
    ],
  ],
  ['unattend', UNATTEND().replace(' language="neutral"', ''), ['error 3:1 <component> needs language="…"']],
  [
    'unattend',
    UNATTEND().replace('"amd64"', '"x64"'),
    ['error 3:1 processorArchitecture="x64" is none: x86, amd64, arm, arm64, wow64 are'],
  ],
  [
    'unattend',
    UNATTEND().replace(':unattend', ':unatend'),
    ['error 1:1 <unattend> needs xmlns="urn:schemas-microsoft-com:unattend"'],
  ],
];

function AUTOYAST(inside: string): string {
  return `<?xml version="1.0"?><!DOCTYPE profile>\n<profile xmlns="http://www.suse.com/1.0/yast2ns" xmlns:config="http://www.suse.com/1.0/configns">\n${inside}\n</profile>\n`;
}

function UNATTEND(): string {
  return `<unattend xmlns="urn:schemas-microsoft-com:unattend">\n<settings pass="windowsPE">\n<component name="Microsoft-Windows-Setup" processorArchitecture="amd64" publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS"><a>x</a></component>\n</settings>\n</unattend>`;
}

const ESXI_ANSWER =
  'vmaccepteula\nrootpw --iscrypted $6$a$b\ninstall --firstdisk --overwritevmfs\nnetwork --bootproto=dhcp\nreboot\n';

const LINES: readonly Case[] = [
  ['esxi', `${ESXI_ANSWER}%firstboot --interpreter=busybox\nnonsense "\n`, []],
  [
    'esxi',
    ESXI_ANSWER.replace('vmaccepteula', 'accepteulla'),
    [
      'error 1 there is no "vmaccepteula": ESXi is not installed without it',
      'error 1:1 ESXi knows no command "accepteulla" (there is "accepteula")',
    ],
  ],
  [
    'esxi',
    ESXI_ANSWER.replace('--firstdisk', '--fistdisk'),
    ['error 3:9 "install" has no option --fistdisk (there is "--firstdisk")'],
  ],
  [
    'esxi',
    '',
    [
      'error 1 there is no "vmaccepteula": ESXi is not installed without it',
      'error 1 there is no "install": ESXi does not know what to do',
      'warning 1 there is no "network": ESXi asks by DHCP',
      'warning 1 there is no "reboot": ESXi waits for a key at the end',
    ],
  ],
  [
    'esxi',
    `${ESXI_ANSWER}%frstboot\n`,
    ['error 6:1 ESXi knows no section %frstboot (there is "%firstboot")'],
  ],
  ['alpine', ALPINE_ANSWER(), []],
  [
    'alpine',
    `${ALPINE_ANSWER()}HOSTNAMEOPT=x\n`,
    ['warning 12:1 setup-alpine may not know HOSTNAMEOPT (there is "HOSTNAMEOPTS")'],
  ],
  ['alpine', `${ALPINE_ANSWER()}USEROPTS="a\n`, ['error 12:10 the quote " is not closed']],
  [
    'alpine',
    `${ALPINE_ANSWER()}reboot\n`,
    ['error 12:1 an assignment is wanted, such as HOSTNAMEOPTS="web01"'],
  ],
  [
    'alpine',
    ALPINE_ANSWER().replace(/^SSHDOPTS.*\n/m, ''),
    ['warning 1 setup-alpine asks a person for what SSHDOPTS would say'],
  ],
  ['script', '#!/bin/sh\necho\n', []],
  ['script', 'echo\n', ['error 1:1 the first line has to name the program that reads it, such as #!/bin/sh']],
  [
    'script',
    '#!/bin/sh\r\necho\r\n',
    ['error 1 it has line ends of DOS, and the program of its first line is looked for with one'],
  ],
  ['tape', 'anything', []],
];

function ALPINE_ANSWER(): string {
  return 'KEYMAPOPTS="us us"\nHOSTNAMEOPTS="-n web01"\nINTERFACESOPTS="auto lo\niface lo inet loopback\n"\nTIMEZONEOPTS="-z UTC" # a comment\nAPKREPOSOPTS="-1"\nSSHDOPTS="-c openssh"\nNTPOPTS=none\nDISKOPTS="-m sys /dev/sda"\n\n';
}

for (const [name, cases] of Object.entries({ AUTOINSTALL, JSON_KINDS, OTHERS, XML_KINDS, LINES })) {
  describe(name.toLowerCase().replace('_', ' '), () => {
    for (const [kind, text, expected] of cases) {
      test(`${kind}: ${JSON.stringify(text).slice(0, 120)}`, () => {
        const found = findingsOf(lintAnswer({ kind, text }));
        expect(found).toEqual(
          expected.map((one) => (one.startsWith('^') ? expect.stringMatching(new RegExp(one)) : one)),
        );
      });
    }
  });
}
