import { describe, expect, test } from 'vitest';
import { sampleImage } from './suite/answer-samples.ts';
import { nobodyLogsIn, variablesNotTold } from './variables-not-told.ts';

const named = (...args: Parameters<typeof variablesNotTold>): readonly string[] =>
  variablesNotTold(...args).map(({ variable }) => variable);

describe('variables that an installer hears nothing of', () => {
  const rocky = sampleImage('Rocky Linux 9.4', '9.4', 'kickstart');
  const coreos = sampleImage('Fedora CoreOS 42', '42', 'ignition');
  const mirror = { mirror: 'http://192.168.122.1/mirror' };
  for (const [what, image, given, expected] of [
    ['none is set', rocky, {}, []],
    ['what is set is told', rocky, { disk: 'sda', ntp_servers: '192.168.122.1' }, []],
    ['one is set', rocky, { ...mirror, disk: 'sda' }, ['mirror']],
    ['an empty one is no wish', rocky, { mirror: '' }, []],
    ['the default is no wish', rocky, { mirror_unsigned: 'no' }, []],
    ['one is of somebody else', rocky, { rack: '12' }, []],
    [
      'several, by name',
      sampleImage('Proxmox VE 9.0', '9.0', 'proxmox'),
      { user: 'anna', post_script: '#!/bin/sh', packages: 'vim' },
      ['packages', 'post_script', 'user'],
    ],
    [
      'EL 6 has no time servers',
      sampleImage('CentOS 6.3', '6.3', 'kickstart'),
      { ntp_servers: '192.168.122.1', proxy: 'http://192.168.122.1:3128' },
      ['ntp_servers'],
    ],
    [
      'EL 5 has no proxy either',
      sampleImage('CentOS 5.11', '5.11', 'kickstart'),
      { ntp_servers: '192.168.122.1', proxy: 'http://192.168.122.1:3128' },
      ['ntp_servers', 'proxy'],
    ],
    ['CoreOS takes its image from no mirror', coreos, mirror, ['mirror']],
    ['Flatcar does', { ...coreos, family: 'flatcar' as const }, mirror, []],
    [
      "the file system of Ubuntu's layouts is what it is told",
      sampleImage('Ubuntu 24.04', '24.04', 'autoinstall'),
      { root_filesystem: 'ext4' },
      [],
    ],
    ['an image without an answer file', { ...rocky, answerKind: 'none' as const }, mirror, []],
  ] as const) {
    test(what, () => expect(named(image, given)).toEqual(expected));
  }

  test('each has its reason', () =>
    expect(variablesNotTold(rocky, mirror)).toEqual([
      { variable: 'mirror', because: 'packages come from the tree, others from `repositories`' },
    ]));
});

describe('a system into which nobody can log in', () => {
  const rocky = sampleImage('Rocky Linux 9.4', '9.4', 'kickstart');
  const proxmox = sampleImage('Proxmox VE 9.0', '9.0', 'proxmox');
  const windows = sampleImage('Windows Server 2022', '', 'unattend');
  const anna = { user: 'anna', user_ssh_keys: 'ssh-ed25519 AAAA anna' };
  for (const [what, image, given, expected] of [
    ['nothing is set', rocky, {}, true],
    ['a user of whom nothing else is known', rocky, { user: 'anna' }, true],
    ['a key of a user that is not made', rocky, { user_ssh_keys: 'ssh-ed25519 AAAA anna' }, true],
    ['an empty hash opens nothing', rocky, { root_password_hash: '' }, true],
    ["root's password", rocky, { root_password_hash: '$6$a$b' }, false],
    ["root's key", rocky, { root_ssh_keys: 'ssh-ed25519 AAAA anna' }, false],
    ["a user's key", rocky, anna, false],
    ["a user's password", rocky, { user: 'anna', user_password_hash: '$6$a$b' }, false],
    ['an installer that makes no users', proxmox, anna, true],
    ['the console of Windows is open', windows, {}, false],
    ['an image without an answer file', { ...rocky, answerKind: 'none' as const }, {}, false],
  ] as const) {
    test(what, () => expect(nobodyLogsIn(image, given)).toBe(expected));
  }
});
