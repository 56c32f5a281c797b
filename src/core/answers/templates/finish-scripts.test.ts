import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { scriptsOf } from '../suite/scripts-of.ts';
import { renderSample, sampleNamed } from '../suite/template-samples.ts';

/**
 * The scripts that finish an installed system, run on a folder that stands for it. Programs of the installer are
 * stand-ins that write down how they were called; what is run in the installed system is run right here.
 */
let root = '';
let bin = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'muster-finish-'));
  bin = join(root, 'bin');
  for (const folder of [
    'bin',
    'system/root',
    'system/etc/netplan',
    'system/etc/cloud/cloud.cfg.d',
    'system/etc/default/grub.d',
    'system/etc/chrony.d',
  ]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  write('system/etc/passwd', 'root:x:0:0::/root:/bin/sh\n');
  write('system/etc/hosts', '127.0.0.1 localhost\n127.0.1.1 web01\n');
  write('system/etc/netplan/00-installer-config.yaml', 'network: {}\n');
  program('curl', 'echo "$@" >> "$ROOT/told"');
  // Both have the words of the command behind their own.
  for (const name of ['curtin', 'chroot']) {
    const skip = name === 'curtin' ? 'while [ "$1" != -- ]; do shift; done; shift' : 'shift';
    program(
      name,
      `${skip}; echo "$@" >> "$ROOT/inside"; case $1 in sh) exec "$@";; /root/*) exec sh "$ROOT/system$1";; esac`,
    );
  }
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (path: string, text: string): void => writeFileSync(join(root, path), text);
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

function modeOf(path: string): string {
  return (statSync(join(root, path)).mode & 0o7777).toString(8);
}

function program(name: string, script: string): void {
  mkdirSync(dirname(join(bin, name)), { recursive: true });
  writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, name), 0o755);
}

/** Runs the script of that name of a sample, with the installed system in the folder. */
function finish(sample: string, script: string, variables: Readonly<Record<string, string>>): string {
  const chosen = { ...sampleNamed(sample), variables };
  const found = scriptsOf(chosen, renderSample(chosen)).find(({ name }) => name === script);
  const text = (found?.text ?? '').replaceAll(/\/(?:target|mnt)\b/g, join(root, 'system'));
  const { stderr } = spawnSync('sh', ['-s'], {
    input: text,
    encoding: 'utf8',
    env: { PATH: `${bin}:${process.env['PATH'] ?? ''}`, ROOT: root, http_proxy: 'http://192.0.2.1:3128' },
  });
  return stderr;
}

const FINISHERS = [
  ['ubuntu-24.04-full.user-data', '/run/muster/finish'],
  ['sles-16.0-full.json', 'muster-finish'],
] as const;

const KEY = "ssh-ed25519 AAAA it's $(me) \\n";
const USER = { user: 'anna', user_ssh_keys: 'ssh-ed25519 BBBB anna', root_ssh_keys: KEY };

describe.each(FINISHERS)('%s, %s', (sample, script) => {
  test('puts the keys of root where sshd looks, for its eyes alone', () => {
    finish(sample, script, USER);
    expect(read('system/root/.ssh/authorized_keys')).toBe(`${KEY.trim()}\n`);
    expect(modeOf('system/root/.ssh/authorized_keys')).toBe('600');
  });

  test('lets nobody else read the script, which may hold secrets, not for a moment', () => {
    program('chmod', 'stat -c "%a $2" "$2" >> "$ROOT/modes"; exec /bin/chmod "$@"');
    finish(sample, script, { post_script: '#!/bin/sh\ntrue' });
    expect(read('modes')).toContain(`600 ${join(root, 'system/root/muster-script')}\n`);
  });

  test('runs commands and then the script in the installed system, and reports the end once', () => {
    finish(sample, script, {
      post_commands: 'echo one >> "$ROOT/ran"\necho "two  2" >> "$ROOT/ran"',
      post_script: '#!/bin/sh\necho "it\'s 3" >> "$ROOT/ran"',
    });
    expect(read('ran')).toBe("one\ntwo  2\nit's 3\n");
    expect(read('told').match(/\/finished/g)).toHaveLength(1);
    expect(read('told')).not.toContain('/failed');
    expect(existsSync(join(root, 'system/root/muster-script'))).toBe(false);
  });

  for (const [what, variables, told] of [
    [
      'a command',
      { post_commands: 'true\nexit 3\necho no >> "$ROOT/ran"' },
      'Command+2+of+post_commands+failed',
    ],
    ['the script', { post_script: 'exit 1' }, 'The+post_script+failed'],
    ['the script, of another program', { post_script: '#!/bin/sh\nexit 2' }, 'The+post_script+failed'],
  ] as const) {
    test(`${what} that fails is reported, the rest is left out, and it is not installed`, () => {
      finish(sample, script, variables);
      expect(read('told')).toContain(`step=post_commands&message=${told}`);
      expect(read('told')).not.toContain('/finished');
      expect(existsSync(join(root, 'ran'))).toBe(false);
    });
  }

  test('tells its reports past the proxy of the packages', () => {
    program('curl', 'echo "$http_proxy$no_proxy:$*" >> "$ROOT/told"');
    finish(sample, script, { proxy: 'http://192.0.2.1:3128' });
    expect(read('told')).toMatch(/^\*:.*\/finished$/m);
    expect(read('told')).not.toContain('192.0.2.1');
  });

  test('waits until somebody hears how it ended', () => {
    program('sleep', 'echo slept >> "$ROOT/slept"');
    program('wget', 'exit 4');
    // The third time there is somebody.
    program(
      'curl',
      'case "$*" in *finished*) echo x >> "$ROOT/tries"; [ "$(wc -l < "$ROOT/tries")" -ge 3 ] || exit 7;; esac',
    );
    finish(sample, script, {});
    expect(read('tries')).toBe('x\nx\nx\n');
    expect(read('slept')).toBe('slept\nslept\n');
  });
});

describe("SUSE's", () => {
  test('puts the keys of the user where sshd looks, for its eyes alone', () => {
    const [sample, script] = FINISHERS[1];
    write('system/etc/passwd', `${read('system/etc/passwd')}anna:x:1000:1000::/home/anna:/bin/sh\n`);
    mkdirSync(join(root, 'system/home/anna'), { recursive: true });
    finish(sample, script, USER);
    expect(read('system/home/anna/.ssh/authorized_keys')).toBe('ssh-ed25519 BBBB anna\n');
    expect(modeOf('system/home/anna/.ssh/authorized_keys')).toBe('600');
  });
});

describe("Ubuntu's", () => {
  const [sample, script] = FINISHERS[0];

  test('user, who is made at the first start, gets its keys from the answer file', () => {
    finish(sample, script, USER);
    expect(existsSync(join(root, 'system/home'))).toBe(false);
    const { autoinstall } = parse(renderSample({ ...sampleNamed(sample), variables: USER })) as {
      autoinstall: { ssh: Record<string, unknown> };
    };
    expect(autoinstall.ssh['authorized-keys']).toEqual(['ssh-ed25519 BBBB anna']);
  });

  test('network is the one file of netplan, to be read by root alone', () => {
    finish(sample, script, {
      address: '192.168.122.50',
      prefix: '25',
      gateway: '192.168.122.1',
      dns_servers: '192.168.122.2 fd00::1',
      domain: 'example.org',
    });
    expect(existsSync(join(root, 'system/etc/netplan/00-installer-config.yaml'))).toBe(false);
    expect(parse(read('system/etc/netplan/50-muster.yaml'))).toEqual({
      network: {
        version: 2,
        ethernets: {
          muster: {
            match: { macaddress: '52:54:00:12:34:56' },
            addresses: ['192.168.122.50/25'],
            routes: [{ to: '0.0.0.0/0', via: '192.168.122.1' }],
            nameservers: { addresses: ['192.168.122.2', 'fd00::1'], search: ['example.org'] },
          },
        },
      },
    });
    expect(modeOf('system/etc/netplan/50-muster.yaml')).toBe('600');
    expect(read('system/etc/hosts')).toBe('127.0.0.1 localhost\n127.0.1.1 web01.example.org web01\n');
  });

  test('network stays as the installer made it where nothing is said of it', () => {
    finish(sample, script, {});
    expect(existsSync(join(root, 'system/etc/netplan/00-installer-config.yaml'))).toBe(true);
    expect(existsSync(join(root, 'system/etc/netplan/50-muster.yaml'))).toBe(false);
  });

  test("kernel's arguments reach GRUB as they are, through two shells", () => {
    const words = `console=ttyS0 a="b $c" d='e' \\x`;
    finish(sample, script, { boot_arguments: words });
    const file = join(root, 'system/etc/default/grub.d/90-muster.cfg');
    const sourced = spawnSync('sh', ['-c', `. ${file}; printf %s "$GRUB_CMDLINE_LINUX"`], {
      encoding: 'utf8',
      env: { GRUB_CMDLINE_LINUX: 'quiet' },
    });
    expect(sourced.stdout).toBe(`quiet ${words}`);
  });

  test("programs are found where a desktop's installer has no curtin", () => {
    rmSync(join(bin, 'curtin'));
    program('mount', 'echo "$@" >> "$ROOT/mounted"');
    finish(sample, script, { post_commands: 'echo one >> "$ROOT/ran"' });
    expect(read('ran')).toBe('one\n');
    expect(read('mounted').split('\n')[1]).toBe(`--rbind /proc ${join(root, 'system/proc')}`);
    expect(read('told')).toContain('/finished');
  });

  test('root gets the hash and nothing else', () => {
    finish(sample, script, { root_password_hash: '$6$a$b' });
    expect(read('inside').split('\n')[0]).toBe('usermod -p $6$a$b root');
  });
});
