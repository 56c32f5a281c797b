import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LoaderCpu } from '../../core/boot/loaders.ts';
import { installLoaders, type LoadersInstalled } from './install-loaders.ts';

let root = '';
const unpacked = (): string => join(root, 'data/loaders');

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'muster-loaders-'));
  mkdirSync(join(root, 'etc'));
});
afterEach(() => rmSync(root, { recursive: true }));

/** Answers as apt and dpkg would, and keeps what was run. */
async function install(
  osRelease: string,
  fails: (command: string, times: number) => boolean = () => false,
  cpu: LoaderCpu = 'x64',
): Promise<{ readonly result: LoadersInstalled; readonly ran: readonly string[] }> {
  writeFileSync(join(root, 'etc/os-release'), osRelease);
  const ran: string[] = [];
  const result = await installLoaders({
    systemRoot: root,
    unpackedFolder: unpacked(),
    cpu,
    say: () => undefined,
    run: (command, folder) => {
      if (command[0] === 'dpkg') return Promise.resolve({ exitCode: 0, output: 'amd64\n' });
      const line = command.join(' ').replaceAll(folder, 'DOWNLOAD').replaceAll(unpacked(), 'FOLDER');
      ran.push(line);
      const isDownload = command.includes('download');
      if (fails(line, ran.filter((one) => one === line).length))
        return Promise.resolve({ exitCode: 100, output: 'E: first\nE: last\n' });
      if (isDownload)
        for (const name of command.slice(command.indexOf('download') + 1))
          writeFileSync(join(folder, `${name}_1_amd64.deb`), '');
      return Promise.resolve({ exitCode: 0, output: '' });
    },
  });
  return { result, ran };
}

describe('the boot loaders', () => {
  test('are taken out of the packages on a Debian-like system, and nothing is installed', async () => {
    const { result, ran } = await install('ID=mint\nID_LIKE=ubuntu\n');
    expect(result).toEqual({ installed: true });
    expect(ran).toEqual([
      'apt-get download pxelinux syslinux-common',
      'dpkg-deb -x pxelinux_1_amd64.deb FOLDER',
      'dpkg-deb -x syslinux-common_1_amd64.deb FOLDER',
      'apt-get download shim-signed shim-helpers-amd64-signed grub-efi-amd64-signed',
      'dpkg-deb -x grub-efi-amd64-signed_1_amd64.deb FOLDER',
      'dpkg-deb -x shim-helpers-amd64-signed_1_amd64.deb FOLDER',
      'dpkg-deb -x shim-signed_1_amd64.deb FOLDER',
      'apt-get download ipxe',
      'dpkg-deb -x ipxe_1_amd64.deb FOLDER',
    ]);
    expect(readdirSync(unpacked())).toEqual([]);
  });

  test('come after the package lists were fetched, where there are none yet', async () => {
    const { result, ran } = await install(
      'ID=debian\n',
      (line, times) => /download ipxe/.test(line) && times === 1,
    );
    expect(result).toEqual({ installed: true });
    expect(ran.slice(-4)).toEqual([
      'apt-get download ipxe',
      'apt-get update',
      'apt-get download ipxe',
      'dpkg-deb -x ipxe_1_amd64.deb FOLDER',
    ]);
  });

  test('of another architecture come by an apt with a state of its own', async () => {
    const { result, ran } = await install('ID=debian\n', undefined, 'aa64');
    expect(result).toEqual({ installed: true });
    const [update = '', download = '', ...rest] = ran;
    for (const command of [update, download]) {
      expect(command).toMatch(/^apt-get -o APT::Architecture=arm64 -o APT::Architectures=arm64 /);
      expect(command).toContain('-o Dir::State::status=DOWNLOAD/apt/state/status ');
      expect(command).toContain('-o Dir::State::Lists=DOWNLOAD/apt/lists ');
    }
    expect(update).toMatch(/ update$/);
    expect(download).toMatch(/ download shim-signed shim-helpers-arm64-signed grub-efi-arm64-signed$/);
    expect(rest.slice(0, 3).every((command) => command.startsWith('dpkg-deb -x '))).toBe(true);
    // That one is for every architecture.
    expect(rest.slice(3)).toEqual(['apt-get download ipxe', 'dpkg-deb -x ipxe_1_amd64.deb FOLDER']);
    expect(readdirSync(unpacked())).toEqual([]);
  });

  test('of one set that cannot be had do not keep the others away; apt says why', async () => {
    const { result, ran } = await install('ID=debian\n', (line) => line.includes('shim-signed'));
    expect(result).toEqual({
      installed: false,
      because: expect.stringMatching(/^grub x64: apt-get download shim-signed .* failed: E: first; E: last$/),
    });
    expect(ran.at(-1)).toContain('ipxe');
    expect(readdirSync(unpacked())).toEqual([]);
  });

  for (const [what, osRelease, because] of [
    ['another distribution', 'ID=fedora\n', /by hand: as root: dnf install -y syslinux .* ipxe-bootimgs-x86/],
    ['an unknown system', '', /by hand: this system has no packages/],
  ] as const) {
    test(`are left to ${what}`, async () => {
      const { result, ran } = await install(osRelease);
      expect(result).toEqual({ installed: false, because: expect.stringMatching(because) });
      expect(ran).toEqual([]);
      expect(existsSync(unpacked())).toBe(false);
    });
  }
});
