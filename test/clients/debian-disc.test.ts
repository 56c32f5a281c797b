import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LabRefusal } from '../../src/lab/lab-refusal.ts';
import { debianDisc } from '../boots-qemu/debian/debian-disc.ts';
import { MusterInNamespace, Segment, SERVER_ADDRESS } from './muster-in-namespace.ts';
import { describeInNamespace, type NetworkNamespace } from './namespace.ts';

const MAC = '52:54:00:00:00:93';
/** Downloads take a minute, where the disc was never made before. */
const MAKING_MS = 300_000;
const COPY_MS = 50_000;
/** An empty file is an error to curl over TFTP (`tsize` 0, curl 7.88). */
const EMPTY = createHash('sha256').digest('hex');

/** What is in a folder, by path: the sha256 of files, and where links lead. */
function contentOf(folder: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink()) found.set(relative(folder, path), `-> ${readlinkSync(path)}`);
    else if (entry.isFile())
      found.set(relative(folder, path), createHash('sha256').update(readFileSync(path)).digest('hex'));
  }
  return found;
}

describeInNamespace('muster up and an installer disc of Debian, through every door', () => {
  let segment: Segment;
  let muster: MusterInNamespace | undefined;
  let machine: NetworkNamespace;
  let home = '';
  /** As xorriso extracts it. */
  let wanted: ReadonlyMap<string, string>;
  let because: string | undefined;

  beforeAll(async () => {
    segment = await Segment.make();
    machine = await segment.plugIn(MAC);
    await machine.ip('address add 192.168.122.79/24 dev eth0');
    const disc = await debianDisc(() => undefined).catch((error: unknown) => {
      if (!(error instanceof LabRefusal) || process.env['CI']) throw error;
      because = error.message;
    });
    if (disc === undefined) return;
    muster = new MusterInNamespace(segment.server);
    home = join(muster.folder, 'here');
    const extracted = join(home, 'extracted');
    mkdirSync(extracted, { recursive: true });
    const words = ['-osirrox', 'on', '-indev', disc, '-extract', '/', extracted];
    expect(spawnSync('xorriso', words, { timeout: COPY_MS }).status).toBe(0);
    wanted = contentOf(extracted);
    await muster.up();
    await muster.run('image', 'add', disc, '--name', 'debian');
  }, MAKING_MS);
  afterAll(async () => {
    await muster?.close();
    await segment.close();
  });

  const files = (): readonly string[] =>
    [...wanted].filter(([, what]) => !what.startsWith('-> ')).map(([path]) => path);
  const encoded = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
  const onlyFiles = (content: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
    new Map([...content].filter(([, what]) => !what.startsWith('-> ')));

  test('it is recognised', async ({ skip }) => {
    if (muster === undefined) skip(because);
    expect(await muster?.run('image', 'show', 'debian')).toMatchObject({
      family: 'debian',
      title: 'Debian GNU/Linux 12.0.0 "Bookworm" (disc, packages only)',
      release: '12.0.0',
      architecture: 'x86_64',
    });
    expect(files().some((path) => path.endsWith('.udeb'))).toBe(true);
  });

  for (const [door, url, more] of [
    ['HTTP', `http://${SERVER_ADDRESS}:8080`, []],
    ['FTP', `ftp://${SERVER_ADDRESS}`, []],
    ['TFTP', `tftp://${SERVER_ADDRESS}`, ['--tftp-blksize', '65464']],
  ] as const) {
    test(`every file comes over ${door}, byte for byte`, async ({ skip }) => {
      if (muster === undefined) skip(because);
      const copy = join(home, door);
      const paths = files().filter((path) => door !== 'TFTP' || wanted.get(path) !== EMPTY);
      const words = paths.flatMap((path) => [
        '-o',
        join(copy, path),
        `${url}/images/debian/${encoded(path)}`,
      ]);
      await machine.run('curl', ['-sSf', '-g', '--create-dirs', ...more, ...words], { timeoutMs: COPY_MS });
      expect(contentOf(copy)).toEqual(new Map(paths.map((path) => [path, wanted.get(path)])));
    });
  }

  test.skipIf(!existsSync('/usr/bin/lftp'))(
    'a copy of the whole by lftp has its links, too',
    async ({ skip }) => {
      if (muster === undefined) skip(because);
      const copy = join(home, 'lftp');
      const script = `set ftp:passive-mode on; mirror --no-perms /images/debian ${copy}; bye`;
      await machine.run('lftp', ['-e', script, `ftp://${SERVER_ADDRESS}`], { timeoutMs: COPY_MS });
      expect(contentOf(copy)).toEqual(wanted);
    },
  );

  test.skipIf(!existsSync('/usr/bin/nfs-cp'))(
    'every file comes over NFS, byte for byte',
    async ({ skip }) => {
      if (muster === undefined) skip(because);
      const copy = join(home, 'NFS');
      for (const path of files()) {
        mkdirSync(join(copy, path, '..'), { recursive: true });
        await machine.run('nfs-cp', [`nfs://${SERVER_ADDRESS}/images/debian/${path}`, join(copy, path)]);
      }
      expect(contentOf(copy)).toEqual(onlyFiles(wanted));
    },
  );
});
