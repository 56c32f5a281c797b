import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { toolProgram } from '../../src/core/tools/tool-program.ts';

/**
 * The program that overwrites a disk, in the shells of installers, on block devices whose disk is a file. Of what it
 * does, only the new start of the computer is left out.
 */

const run = promisify(execFile);
const MEBIBYTE = 1_048_576;
/** No whole number of MiB, and of sectors with something on each of them. */
const DISK_BYTES = 3 * MEBIBYTE + 512;

let folder = '';
let image = '';
let disk = '';
let server: Server;
let url = '';
const reports: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-wipe-'));
  await mkdir(join(folder, 'busybox'));
  await run('busybox', ['--install', '-s', join(folder, 'busybox')]);
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const what = basename(request.url ?? '');
      const words = new URLSearchParams(Buffer.concat(chunks).toString());
      reports.push(what === 'facts' ? what : `${what}: ${words.get('message') ?? words.get('step')}`);
      response.end('ok\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  url = `http://127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}/installs/token`;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

beforeEach(async () => {
  reports.length = 0;
  image = join(folder, 'disk.img');
  await writeFile(image, Buffer.alloc(DISK_BYTES, 0xa5));
  const { stdout } = await run('losetup', ['--find', '--show', image]);
  disk = basename(stdout.trim());
});
afterEach(async () => {
  await run('losetup', ['--detach', `/dev/${disk}`]);
});

/** As it is told to the machine, but that this computer goes on. */
function programFor(wanted: string): string {
  const program = toolProgram({ tool: 'wipe', disk: wanted }, url) ?? '';
  const tame = program
    .replace(/^restart\(\) \{\n(?:.*\n)*?\}$/m, 'restart() { exit 0; }')
    .replace('/proc/sys/vm/drop_caches', '/dev/null');
  if (/reboot|sysrq/.test(tame)) throw new Error('the program would start this computer anew');
  return tame;
}

interface Shell {
  readonly name: string;
  readonly words: readonly [string, ...string[]];
  /** It has the applets of busybox and nothing else. */
  readonly isBare?: true;
}

const SHELLS: readonly Shell[] = [
  { name: 'bash with curl', words: ['/bin/bash'] },
  { name: 'busybox and nothing else', words: ['/usr/bin/busybox', 'sh'], isBare: true },
];

async function start({ words: [shell, ...words], isBare }: Shell, program: string): Promise<void> {
  const path = join(folder, 'tool.sh');
  await writeFile(path, program);
  const env = isBare ? { PATH: join(folder, 'busybox') } : process.env;
  await run(shell, [...words, path], { env, timeout: 60_000 });
}

async function isUntouched(): Promise<boolean> {
  return (await readFile(image)).every((byte) => byte === 0xa5);
}

describe.each(SHELLS)('$name', (shell) => {
  test('overwrites the whole disk to its last byte, tells how far it is, and what the disks hold then', async () => {
    await start(shell, programFor(disk));
    expect(reports).toEqual([
      'started: looking for the disk',
      `progress: wiping ${disk}`,
      'facts',
      `finished: disk ${disk} is blank`,
    ]);
    const left = await readFile(image);
    expect(left).toHaveLength(DISK_BYTES);
    expect(left.every((byte) => byte === 0)).toBe(true);
  });

  for (const [what, wanted] of [
    ['a disk that is not there', () => 'disk/by-id/ata-NONE'],
    ['a file below /dev that is no disk', () => 'null'],
    ['a part of a disk, which has no size of its own in /sys/block', () => `${disk}p1`],
  ] as const) {
    test(`overwrites nothing for ${what}`, async () => {
      await start(shell, programFor(wanted()));
      expect(reports).toEqual([
        'started: looking for the disk',
        `failed: There is no disk ${wanted()} in this machine, or it is a part of one`,
      ]);
      expect(await isUntouched()).toBe(true);
    });
  }

  test('a disk without a size is not said to be blank', async () => {
    const { stdout } = await run('losetup', ['--find']);
    const empty = basename(stdout.trim());
    await start(shell, programFor(empty));
    expect(reports.at(-1)).toBe(`failed: The disk ${empty} has no size, so nothing can be written to it`);
  });

  test('half a program overwrites nothing', async () => {
    const program = programFor(disk);
    for (const share of [0.9, 0.95, 0.99]) {
      await start(shell, program.slice(0, Math.floor(program.length * share))).catch(() => undefined);
      expect(await isUntouched()).toBe(true);
    }
    const withoutLastLine = program.slice(0, program.trimEnd().lastIndexOf('\n'));
    await start(shell, withoutLastLine);
    expect(await isUntouched()).toBe(true);
    expect(reports).toEqual([]);
  });
});
