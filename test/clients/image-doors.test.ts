import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EVENT_WAIT, MusterInNamespace, Segment, SERVER_ADDRESS } from './muster-in-namespace.ts';
import { describeInNamespace, type NetworkNamespace } from './namespace.ts';

/** The tree of a disc, as `.treeinfo` and packages make one. */
const FILES: Readonly<Record<string, Uint8Array>> = {
  '.treeinfo': Buffer.from(
    '[general]\nfamily = CentOS\nversion = 7\narch = x86_64\n[images-x86_64]\nkernel = images/pxeboot/vmlinuz\ninitrd = images/pxeboot/initrd.img\n',
  ),
  'images/pxeboot/vmlinuz': randomBytes(700_001),
  'images/pxeboot/initrd.img': randomBytes(900_000),
  'Packages/libstdc++-4.8.5-44.el7.x86_64.rpm': randomBytes(60_000),
  'Packages/a name with blanks ~1.rpm': randomBytes(5),
  'repodata/repomd.xml': Buffer.from('<repomd/>\n'),
  'empty/nothing': new Uint8Array(0),
};
const MAC = '52:54:00:00:00:91';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const hasProgram = (path: string): boolean => spawnSync('test', ['-x', path]).status === 0;
const NEEDED = ['/usr/bin/xorriso', '/usr/bin/nfs-cp', '/usr/bin/lftp'].filter((path) => !hasProgram(path));
const describeWithClients =
  NEEDED.length === 0
    ? describeInNamespace
    : (title: string, suite: () => void): void =>
        describeInNamespace(`${title} (skipped: ${NEEDED.join(', ')} missing)`, () =>
          test.skip(title, suite),
        );

describeWithClients('muster up and one disc image through every door', () => {
  let segment: Segment;
  let muster: MusterInNamespace;
  let machine: NetworkNamespace;
  let home = '';

  beforeAll(async () => {
    segment = await Segment.make();
    machine = await segment.plugIn(MAC);
    await machine.ip('address add 192.168.122.77/24 dev eth0');
    muster = new MusterInNamespace(segment.server);
    home = join(muster.folder, 'here');
    const tree = join(home, 'tree');
    for (const [path, bytes] of Object.entries(FILES)) {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), bytes);
    }
    symlinkSync('images/pxeboot', join(tree, 'boot'));
    await segment.server.run('xorriso', [
      '-as',
      'mkisofs',
      '-quiet',
      '-R',
      '-J',
      '-o',
      join(home, 'centos.iso'),
      tree,
    ]);
    await muster.up();
    await muster.run('image', 'add', join(home, 'centos.iso'), '--name', 'centos');
    await muster.run('image', 'add', tree, '--name', 'folder');
  });
  afterAll(async () => {
    await muster.close();
    await segment.close();
  });

  test('is recognised as what is on it', async () => {
    expect(await muster.run('image', 'show', 'centos')).toMatchObject({
      family: 'rhel',
      title: 'CentOS 7',
      kernel: 'images/pxeboot/vmlinuz',
    });
  });

  const encoded = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
  for (const image of ['centos', 'folder']) {
    for (const [door, fetch] of [
      [
        'HTTP',
        (path: string) => [
          'curl',
          '-sSf',
          '-g',
          `http://${SERVER_ADDRESS}:8080/images/${image}/${encoded(path)}`,
        ],
      ],
      [
        'FTP',
        (path: string) => ['curl', '-sSf', '-g', `ftp://${SERVER_ADDRESS}/images/${image}/${encoded(path)}`],
      ],
      [
        'TFTP',
        (path: string) => ['curl', '-sSf', '-g', `tftp://${SERVER_ADDRESS}/images/${image}/${encoded(path)}`],
      ],
    ] as const) {
      test(`of ${image}: every file comes over ${door}, byte for byte`, async () => {
        for (const [path, bytes] of Object.entries(FILES)) {
          // curl 7.88 takes a file without bytes for an error of TFTP (`tsize` 0).
          if (door === 'TFTP' && bytes.length === 0) continue;
          const [program = '', ...words] = fetch(path);
          const target = join(home, 'got');
          writeFileSync(target, '');
          await machine.run(program, [...words, '-o', target]);
          expect(sha256(readFileSync(target)), path).toBe(sha256(bytes));
        }
      });
    }

    test(`of ${image}: every file comes over NFS, byte for byte`, async () => {
      for (const [path, bytes] of Object.entries(FILES)) {
        const target = join(home, 'got');
        rmSync(target, { force: true });
        await machine.run('nfs-cp', [`nfs://${SERVER_ADDRESS}/images/${image}/${path}`, target]);
        expect(sha256(readFileSync(target)), path).toBe(sha256(bytes));
      }
    });

    test(`of ${image}: a whole copy by lftp is the tree`, async () => {
      const copy = join(home, `copy-${image}`);
      const script = `set ftp:passive-mode on; mirror --no-perms /images/${image} ${copy}; bye`;
      await machine.run('lftp', ['-e', script, `ftp://${SERVER_ADDRESS}`]);
      for (const [path, bytes] of Object.entries(FILES))
        expect(sha256(readFileSync(join(copy, path))), path).toBe(sha256(bytes));
      expect(readlinkSync(join(copy, 'boot'))).toBe('images/pxeboot');
      expect(readdirSync(join(copy, 'Packages')).length).toBe(2);
    });
  }

  test('what was fetched is told in sums, by door', async () => {
    for (const kind of ['http.tree', 'ftp.tree', 'nfs.mounted'] as const)
      await expect
        .poll(() => muster.told(kind).length, { ...EVENT_WAIT, timeout: 20_000 })
        .toBeGreaterThan(0);
    expect(muster.told('ftp.sent')[0]).toMatchObject({
      data: { file: 'centos/images/pxeboot/vmlinuz', complete: true },
    });
  });

  test('ends in order', async () => {
    expect(await muster.program.stop('SIGTERM')).toMatchObject({ code: 0, signal: undefined });
  });
});
