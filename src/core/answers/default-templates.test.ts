import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { FULL_VARIABLES, renderDefault, URLS } from './suite/answer-samples.ts';
import { ANSWER_VARIABLES } from './variables.ts';
import { LEFT_OUT } from './variables-left-out.ts';

const SAMPLES = [
  ['centos-5.ks', 'kickstart', 'CentOS 5.11', '5.11', {}],
  ['centos-6.ks', 'kickstart', 'CentOS 6.3', '6.3', {}],
  ['centos-6-full.ks', 'kickstart', 'CentOS 6.3', '6.3', FULL_VARIABLES],
  ['el-7.ks', 'kickstart', 'CentOS 7', '7', {}],
  ['el-7-full.ks', 'kickstart', 'CentOS 7', '7', FULL_VARIABLES],
  ['el-8-full.ks', 'kickstart', 'AlmaLinux 8.10', '8.10', FULL_VARIABLES],
  ['el-9.ks', 'kickstart', 'Rocky Linux 9.4', '9.4', {}],
  ['el-9-full.ks', 'kickstart', 'Rocky Linux 9.4', '9.4', FULL_VARIABLES],
  ['el-10.ks', 'kickstart', 'AlmaLinux 10.0', '10.0', {}],
  ['el-10-full.ks', 'kickstart', 'AlmaLinux 10.0', '10.0', FULL_VARIABLES],
  ['fedora-42.ks', 'kickstart', 'Fedora 42', '42', { disk: 'nvme0n1', root_ssh_keys: 'ssh-ed25519 AAAA me' }],
  [
    'debian-11.cfg',
    'preseed',
    'Debian 11 (bullseye)',
    '11',
    { disk: 'sda', user: 'anna', packages: 'vim', swap_megabytes: '0' },
  ],
  ['debian-13.cfg', 'preseed', 'Debian 13 (trixie)', '13', { partitioning: 'btrfs', disk: 'nvme0n1' }],
  ['debian-12.cfg', 'preseed', 'Debian 12 (bookworm)', '12', {}],
  [
    'debian-12-full.cfg',
    'preseed',
    'Debian 12 (bookworm)',
    '12',
    { ...FULL_VARIABLES, packages: 'vim tmux', repositories: '' },
  ],
  ['ubuntu-20.04.cfg', 'preseed', 'Ubuntu 20.04 (focal)', '20.04', { disk: 'sda' }],
] as const;

describe('the answer file as it was looked through', () => {
  for (const [name, kind, title, release, variables] of SAMPLES) {
    test(name, async () => {
      await expect(renderDefault(kind, title, release, variables)).toMatchFileSnapshot(`golden/${name}`);
    });
  }
});

const KICKSTARTS = SAMPLES.filter(([, kind]) => kind === 'kickstart');
const PRESEEDS = SAMPLES.filter(([, kind]) => kind === 'preseed');

interface Section {
  readonly head: string;
  readonly lines: readonly string[];
}

/** Commands and sections as pykickstart divides a file: a section ends with %end, in EL 5 where the next begins. */
function structureOf(
  text: string,
  hasEnd: boolean,
): { commands: readonly string[]; sections: readonly Section[] } {
  const commands: string[] = [];
  const sections: { head: string; lines: string[] }[] = [];
  let open: { head: string; lines: string[] } | undefined;
  for (const line of text.split('\n')) {
    if (line === '%end') {
      if (!open || !hasEnd) throw new Error('%end without a section');
      open = undefined;
    } else if (/^%(?!include)/.test(line)) {
      if (open && hasEnd) throw new Error(`${line} begins before ${open.head} has ended`);
      open = { head: line, lines: [] };
      sections.push(open);
    } else if (open) open.lines.push(line);
    else if (line !== '' && !line.startsWith('#')) commands.push(line);
  }
  if (open && hasEnd) throw new Error(`${open.head} has no %end`);
  return { commands, sections };
}

/** What every installer must find to go on without asking. */
const NEEDED_COMMANDS = [
  'text',
  'url',
  'lang',
  'keyboard',
  'timezone',
  'network',
  'rootpw',
  'reboot',
  '%include',
];

describe('a kickstart', () => {
  for (const [name, , title, release, variables] of KICKSTARTS) {
    const text = renderDefault('kickstart', title, release, variables);
    const hasEnd = !title.includes(' 5.');
    test(`${name} has whole sections and every command once`, () => {
      const { commands, sections } = structureOf(text, hasEnd);
      const names = commands.map((line) => line.split(' ')[0]);
      for (const needed of NEEDED_COMMANDS)
        expect(names.filter((command) => command === needed)).toEqual([needed]);
      const heads = sections.map(({ head }) => head.split(' ')[0]);
      for (const section of ['%packages', '%pre'])
        expect(heads.filter((head) => head === section)).toEqual([section]);
      expect(heads).toContain(Number(release.split('.')[0]) >= 8 ? '%onerror' : '%traceback');
    });

    test(`${name} reports that it has finished as the last thing it does`, () => {
      const last = structureOf(text, hasEnd).sections.at(-1);
      expect(last?.head).toBe('%post --nochroot');
      expect(last?.lines.join('\n')).toContain("report finished 'step=installed&percent=100'");
      expect(text.match(/report finished/g)).toHaveLength(1);
    });

    test(`${name} holds scripts that a shell can read`, () => {
      for (const { head, lines } of structureOf(text, hasEnd).sections) {
        if (head.startsWith('%packages')) continue;
        expect(shellErrors(lines.join('\n')), head).toBe('');
      }
    });

    test(`${name} names one disk to the installer in every command on disks`, () => {
      const [, disks = ''] = /<< 'KICKSTART'\n([\s\S]*?)KICKSTART\n/.exec(text) ?? [];
      for (const command of ['ignoredisk --only-use=@DISK@', 'clearpart --all --initlabel --drives=@DISK@'])
        expect(disks.split('\n')).toContain(command);
      expect(text.replace(disks, '')).not.toMatch(
        /^(clearpart|ignoredisk|zerombr|autopart|part|bootloader)/m,
      );
    });
  }

  test('with neither hash nor key locks the root account rather than inventing a password', () => {
    for (const [title, release, line] of [
      ['CentOS 5.11', '5.11', 'rootpw --iscrypted *'],
      ['CentOS 6.3', '6.3', 'rootpw --iscrypted *'],
      ['CentOS 7', '7', 'rootpw --lock'],
      ['Fedora 42', '42', 'rootpw --lock'],
    ] as const) {
      expect(renderDefault('kickstart', title, release).split('\n')).toContain(line);
    }
  });
});

describe('a preseed', () => {
  for (const [name, , title, release, variables] of PRESEEDS) {
    const text = renderDefault('preseed', title, release, variables);
    const lines = text.replaceAll(/\\\n\s*/g, '').split('\n');

    test(`${name} has lines of owner, question, type and value`, () => {
      for (const line of lines.filter((line) => line !== '' && !line.startsWith('#'))) {
        expect(line).toMatch(
          /^(?:d-i|tasksel|popularity-contest) [\w/-]+ (?:string|boolean|select|multiselect|password|note)(?: .*)?$/,
        );
      }
      const questions = lines.filter((line) => /^\w/.test(line)).map((line) => line.split(' ', 2).join(' '));
      expect(new Set(questions).size).toBe(questions.length);
    });

    test(`${name} holds commands that a shell can read, without what debconf takes for a line break`, () => {
      for (const command of ['preseed/early_command', 'partman/early_command', 'preseed/late_command']) {
        const [, script] = new RegExp(`^d-i ${command} string (.*)$`, 'm').exec(lines.join('\n')) ?? [];
        expect(shellErrors(script ?? 'no command )')).toBe('');
        expect(script).not.toContain(String.raw`\n`);
      }
    });

    test(`${name} names no disk but the one that was looked up`, () => {
      expect(text).not.toMatch(/^d-i partman-auto\/disk/m);
      expect(text).toContain('debconf-set partman-auto/disk "/dev/$disk"');
      expect(text).toContain('while :; do sleep 60; done; fi; \\\n  debconf-set partman-auto/disk');
    });
  }

  const checker = 'debconf-set-selections';
  const missing = spawnSync(checker, ['--help']).error !== undefined;
  describe.skipIf(missing)(
    missing ? `as debconf reads it (skipped: ${checker} is missing)` : 'as debconf reads it',
    () => {
      for (const [name, , title, release, variables] of PRESEEDS) {
        test(name, () => {
          const input = renderDefault('preseed', title, release, variables);
          const { status, stderr } = spawnSync(checker, ['-c'], { input, encoding: 'utf8' });
          expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
        });
      }
    },
  );

  test('with neither hash nor key locks the root account rather than inventing a password', () => {
    expect(renderDefault('preseed', 'Debian 12 (bookworm)', '12')).toContain(
      '\nd-i passwd/root-password-crypted password !\n',
    );
  });

  test('takes the mirror of the variable, else the one Muster serves, else the own one of the distribution', () => {
    const served = { urls: { ...URLS, mirror: 'http://192.168.122.1:8080/images/debian' } };
    const host = (text: string): string | undefined => /mirror\/http\/hostname string (.*)/.exec(text)?.[1];
    const debian = ['Debian 12 (bookworm)', '12'] as const;
    expect(host(renderDefault('preseed', ...debian, { mirror: 'http://a.example/debian' }, served))).toBe(
      'a.example',
    );
    expect(host(renderDefault('preseed', ...debian, {}, served))).toBe('192.168.122.1:8080');
    expect(host(renderDefault('preseed', ...debian))).toBe('deb.debian.org');
    expect(host(renderDefault('preseed', 'Ubuntu 20.04 (focal)', '20.04'))).toBe('archive.ubuntu.com');
  });
});

test('a kickstart names the tree as it is given: by URL, or by server and folder', () => {
  const nfs = { protocol: 'nfs', server: '192.168.122.1', path: '/images/sample' } as const;
  for (const [source, line] of [
    [nfs, 'nfs --server=192.168.122.1 --dir=/images/sample'],
    [
      { protocol: 'ftp', url: 'ftp://192.168.122.1/images/sample' },
      'url --url=ftp://192.168.122.1/images/sample',
    ],
  ] as const) {
    const text = renderDefault('kickstart', 'CentOS 7', '7', {}, { urls: { ...URLS, source } });
    expect(text.match(/^(?:url|nfs) .*$/gm)).toEqual([line]);
  }
});

/** Keys of a user say something only where there is a user, and so the parts of a fixed address. */
const NEEDED_BESIDE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  user_password_hash: { user: 'anna' },
  user_ssh_keys: { user: 'anna' },
  prefix: { address: '192.168.122.50' },
  gateway: { address: '192.168.122.50' },
  dns_servers: { address: '192.168.122.50' },
  interface: { address: '192.168.122.50' },
};

test('every variable of the table changes what is rendered, in the answer files that use it', () => {
  for (const { name } of ANSWER_VARIABLES) {
    const changed = { [name]: FULL_VARIABLES[name] ?? '' };
    const rest = NEEDED_BESIDE[name] ?? {};
    for (const [kind, title, release] of [
      ['kickstart', 'Rocky Linux 9.4', '9.4'],
      ['preseed', 'Debian 12 (bookworm)', '12'],
    ] as const) {
      const value = kind === 'preseed' && name === 'packages' ? { packages: 'vim' } : changed;
      const before = renderDefault(kind, title, release, rest);
      const after = renderDefault(kind, title, release, { ...rest, ...value });
      expect(before !== after, `${name} in ${kind}`).toBe(LEFT_OUT[kind]?.[name] === undefined);
    }
  }
});

test('no value can begin a line of its own', () => {
  const text = renderDefault('kickstart', 'CentOS 7', '7', FULL_VARIABLES);
  for (const line of text.split('\n')) expect(line).not.toMatch(/^\s*(?:\$\(reboot|reboot \w)/);
});

function shellErrors(script: string): string {
  return spawnSync('sh', ['-n'], { input: script, encoding: 'utf8' }).stderr;
}
