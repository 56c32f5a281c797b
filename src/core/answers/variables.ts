/**
 * The variables that the answer files coming with Muster understand. A machine's value wins over its profile's,
 * which wins over the default. Templates of one's own may use others besides; those are plain text.
 */

/**
 * How a value is read, and what a template gets:
 * - `text` one line, as it stands; `word` the same without spaces;
 * - `hash` a crypt(3) hash of a password; `login` a user's name; `disk` the device's name below /dev;
 * - `url` an http, https or ftp URL; `domain` a DNS domain;
 * - `switch` yes or no, as a boolean; `choice` one of the row's `choices`;
 * - `words` a list, split at spaces and commas; `pairs` the same, each `name=value`; `lines` a list, one for each
 *   line that is not empty.
 */
export type VariableKind =
  | 'text'
  | 'word'
  | 'hash'
  | 'login'
  | 'disk'
  | 'url'
  | 'domain'
  | 'switch'
  | 'choice'
  | 'words'
  | 'pairs'
  | 'lines';

export interface AnswerVariable {
  readonly name: string;
  readonly kind: VariableKind;
  /** As a user would write it; empty for "not set". */
  readonly initial: string;
  readonly choices?: readonly string[];
  /** Never shown again once it is stored. */
  readonly secret?: true;
  /** The installers that use it. */
  readonly usedBy: 'both' | 'kickstart' | 'preseed';
  readonly sentence: string;
}

export const ANSWER_VARIABLES: readonly AnswerVariable[] = [
  {
    name: 'disk',
    kind: 'disk',
    initial: '',
    usedBy: 'both',
    sentence:
      'The one disk that is erased and installed on, such as `sda`, `/dev/nvme0n1` or `disk/by-id/…`; not set: the first built-in disk by name. No other disk is touched',
  },
  {
    name: 'partitioning',
    kind: 'choice',
    initial: 'plain',
    choices: ['plain', 'lvm'],
    usedBy: 'both',
    sentence:
      'How the disk is divided: plain partitions or LVM. The installers of EL 5 and 6 always take LVM',
  },
  {
    name: 'root_password_hash',
    kind: 'hash',
    initial: '',
    secret: true,
    usedBy: 'both',
    sentence:
      "The hash of root's password, as `openssl passwd -6` prints it; not set: root's password is locked, and root gets in only with an SSH key",
  },
  {
    name: 'root_ssh_keys',
    kind: 'lines',
    initial: '',
    usedBy: 'both',
    sentence: 'Public SSH keys that may log in as root, one a line',
  },
  {
    name: 'user',
    kind: 'login',
    initial: '',
    usedBy: 'both',
    sentence: 'Login name of a first user, in the group that may use sudo; not set: none is made',
  },
  {
    name: 'user_password_hash',
    kind: 'hash',
    initial: '',
    secret: true,
    usedBy: 'both',
    sentence: "The hash of the first user's password; not set: the password is locked",
  },
  {
    name: 'user_ssh_keys',
    kind: 'lines',
    initial: '',
    usedBy: 'both',
    sentence: 'Public SSH keys that may log in as the first user, one a line',
  },
  {
    name: 'timezone',
    kind: 'word',
    initial: 'Etc/UTC',
    usedBy: 'both',
    sentence: 'Time zone by its name in the tz database; the hardware clock holds UTC',
  },
  {
    name: 'locale',
    kind: 'word',
    initial: 'en_US.UTF-8',
    usedBy: 'both',
    sentence: 'Language and country of the installed system',
  },
  {
    name: 'keyboard',
    kind: 'word',
    initial: 'us',
    usedBy: 'both',
    sentence: 'Keyboard layout',
  },
  {
    name: 'domain',
    kind: 'domain',
    initial: '',
    usedBy: 'both',
    sentence: "DNS domain of the machine; its host name is the machine's name. Not set: what DHCP says",
  },
  {
    name: 'ntp_servers',
    kind: 'words',
    initial: '',
    usedBy: 'both',
    sentence:
      "Time servers; not set: the distribution's own. EL 5 and 6 do not take them from kickstart, Debian takes the first",
  },
  {
    name: 'packages',
    kind: 'words',
    initial: '',
    usedBy: 'both',
    sentence: 'Packages to install besides the smallest system; kickstart takes groups (`@name`) too',
  },
  {
    name: 'tasks',
    kind: 'words',
    initial: 'standard ssh-server',
    usedBy: 'preseed',
    sentence: 'Tasks of tasksel; empty: none',
  },
  {
    name: 'mirror',
    kind: 'url',
    initial: '',
    usedBy: 'preseed',
    sentence:
      "URL of the package mirror, such as `http://mirror.example/debian`; not set: the one Muster serves for the image, else the distribution's own",
  },
  {
    name: 'mirror_unsigned',
    kind: 'switch',
    initial: 'no',
    usedBy: 'preseed',
    sentence: 'Whether packages are installed though the mirror is not signed by a key the installer knows',
  },
  {
    name: 'proxy',
    kind: 'url',
    initial: '',
    usedBy: 'both',
    sentence: 'HTTP proxy for packages; not for EL 5',
  },
  {
    name: 'repositories',
    kind: 'pairs',
    initial: '',
    usedBy: 'kickstart',
    sentence: 'Further package repositories, each as `name=URL`',
  },
  {
    name: 'boot_arguments',
    kind: 'text',
    initial: '',
    usedBy: 'both',
    sentence: "Arguments of the installed system's kernel, such as `console=ttyS0`",
  },
  {
    name: 'post_commands',
    kind: 'lines',
    initial: '',
    usedBy: 'both',
    sentence:
      'Shell commands run in the installed system at the end, each complete on its line; when one fails, the rest is left out and the install is reported as failed',
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
  'loop',
  'self',
] as const;
