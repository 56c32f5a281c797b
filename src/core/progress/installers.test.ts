import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeMessage } from '../../protocols/syslog/message.ts';
import { decideProgress, type KnownProgress } from './decide-progress.ts';
import { wordsOfFamily } from './installers.ts';
import { ProgressReader } from './progress-reader.ts';

/** What is told of a log, line by line, in the forms of `muster install show`. */
function stepsOf(family: string, file: string): readonly string[] {
  const text = readFileSync(new URL(`golden/${file}`, import.meta.url), 'utf8');
  const reader = new ProgressReader(wordsOfFamily(family));
  let known: KnownProgress = {};
  const told: string[] = [];
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const hint = reader.read(decodeMessage(Buffer.from(line)));
    if (!hint) continue;
    const news = decideProgress(known, hint);
    if (!news.tell) continue;
    known = { step: hint.step, percent: news.percent };
    told.push([`${news.percent} %`, hint.step, hint.doing].filter((word) => word !== undefined).join(' '));
  }
  return told;
}

for (const [installer, family, file, steps] of [
  [
    'the debian-installer of Debian 12',
    'debian',
    'debian-12.log',
    [
      '6 % installer choose-mirror',
      '12 % disk',
      '18 % base system',
      '24 % base system',
      '31 % base system',
      '35 % packages',
      '46 % packages libwrap0:amd64',
      '58 % packages openssh-sftp-server',
      '70 % packages runit-helper',
      '82 % packages openssh-server',
      '82 % boot loader',
      '86 % configuration',
      '95 % finishing 94save-logs',
    ],
  ],
  [
    'anaconda of EL 6',
    'rhel',
    'el-6.log',
    [
      '4 % answer file',
      '6 % installer',
      '12 % disk',
      '18 % base system',
      '35 % packages',
      '82 % boot loader',
      '95 % finishing',
    ],
  ],
  [
    'anaconda of EL 7',
    'rhel',
    'el-7.log',
    [
      '4 % answer file',
      '12 % disk parted',
      '35 % packages',
      '58 % packages openssl-1.0.2k-19.el7.x86_64',
      '82 % packages kernel-3.10.0-1160.el7.x86_64',
      '82 % boot loader grub2-install',
      '86 % configuration',
      '95 % finishing',
    ],
  ],
  [
    'anaconda of EL 9',
    'rhel',
    'el-9.log',
    [
      '4 % answer file',
      '12 % disk',
      '18 % base system',
      '35 % packages',
      '82 % boot loader',
      '86 % configuration Post-installation setup tasks',
      '93 % configuration',
    ],
  ],
  [
    'anaconda of EL 10',
    'rhel',
    'el-10.log',
    [
      '12 % disk',
      '35 % packages',
      '46 % packages libgcc-14.2.1-7.el10.x86_64',
      '58 % packages bash-5.2.26-6.el10.x86_64',
      '70 % packages systemd-257-9.el10.x86_64',
      '82 % packages kernel-6.12.0-55.el10.x86_64',
      '82 % boot loader',
      '86 % configuration Installed system configuration',
    ],
  ],
  [
    'Proxmox',
    'proxmox',
    'proxmox-8.log',
    [
      '12 % disk create partitions',
      '18 % base system extracting base system',
      '35 % packages pve-manager_8.2.2_amd64.deb',
      '82 % boot loader',
      '95 % finishing',
    ],
  ],
  [
    'coreos-installer',
    'coreos',
    'coreos.log',
    [
      '6 % installer Fedora CoreOS stable x86_64 metal',
      '21 % base system',
      '35 % base system',
      '86 % configuration',
      '95 % finishing',
    ],
  ],
  [
    'setup-alpine',
    'alpine',
    'alpine.log',
    [
      '12 % disk',
      '18 % base system /dev/vda3',
      '36 % packages alpine-baselayout-data',
      '58 % packages busybox',
      '82 % packages alpine-base',
      '82 % boot loader',
      '95 % finishing',
    ],
  ],
  [
    'Agama',
    'agama',
    'agama.log',
    [
      '6 % installer',
      '12 % disk',
      '35 % packages',
      '58 % packages bash',
      '86 % configuration',
      '95 % finishing',
    ],
  ],
  [
    'YaST',
    'suse',
    'autoyast.log',
    [
      '4 % answer file',
      '12 % disk',
      '18 % base system',
      '35 % packages',
      '86 % configuration',
      '95 % finishing',
    ],
  ],
] as const) {
  test(`the steps that the log of ${installer} shows`, () => {
    expect(stepsOf(family, file)).toEqual(steps);
  });
}

test('a log of a family without words shows no steps', () => {
  expect(
    new ProgressReader(wordsOfFamily('windows')).read({ text: 'Installing bash (1/2)' }),
  ).toBeUndefined();
});
