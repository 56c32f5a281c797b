import { describe, expect, test } from 'vitest';
import { MAX_VARIABLE_LENGTH, MAX_VARIABLES, readVariables } from './read-variables.ts';
import { ANSWER_VARIABLES } from './variables.ts';

const CONTROL_CHARACTER = 'holds a line break or another control character';

describe('a value is read as its kind says', () => {
  for (const [name, text, value] of [
    ['disk', 'sda', 'sda'],
    ['disk', '/dev/nvme0n1', 'nvme0n1'],
    ['disk', '/dev/disk/by-id/wwn-0x5000c500', 'disk/by-id/wwn-0x5000c500'],
    ['disk', 'cciss/c0d0', 'cciss/c0d0'],
    ['disk', '', ''],
    ['mirror_unsigned', 'yes', true],
    ['mirror_unsigned', 'Off', false],
    ['packages', ' vim,  tmux\tgit ', ['vim', 'tmux', 'git']],
    ['packages', '', []],
    ['root_ssh_keys', 'ssh-rsa A a@b\r\n\n  ssh-rsa B  \n', ['ssh-rsa A a@b', 'ssh-rsa B']],
    ['mirror', 'http://10.0.0.1:3142/debian/', 'http://10.0.0.1:3142/debian'],
    ['repositories', 'epel=http://x/epel', ['epel=http://x/epel']],
    ['root_password_hash', '$6$rounds=5000$salt$abc./', '$6$rounds=5000$salt$abc./'],
    ['partitioning', 'lvm', 'lvm'],
    ['swap_megabytes', '2048', 2048],
    ['swap_megabytes', '0', 0],
    ['swap_megabytes', '', ''],
    ['prefix', '', 24],
    ['partitioning', '', 'plain'],
    ['timezone', '', 'Etc/UTC'],
    ['dns_servers', '192.168.1.1, fd00::1', ['192.168.1.1', 'fd00::1']],
    ['interface', '52-54-00-AB-CD-EF', '52:54:00:ab:cd:ef'],
    ['interface', 'enp1s0', 'enp1s0'],
    [
      'post_script',
      '#!/bin/sh\r\nif true; then\n\techo a\n\nfi\n\n',
      ['#!/bin/sh', 'if true; then', '\techo a', '', 'fi'],
    ],
    ['post_script', ' \n', []],
    ['my_own', 'anything "at" {{ all }}', 'anything "at" {{ all }}'],
  ] as const) {
    test(`${name}: ${JSON.stringify(text)}`, () => {
      const variables = readVariables({ [name]: text }, {});
      expect(variables.read && variables.values[name]).toEqual(value);
    });
  }
});

describe('a value that does not fit is refused by name, and never shown', () => {
  for (const [name, text, because] of [
    ['root_password_hash', 'secret', 'a crypt hash, as "openssl passwd -6" prints it'],
    ['root_password_hash', '$6$a$b:0:0', 'a crypt hash'],
    ['disk', 'sda sdb', 'the name of one disk'],
    ['disk', '../etc/passwd', 'the name of one disk'],
    ['disk', 'disk/../../x', 'the name of one disk'],
    ['disk', '$(reboot)', 'the name of one disk'],
    ['user', 'root', 'a login name'],
    ['user', 'a:b', 'a login name'],
    ['timezone', 'Europe/Berlin --ntpservers=x', 'one word'],
    ['partitioning', 'zfs', 'one of plain, lvm, btrfs is wanted'],
    ['swap_megabytes', '-1', 'a whole number from 0 to 1048576 is wanted'],
    ['swap_megabytes', '2 GiB', 'a whole number'],
    ['prefix', '33', 'a whole number from 1 to 32'],
    ['address', '192.168.1.256', 'an IPv4 address'],
    ['dns_servers', '192.168.1.1 dns.example', 'IP addresses'],
    ['interface', 'eth0; reboot', 'the MAC address of a network card, or its name'],
    ['interface', 'x'.repeat(16), 'the MAC address of a network card'],
    ['post_script', 'a\u2028b', CONTROL_CHARACTER],
    ['mirror_unsigned', 'maybe', 'yes or no'],
    ['mirror', 'deb.debian.org', 'a URL'],
    ['mirror', 'http://a b/', 'a URL'],
    ['domain', 'example..org', 'a DNS domain'],
    ['repositories', 'http://x/epel', 'name=value'],
    ['timezone', 'UTC\nrootpw x', CONTROL_CHARACTER],
    ['my_own', 'a\n%post', CONTROL_CHARACTER],
    ['my_own', 'a\0b', CONTROL_CHARACTER],
    ['my_own', 'a\u2029b', CONTROL_CHARACTER],
    ['post_commands', 'a\0b', CONTROL_CHARACTER],
    ['post_commands', 'a\u0085b', CONTROL_CHARACTER],
    ['my_own', 'x'.repeat(MAX_VARIABLE_LENGTH + 1), `${MAX_VARIABLE_LENGTH} are the most`],
  ] as const) {
    test(`${name}: ${JSON.stringify(text.slice(0, 40))}`, () => {
      const variables = readVariables({}, { [name]: text });
      expect(variables).toEqual({ read: false, because: expect.stringContaining(because) });
      expect(variables).toEqual({ read: false, because: expect.stringContaining(name) });
      if (text.length > 6) expect(JSON.stringify(variables)).not.toContain(text);
    });
  }

  for (const name of ['machine', 'urls', 'a-b', '1st', '', '__proto__', 'x'.repeat(65)]) {
    test(`"${name}" as a name`, () => {
      expect(readVariables({ [name]: 'x' }, {})).toEqual({
        read: false,
        because: expect.stringContaining("cannot be a variable's name"),
      });
    });
  }

  test('too many', () => {
    const many = Object.fromEntries(
      Array.from({ length: MAX_VARIABLES + 1 }, (_, number) => [`v${number}`, 'x']),
    );
    expect(readVariables(many, {})).toMatchObject({ read: false });
  });
});

test("the machine's value wins over the profile's, which wins over the default, even when it is empty", () => {
  const variables = readVariables(
    { timezone: 'Europe/Berlin', keyboard: 'de', tasks: 'standard' },
    { keyboard: 'fr', tasks: '' },
  );
  expect(variables.read && variables.values).toMatchObject({
    timezone: 'Europe/Berlin',
    keyboard: 'fr',
    tasks: [],
    locale: 'en_US.UTF-8',
  });
});

test('every default is a value of its kind, and every name stands once', () => {
  expect(readVariables({}, {}).read).toBe(true);
  for (const { name, initial } of ANSWER_VARIABLES)
    expect(readVariables({ [name]: initial }, {}).read).toBe(true);
  expect(new Set(ANSWER_VARIABLES.map(({ name }) => name)).size).toBe(ANSWER_VARIABLES.length);
});

test('a name of Object.prototype is a variable like any other', () => {
  const variables = readVariables({ constructor: 'a' }, { toString: 'b' });
  expect(variables.read && Object.entries(variables.values)).toEqual(
    expect.arrayContaining([
      ['constructor', 'a'],
      ['toString', 'b'],
    ]),
  );
});
