import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scriptsOf } from '../../src/core/answers/suite/scripts-of.ts';
import { renderSample, TEMPLATE_SAMPLES } from '../../src/core/answers/suite/template-samples.ts';
import type { HostNeed } from '../../src/lab/host-programs.ts';
import { fetchUnpacked, requireUnpacked } from '../../src/lab/unpacked-packages.ts';

/**
 * What is only unpacked: installed, cloud-init would configure this computer at its next start, GRUB write its menu, and
 * Ignition go into its initrd.
 */
const UNPACKED = {
  cloudInit: {
    name: 'cloud-init',
    places: ['/usr/lib/python3/dist-packages/cloudinit/config/schema.py'],
    debianPackage: 'cloud-init',
  },
  grub: { name: 'grub-script-check', places: ['/usr/bin/grub-script-check'], debianPackage: 'grub-common' },
  ignition: { name: 'ignition-validate', places: ['/usr/bin/ignition-validate'], debianPackage: 'ignition' },
} as const satisfies Record<string, HostNeed>;
const DOWNLOAD_MS = 180_000;

const ANSWERS = fileURLToPath(new URL('../../src/core/answers/golden/', import.meta.url));
const BUTANE = fileURLToPath(new URL('../../src/core/answers/butane/golden/', import.meta.url));
const SCRIPTS = fileURLToPath(new URL('../../src/core/scripts/golden/', import.meta.url));

/** Goldens in a folder whose names end so; there is at least one. */
function goldens(folder: string, ending: RegExp): readonly string[] {
  const found = readdirSync(folder).filter((name) => ending.test(name));
  if (found.length === 0) throw new Error(`no golden in ${folder} ends with ${ending}`);
  return found.map((name) => join(folder, name));
}

function run(program: string, words: readonly string[], more: { input?: string; path?: string } = {}) {
  const { status, stdout, stderr, error } = spawnSync(program, words, {
    encoding: 'utf8',
    ...(more.input === undefined ? {} : { input: more.input }),
    ...(more.path === undefined ? {} : { env: { ...process.env, PYTHONPATH: more.path } }),
  });
  if (error) throw error;
  return { status, told: `${stdout}${stderr}` };
}

let work = '';
beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'muster-tools-'));
  await fetchUnpacked(Object.values(UNPACKED), () => undefined);
}, DOWNLOAD_MS);
afterAll(() => rmSync(work, { recursive: true, force: true }));

describe("an answer file passes its installer's own check", () => {
  for (const file of goldens(ANSWERS, /\.(?:user-data|vendor-data)$/)) {
    test(`cloud-init schema: ${file.slice(ANSWERS.length)}`, () => {
      const path = dirname(dirname(dirname(requireUnpacked(UNPACKED.cloudInit))));
      const words = ['-m', 'cloudinit.config.schema', '--config-file', file];
      expect(run('/usr/bin/python3', words, { path })).toEqual({
        status: 0,
        told: `Valid cloud-config: ${file}\n`,
      });
    });
  }

  for (const file of goldens(ANSWERS, /\.xml$/)) {
    test(`xmllint: ${file.slice(ANSWERS.length)}`, () => {
      expect(run('xmllint', ['--noout', '--nonet', file])).toEqual({ status: 0, told: '' });
    });
  }

  for (const file of [...goldens(ANSWERS, /\.ign$/), ...goldens(BUTANE, /\.ign$/)]) {
    test(`ignition-validate: ${file.slice(file.lastIndexOf('/') + 1)}`, () => {
      // The program of Debian 12 knows 3.4.0 as it was before its release, without what came in it last.
      const text = readFileSync(file, 'utf8').replace(
        '"version": "3.4.0"',
        '"version": "3.4.0-experimental"',
      );
      const copy = join(work, 'config.ign');
      writeFileSync(copy, text);
      const { status, told } = run(requireUnpacked(UNPACKED.ignition), [copy]);
      expect(told.replaceAll(/^warning at .*(?:Unused key discard|has no install section).*\n/gm, '')).toBe(
        '',
      );
      expect(status).toBe(0);
    });
  }

  for (const file of goldens(ANSWERS, /\.toml$/)) {
    test(`a reader of TOML: ${file.slice(ANSWERS.length)}`, () => {
      const words = ['-c', 'import sys, tomllib; tomllib.load(open(sys.argv[1], "rb"))', file];
      expect(run('/usr/bin/python3', words)).toEqual({ status: 0, told: '' });
    });
  }

  for (const file of goldens(ANSWERS, /^(?:debian|ubuntu).*\.cfg$/)) {
    test(`debconf-set-selections -c: ${file.slice(ANSWERS.length)}`, () => {
      expect(run('debconf-set-selections', ['-c', file])).toEqual({ status: 0, told: '' });
    });
  }

  for (const file of goldens(SCRIPTS, /^grub.*\.cfg$/)) {
    test(`grub-script-check: ${file.slice(SCRIPTS.length)}`, () => {
      expect(run(requireUnpacked(UNPACKED.grub), [file])).toEqual({ status: 0, told: '' });
    });
  }
});

describe('the checks find what is wrong', () => {
  const broken = (name: string, text: string): string => {
    const file = join(work, name);
    writeFileSync(file, text);
    return file;
  };

  test('cloud-init', () => {
    const path = dirname(dirname(dirname(requireUnpacked(UNPACKED.cloudInit))));
    const file = broken('user-data', '#cloud-config\nwrite_files: 1\n');
    const words = ['-m', 'cloudinit.config.schema', '--config-file', file];
    expect(run('/usr/bin/python3', words, { path }).status).not.toBe(0);
  });

  test('xmllint', () => expect(run('xmllint', ['--noout', broken('a.xml', '<a>')]).status).not.toBe(0));

  test('ignition-validate', () => {
    const file = broken('a.ign', '{"ignition": {"version": "3.3.0"}, "storage": {"files": [{"path": "a"}]}}');
    expect(run(requireUnpacked(UNPACKED.ignition), [file]).status).not.toBe(0);
  });

  test('debconf-set-selections', () =>
    expect(run('debconf-set-selections', ['-c', broken('a.cfg', 'd-i netcfg\n')]).told).not.toBe(''));

  test('grub-script-check', () =>
    expect(run(requireUnpacked(UNPACKED.grub), [broken('a.grub', 'if true; then\n')]).status).not.toBe(0));
});

/** Answer files with scripts in them, as they were looked through. */
const WITH_SCRIPTS = [
  ...TEMPLATE_SAMPLES.map((sample) => ({ sample, text: renderSample(sample) })),
  ...(
    [
      ['kickstart', /\.ks$/],
      ['preseed', /^(?:debian|ubuntu).*\.cfg$/],
    ] as const
  ).flatMap(([kind, pattern]) =>
    goldens(ANSWERS, pattern).map((file) => ({
      sample: { kind, name: basename(file) },
      text: readFileSync(file, 'utf8'),
    })),
  ),
];

/** What shellcheck calls wrong and is meant. */
const MEANT = [
  'SC1003', // A text of a person that ends with a backslash, in quotes.
  'SC1007', // `http_proxy= curl`: no proxy.
  'SC2013', // Words, and not lines, are read of sysfs.
  'SC2015', // In a loop that goes on with the next in either case.
  'SC2016', // A text of a person with a dollar sign, in quotes.
  'SC2125', // `no_proxy=*`: an asterisk.
  'SC2129', // One line of a person's script is added after the other.
  'SC2174', // /root is there already.
];
/** setup-alpine reads what its answers set. */
const UNUSED = 'SC2034';

describe('shellcheck finds nothing in scripts that is not meant', () => {
  for (const { sample, text } of WITH_SCRIPTS) {
    for (const script of scriptsOf(sample, text).filter(({ shell }) => shell !== 'python3')) {
      test(`${script.name} of ${sample.name}`, () => {
        const passed = sample.name.endsWith('.answers') ? [...MEANT, UNUSED] : MEANT;
        const dialect = script.shell === 'bash' ? 'bash' : 'dash';
        const words = ['-s', dialect, '-f', 'gcc', '-e', passed.join(','), '-'];
        expect(run('shellcheck', words, { input: script.text })).toEqual({ status: 0, told: '' });
      });
    }
  }

  test('and finds what is wrong', () =>
    expect(run('shellcheck', ['-s', 'dash', '-'], { input: 'rm $1/*\n' }).status).not.toBe(0));

  test('in every kickstart and preseed', () => {
    for (const { sample, text } of WITH_SCRIPTS.filter(({ sample: { kind } }) => /start|seed/.test(kind)))
      expect(scriptsOf(sample, text).length, sample.name).toBeGreaterThanOrEqual(3);
  });
});

describe('scripts are read by the shells that installers have', () => {
  for (const { sample, text } of WITH_SCRIPTS) {
    for (const script of scriptsOf(sample, text)) {
      const shells: readonly (readonly [string, readonly string[]])[] =
        script.shell === 'sh'
          ? [
              ['dash', ['-n']],
              ['bash', ['-n']],
              ['busybox', ['sh', '-n']],
            ]
          : [[script.shell, script.check]];
      for (const [shell, words] of shells) {
        test(`${shell}: ${script.name} of ${sample.name}`, () => {
          expect(run(shell, words, { input: script.text })).toEqual({ status: 0, told: '' });
        });
      }
    }
  }
});
