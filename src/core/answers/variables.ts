/**
 * The variables that the answer files coming with Muster understand. A machine's value wins over its profile's,
 * which wins over the default. Templates of one's own may use others besides; those are plain text.
 */

/**
 * How a value is read, and what a template gets:
 * - `text` one line, as it stands; `word` the same without spaces; `number` a whole number from `least` to `most`;
 * - `hash` a crypt(3) hash of a password; `login` a user's name; `disk` the device's name below /dev;
 * - `url` an http, https or ftp URL; `domain` a DNS domain;
 * - `switch` yes or no, as a boolean; `choice` one of the row's `choices`;
 * - `ipv4` an IPv4 address; `addresses` a list of IP addresses; `interface` a network card by its MAC address or name;
 * - `words` a list, split at spaces and commas; `pairs` the same, each `name=value`; `lines` a list, one for each
 *   line that is not empty; `script` a list of all lines, as they stand.
 */
export type VariableKind =
  | 'text'
  | 'word'
  | 'number'
  | 'hash'
  | 'login'
  | 'disk'
  | 'url'
  | 'domain'
  | 'ipv4'
  | 'addresses'
  | 'interface'
  | 'switch'
  | 'choice'
  | 'words'
  | 'pairs'
  | 'lines'
  | 'script';

export interface AnswerVariable {
  readonly name: string;
  readonly kind: VariableKind;
  /** As a user would write it; empty for "not set". */
  readonly initial: string;
  readonly choices?: readonly string[];
  readonly least?: number;
  readonly most?: number;
  /** Not shown in tables and never told in an error. */
  readonly secret?: true;
  readonly sentence: string;
}

export const ANSWER_VARIABLES: readonly AnswerVariable[] = [
  {
    name: 'disk',
    kind: 'disk',
    initial: '',
    sentence:
      'The one disk that is erased and installed on, such as `sda`, `/dev/nvme0n1` or `disk/by-id/NAME`; not set: the first built-in disk by name, never one of a network nor an SD card. No other disk is touched',
  },
  {
    name: 'partitioning',
    kind: 'choice',
    initial: 'plain',
    choices: ['plain', 'lvm', 'btrfs'],
    sentence:
      'How the disk is divided: plain partitions, LVM, or btrfs with its root in it. What a release cannot do is refused with the reason',
  },
  {
    name: 'root_filesystem',
    kind: 'choice',
    initial: '',
    choices: ['ext4', 'xfs', 'btrfs'],
    sentence: "File system of `/`; not set: the installer's own choice",
  },
  {
    name: 'swap_megabytes',
    kind: 'number',
    initial: '',
    least: 0,
    most: 1_048_576,
    sentence: "Size of the swap space in MiB; 0: none; not set: the installer's own choice",
  },
  {
    name: 'root_password_hash',
    kind: 'hash',
    initial: '',
    secret: true,
    sentence:
      "The hash of root's password, as `openssl passwd -6` prints it; not set: root's password is locked, and root gets in only with an SSH key",
  },
  {
    name: 'root_ssh_keys',
    kind: 'lines',
    initial: '',
    sentence: 'Public SSH keys that may log in as root, one a line',
  },
  {
    name: 'user',
    kind: 'login',
    initial: '',
    sentence: 'Login name of a first user, in the group that may use sudo; not set: none is made',
  },
  {
    name: 'user_password_hash',
    kind: 'hash',
    initial: '',
    secret: true,
    sentence: "The hash of the first user's password; not set: the password is locked",
  },
  {
    name: 'user_ssh_keys',
    kind: 'lines',
    initial: '',
    sentence: 'Public SSH keys that may log in as the first user, one a line',
  },
  {
    name: 'timezone',
    kind: 'word',
    initial: 'Etc/UTC',
    sentence: 'Time zone by its name in the tz database; the hardware clock holds UTC',
  },
  {
    name: 'locale',
    kind: 'word',
    initial: 'en_US.UTF-8',
    sentence: 'Language and country of the installed system',
  },
  {
    name: 'keyboard',
    kind: 'word',
    initial: 'us',
    sentence: 'Keyboard layout',
  },
  {
    name: 'domain',
    kind: 'domain',
    initial: '',
    sentence: "DNS domain of the machine; its host name is the machine's name. Not set: what DHCP says",
  },
  {
    name: 'address',
    kind: 'ipv4',
    initial: '',
    sentence:
      'Fixed IPv4 address of the installed system; not set: it asks by DHCP. The installer itself always keeps the address of its lease, since only that gets its files',
  },
  {
    name: 'prefix',
    kind: 'number',
    initial: '24',
    least: 1,
    most: 32,
    sentence: 'Length of the network part of `address`: 24 for 255.255.255.0',
  },
  {
    name: 'gateway',
    kind: 'ipv4',
    initial: '',
    sentence: 'Default router, beside `address`',
  },
  {
    name: 'dns_servers',
    kind: 'addresses',
    initial: '',
    sentence: 'DNS servers, beside `address`, best first',
  },
  {
    name: 'interface',
    kind: 'interface',
    initial: '',
    sentence:
      "The network card of the installed system, by its MAC address or its name (`eth0`); not set: the machine's first MAC address",
  },
  {
    name: 'ntp_servers',
    kind: 'words',
    initial: '',
    sentence:
      "Time servers; not set: the distribution's own. EL 5 and 6 do not take them from kickstart, Debian takes the first",
  },
  {
    name: 'packages',
    kind: 'words',
    initial: '',
    sentence: 'Packages to install besides the smallest system; kickstart takes groups (`@name`) too',
  },
  {
    name: 'tasks',
    kind: 'words',
    initial: 'standard ssh-server',
    sentence: 'Tasks of tasksel; empty: none',
  },
  {
    name: 'mirror',
    kind: 'url',
    initial: '',
    sentence:
      "URL of the package mirror, such as `http://mirror.example/debian`; not set: the one Muster serves for the image, else the distribution's own",
  },
  {
    name: 'mirror_unsigned',
    kind: 'switch',
    initial: 'no',
    sentence: 'Whether packages are installed though the mirror is not signed by a key the installer knows',
  },
  {
    name: 'proxy',
    kind: 'url',
    initial: '',
    sentence: 'HTTP proxy for packages; not for EL 5',
  },
  {
    name: 'repositories',
    kind: 'pairs',
    initial: '',
    sentence: 'Further package repositories, each as `name=URL`',
  },
  {
    name: 'boot_arguments',
    kind: 'text',
    initial: '',
    sentence: "Arguments of the installed system's kernel, such as `console=ttyS0`",
  },
  {
    name: 'post_commands',
    kind: 'lines',
    initial: '',
    sentence:
      'Shell commands run in the installed system at the end, each complete on its line; when one fails, the rest is left out and the install is reported as failed',
  },
  {
    name: 'post_script',
    kind: 'script',
    initial: '',
    sentence:
      'A script run in the installed system after `post_commands`, by the program of its first line (`#!/bin/sh`) or by sh; when it fails, the install is reported as failed',
  },
];

/** Names the templates use for something else. */
export const RESERVED_NAMES = [
  'machine',
  'image',
  'profile',
  'urls',
  'level',
  'codename',
  'package_mirror',
  'mirrors',
  'network',
  'loop',
  'self',
] as const;
