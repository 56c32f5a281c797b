import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Udhcpc } from './dhcp-client-programs.ts';
import {
  CLASSIC_SUBNET,
  EVENT_WAIT,
  MusterInNamespace,
  Segment,
  SERVER_ADDRESS,
} from './muster-in-namespace.ts';
import { describeInNamespace, type NetworkNamespace } from './namespace.ts';
import type { Finished } from './running-program.ts';

const WEB01 = '52:54:00:00:00:01';
const STRANGER = '52:54:00:00:00:02';
const WEB01_CONFIG = 'pxelinux.cfg/01-52-54-00-00-00-01';
const LOADER = '/usr/lib/PXELINUX/pxelinux.0';
/** curl: CURLE_TFTP_NOTFOUND and CURLE_TFTP_PERM. */
const REFUSED = [68, 69];

const PROGRAMS: Readonly<Record<string, (file: string, target: string) => readonly string[]>> = {
  'tftp-hpa': (file, target) => ['tftp', '-m', 'binary', SERVER_ADDRESS, '-c', 'get', file, target],
  atftp: (file, target) => ['atftp', '--get', '-r', file, '-l', target, SERVER_ADDRESS],
  curl: (file, target) => ['curl', '-sS', '-o', target, `tftp://${SERVER_ADDRESS}/${file}`],
  busybox: (file, target) => ['busybox', 'tftp', '-g', '-r', file, '-l', target, SERVER_ADDRESS],
};

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

describeInNamespace('muster up and what machines fetch from it', () => {
  const kernel = randomBytes(1_000_003);
  const handMade = randomBytes(300_000);
  /** Takes about a second. */
  const large = randomBytes(8_000_000);
  let segment: Segment;
  let muster: MusterInNamespace;
  let web01: NetworkNamespace;
  let stranger: NetworkNamespace;
  const clients: Udhcpc[] = [];

  async function plugIn(mac: string): Promise<NetworkNamespace> {
    const client = new Udhcpc(await segment.plugIn(mac));
    clients.push(client);
    client.start();
    await client.told('bound');
    return client.machine;
  }

  beforeAll(async () => {
    segment = await Segment.make();
    muster = new MusterInNamespace(segment.server);
    const tree = join(muster.folder, 'tree');
    write(join(tree, 'tools/memtest.bin'), handMade);
    write(join(tree, 'large'), large);
    symlinkSync('/etc/passwd', join(tree, 'passwd'));
    const uploads = join(muster.folder, 'uploads');
    write(join(uploads, '.muster-upload-0123456789abcdef'), 'half');
    writeFileSync(
      muster.settingsFile,
      `tftp:\n  root: ${tree}\n  uploads:\n    folder: ${uploads}\n    fileBytes: 100000\n`,
    );
    const image = join(muster.folder, 'netboot');
    write(join(image, 'debian-installer/amd64/linux'), kernel);
    write(join(image, 'debian-installer/amd64/initrd.gz'), randomBytes(5000));
    write(join(image, 'large'), large);
    write(join(image, 'version.info'), 'Debian version:  12 (bookworm)\n');
    await muster.up();
    await muster.run('subnet', 'add', 'lab', ...CLASSIC_SUBNET);
    await muster.run('image', 'add', image, '--name', 'debian');
    await muster.run('profile', 'set', 'server', '--image', 'debian');
    await muster.run('machine', 'add', 'web01', '--mac', WEB01);
    [web01, stranger] = await Promise.all([plugIn(WEB01), plugIn(STRANGER)]);
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await muster.close();
    await segment.close();
  });

  const tftp = (from: NetworkNamespace, file: string): Promise<Finished> =>
    from.tryRun('curl', ['-sS', '--path-as-is', `tftp://${SERVER_ADDRESS}/${file}`]);
  /** The status and the body. */
  const http = async (from: NetworkNamespace, url: string): Promise<readonly [string, string]> => {
    const { stdout } = await from.run('curl', ['-sS', '--path-as-is', '-w', '\n%{http_code}', url]);
    const end = stdout.lastIndexOf('\n');
    return [stdout.slice(end + 1), stdout.slice(0, end)];
  };

  for (const [name, program] of Object.entries(PROGRAMS)) {
    test(`${name} fetches the loader, a file of the hand-made tree and a kernel, byte for byte`, async () => {
      for (const [file, bytes] of [
        ['pxelinux.0', readFileSync(LOADER)],
        ['tools/memtest.bin', handMade],
        ['images/debian/debian-installer/amd64/linux', kernel],
      ] as const) {
        const target = join(muster.folder, `${name}-got`);
        const [command = '', ...words] = program(file, target);
        await stranger.run(command, words);
        expect(sha256(readFileSync(target))).toBe(sha256(bytes));
      }
    });
  }

  test('files that machines send are kept in the folder of uploads, whole or not at all', async () => {
    const uploads = join(muster.folder, 'uploads');
    // The box is drawn at any width.
    expect(muster.program.stderr.replaceAll(/[│|\s]+/g, ' ')).toContain('takes uploads into');
    // What a crash had left was removed at the start.
    expect(readdirSync(uploads)).toEqual([]);
    const sent = join(muster.folder, 'sent');
    writeFileSync(sent, handMade.subarray(0, 100_000));
    const send = (name: string) =>
      web01.tryRun('curl', ['-sS', '-T', sent, `tftp://${SERVER_ADDRESS}/${name}`]);
    expect(await send('switch.cfg')).toMatchObject({ code: 0 });
    expect(sha256(readFileSync(join(uploads, 'switch.cfg')))).toBe(sha256(readFileSync(sent)));
    writeFileSync(sent, handMade.subarray(0, 100_001));
    expect((await send('large.cfg')).code).not.toBe(0);
    expect((await send('switch.cfg')).code).not.toBe(0);
    expect(readdirSync(uploads)).toEqual(['switch.cfg']);
    await expect
      .poll(() => muster.told('tftp.received'), EVENT_WAIT)
      .toMatchObject([{ text: 'switch.cfg was received from web01 over TFTP', data: { bytes: 100_000 } }]);
  });

  test('a machine nobody knows gets the menu', async () => {
    const { stdout } = await tftp(stranger, 'pxelinux.cfg/default');
    expect(stdout).toMatch(/^ui menu\.c32$/im);
    expect(stdout).toMatch(/^\s*localboot/im);
    expect(stdout).toContain('debian');
    await expect
      .poll(() => muster.told('boot.decided'), EVENT_WAIT)
      .toMatchObject([{ text: `The unknown machine ${STRANGER} gets the menu`, data: { boot: 'menu' } }]);
  });

  describe('nothing leaves the tree', () => {
    for (const file of [
      '../data/muster.db',
      '/etc/passwd',
      '//etc/passwd',
      'tools/../../data/muster.db',
      'tools/../../../../../../../../etc/passwd',
      '..\\data\\muster.db',
      'passwd',
      'images/debian/../data/muster.db',
      'images/../muster.db',
    ]) {
      test(file, async () => {
        const { code, stdout } = await tftp(stranger, file);
        expect(stdout).toBe('');
        expect(REFUSED).toContain(code);
        const [status, body] = await http(stranger, `http://${SERVER_ADDRESS}:8080/${file}`);
        expect(status).toMatch(/^40[034]$/);
        expect(body).not.toMatch(/root:|SQLite/);
      });
    }
  });

  test('an armed machine gets its installer and its answer file, and nobody else gets either', async () => {
    const before = await tftp(web01, WEB01_CONFIG);
    expect(before.stdout).toContain('localboot');
    const install = await muster.run<{ readonly id: string }>('install', 'web01', '--profile', 'server');

    // By every name the stranger may try; what it gets instead is the menu.
    for (const name of [
      WEB01_CONFIG,
      WEB01_CONFIG.toUpperCase(),
      'pxelinux.cfg/C0A87A64',
      'pxelinux.cfg/default',
    ]) {
      const { stdout } = await tftp(stranger, name);
      expect(stdout).not.toContain('/installs/');
    }
    expect(await tftp(stranger, WEB01_CONFIG)).toMatchObject({ stdout: '', code: 68 });
    expect(await tftp(segment.server, WEB01_CONFIG)).toMatchObject({ stdout: '', code: 68 });
    expect(await muster.run('install', 'show', install.id)).toMatchObject({ state: 'requested' });

    const { stdout: config } = await tftp(web01, WEB01_CONFIG);
    const [url = '', token = ''] =
      /http:\/\/192\.168\.122\.1:8080\/installs\/([\da-f]{32})\/preseed\.cfg/.exec(config) ?? [];
    expect(token).toMatch(/^[\da-f]{32}$/);
    expect(config).toContain('images/debian/debian-installer/amd64/linux');
    const [status, answer] = await http(web01, url);
    expect(status).toBe('200');
    expect(answer).toContain('d-i ');
    expect(answer).toContain(token);

    const nothing = await http(stranger, url.replace(token, '0'.repeat(32)));
    expect(nothing[0]).toBe('404');
    // The same words as for a token that there is not.
    expect(await http(stranger, url)).toEqual(nothing);
    expect(await http(segment.server, url)).toEqual(nothing);
    expect((await http(web01, url.replace('preseed.cfg', 'ks.cfg')))[0]).toBe('404');
    await expect
      .poll(() => muster.told('http.refused').filter(({ machine }) => machine === 'web01').length, EVENT_WAIT)
      .toBeGreaterThan(0);
    expect(JSON.stringify(muster.told('http.refused'))).not.toContain(token);
    expect(muster.program.stderr).not.toContain(token);

    await muster.run('install', 'cancel', install.id);
    expect((await http(web01, url))[0]).toBe('404');
    expect((await tftp(web01, WEB01_CONFIG)).stdout).toContain('localboot');
  });

  test('what is under way when Muster is told to stop comes to its end', async () => {
    const urls = [`tftp://${SERVER_ADDRESS}/large`, `http://${SERVER_ADDRESS}:8080/images/debian/large`];
    const downloads = urls.map((url, index) => {
      const target = join(muster.folder, `download-${index}`);
      const words = ['-sS', '--limit-rate', '3M', '-o', target, url];
      return { target, program: stranger.start('curl', words) };
    });
    const sizes = () => downloads.map(({ target }) => statSync(target, { throwIfNoEntry: false })?.size ?? 0);
    await expect.poll(() => Math.min(...sizes()), { ...EVENT_WAIT, interval: 5 }).toBeGreaterThan(0);
    muster.program.signal('SIGTERM');
    expect(Math.max(...sizes())).toBeLessThan(large.length);
    for (const { target, program } of downloads) {
      expect(await program.finished).toMatchObject({ code: 0 });
      expect(sha256(readFileSync(target))).toBe(sha256(large));
    }
    expect(await muster.program.finished).toMatchObject({ code: 0 });
  });
});
