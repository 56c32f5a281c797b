import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openInsideFolder } from './folder-tree.ts';
import { installLoaders, LoaderService } from './loader-service.ts';

let root = '';
const put = (path: string, content = path): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
};
const service = (): LoaderService => new LoaderService({ openInsideFolder, systemRoot: root });

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'muster-loaders-'));
});
afterEach(() => rmSync(root, { recursive: true }));

describe('LoaderService', () => {
  test('finds what is there, and says how to get the rest', async () => {
    put('etc/os-release', 'ID=debian\n');
    put('usr/lib/PXELINUX/pxelinux.0', '12345');
    put('usr/lib/syslinux/modules/bios/ldlinux.c32');
    put('usr/lib/syslinux/memdisk');
    const findings = new Map((await service().find()).map((finding) => [finding.name, finding]));
    expect(findings.get('pxelinux.0')).toMatchObject({
      found: true,
      path: join(root, 'usr/lib/PXELINUX/pxelinux.0'),
      bytes: 5,
    });
    expect(findings.get('memdisk')).toMatchObject({ found: true });
    expect(findings.get('menu.c32')).toMatchObject({
      found: false,
      advice: 'as root: apt-get install -y pxelinux syslinux-common',
    });
  });

  test('takes all from one home, the first that has what is needed', async () => {
    put('etc/os-release', 'ID=debian\n');
    put('usr/lib/PXELINUX/pxelinux.0');
    for (const name of ['pxelinux.0', 'ldlinux.c32', 'menu.c32']) put(`usr/share/syslinux/${name}`);
    const opened = await service().open('pxelinux.0');
    expect(opened).toMatchObject({ found: true, path: join(root, 'usr/share/syslinux/pxelinux.0') });
    if (opened.found) await opened.source.close();
    expect(await service().has('menu.c32')).toBe(true);
    expect(await service().has('memdisk')).toBe(false);
  });

  test('gives the bytes', async () => {
    put('usr/lib/syslinux/bios/pxelinux.0', 'abc');
    put('usr/lib/syslinux/bios/ldlinux.c32');
    const opened = await service().open('pxelinux.0');
    expect(opened.found && new TextDecoder().decode(await opened.source.read(0, 10))).toBe('abc');
    if (opened.found) await opened.source.close();
  });

  test('on a system it knows nothing of, says so in words', async () => {
    expect(await service().open('pxelinux.0')).toMatchObject({
      found: false,
      because: expect.stringContaining('install the SYSLINUX package of this system'),
    });
    expect((await service().find()).every((finding) => !finding.found)).toBe(true);
  });
});

describe('installLoaders', () => {
  /** Answers as the programs would, in turn, and keeps what was run. */
  function system(exitCodes: readonly number[]) {
    const ran: string[] = [];
    const said: string[] = [];
    return {
      ran,
      said,
      needs: {
        systemRoot: root,
        say: (sentence: string) => said.push(sentence),
        run: (
          program: string,
          parameters: readonly string[],
          environment: Readonly<Record<string, string>>,
        ) => {
          ran.push([program, ...parameters].join(' '));
          expect(environment).toEqual({ DEBIAN_FRONTEND: 'noninteractive' });
          return Promise.resolve({ exitCode: exitCodes[ran.length - 1] ?? 1, output: 'E: first\nE: last\n' });
        },
      },
    };
  }
  const install = 'apt-get install -y pxelinux syslinux-common';

  test('runs apt as root on a Debian-like system, and says what', async () => {
    put('etc/os-release', 'ID=mint\nID_LIKE=ubuntu\n');
    const { ran, said, needs } = system([0]);
    expect(await installLoaders({ ...needs, isRoot: true })).toEqual({ installed: true });
    expect(ran).toEqual([install]);
    expect(said).toEqual([`Running ${install}`]);
  });

  test('fetches the package lists when there are none yet', async () => {
    put('etc/os-release', 'ID=debian\n');
    const { ran, needs } = system([100, 0, 0]);
    expect(await installLoaders({ ...needs, isRoot: true })).toEqual({ installed: true });
    expect(ran).toEqual([install, 'apt-get update', install]);
  });

  test('says how apt failed', async () => {
    put('etc/os-release', 'ID=debian\n');
    const { needs } = system([100, 100, 100]);
    const result = await installLoaders({ ...needs, isRoot: true });
    expect(result).toEqual({ installed: false, because: `${install} failed: E: first; E: last` });
  });

  for (const [what, osRelease, isRoot, because] of [
    ['a user that is not root', 'ID=debian\n', false, `only root may install packages: as root: ${install}`],
    ['another distribution', 'ID=fedora\n', true, /by hand: as root: dnf install/],
    ['an unknown system', '', true, /by hand: install the SYSLINUX package/],
  ] as const) {
    test(`leaves it to ${what}`, async () => {
      put('etc/os-release', osRelease);
      const { ran, needs } = system([]);
      const result = await installLoaders({ ...needs, isRoot });
      expect(result.installed ? '' : result.because).toMatch(because);
      expect(ran).toEqual([]);
    });
  }
});
