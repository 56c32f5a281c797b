import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseIpv4 } from '../../src/lib/addresses.ts';
import type { TftpServer } from '../../src/protocols/tftp/server-options.ts';
import { makeMachineWorld, type MachineWorld } from '../../src/servers/suite/machine-world.ts';
import { serveTftp } from '../../src/protocols/tftp/server.ts';
import { serveTftpDoor } from '../../src/servers/tftp.ts';
import { TftpCounts } from '../../src/servers/tftp-counts.ts';
import { UploadFolder } from '../../src/services/images/upload-folder.ts';

/** Real clients send real bytes on loopback. */

const FILE_BYTES = 2_000_000;
const ADDRESS = '127.0.0.1';

type Put = (port: number, file: string, name: string) => readonly [program: string, ...words: string[]];

function tftpHpa(mode: 'octet' | 'netascii'): Put {
  return (port, file, name) => ['tftp', '-m', mode, ADDRESS, String(port), '-c', 'put', file, name];
}

function atftp(...options: readonly string[]): Put {
  const flags = options.flatMap((option) => ['--option', option]);
  return (port, file, name) => ['atftp', ...flags, '--put', '-l', file, '-r', name, ADDRESS, String(port)];
}

function curl(...flags: readonly string[]): Put {
  return (port, file, name) => ['curl', '-sS', ...flags, '-T', file, `tftp://${ADDRESS}:${port}/${name}`];
}

const CLIENTS: Readonly<Record<string, Put>> = {
  'tftp-hpa': tftpHpa('octet'),
  atftp: atftp(),
  'atftp with options': atftp('blksize 1428', 'windowsize 8', 'tsize 0', 'timeout 3'),
  curl: curl(),
  'curl with large blocks': curl('--tftp-blksize', '1428'),
  'curl without options': curl('--tftp-no-options'),
  busybox: (port, file, name) => ['busybox', 'tftp', '-p', '-l', file, '-r', name, ADDRESS, String(port)],
};

let world: MachineWorld;
let folder = '';
let into = '';
let faults: unknown[] = [];
const servers: TftpServer[] = [];

beforeEach(async () => {
  faults = [];
  folder = mkdtempSync(join(tmpdir(), 'muster-put-'));
  into = join(folder, 'uploads');
  mkdirSync(into);
  world = await makeMachineWorld();
});

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close({ drainMs: 0 })));
  await world.events.settled();
  await world.close();
  rmSync(folder, { recursive: true });
  expect(faults).toEqual([]);
});

async function serve(dataPort: 'each' | 'same' = 'each', files = 10): Promise<TftpServer> {
  const server = await serveTftpDoor({
    ...world,
    serve: serveTftp,
    address: parseIpv4(ADDRESS),
    port: 0,
    dataPort,
    counts: new TftpCounts(),
    uploads: new UploadFolder({
      folder: into,
      limits: { fileBytes: FILE_BYTES, files, totalBytes: 2 * FILE_BYTES },
      randomHex: (bytes) => randomBytes(bytes).toString('hex'),
    }),
    report: (what, error) => what === 'failed' && faults.push(error),
  });
  servers.push(server);
  return server;
}

interface Finished {
  readonly failed: boolean;
  readonly output: string;
}

function run([program, ...words]: readonly [string, ...string[]]): Promise<Finished> {
  return new Promise((resolve) => {
    execFile(program, words, { timeout: 30_000 }, (error, stdout, stderr) =>
      resolve({ failed: error !== null, output: `${stdout}${stderr}` }),
    );
  });
}

function source(content: Uint8Array | string): string {
  const path = join(folder, 'source');
  writeFileSync(path, content);
  return path;
}

async function told(kind: string) {
  await expect
    .poll(async () => {
      await world.events.settled();
      return world.told.filter((event) => event.kind === kind).length;
    })
    .toBeGreaterThan(0);
  return world.told.filter((event) => event.kind === kind);
}

for (const [name, put] of Object.entries(CLIENTS)) {
  describe(name, () => {
    for (const dataPort of ['each', 'same'] as const) {
      test(`sends files of all sizes, byte for byte, with a port for ${dataPort}`, async () => {
        const server = await serve(dataPort);
        for (const bytes of [1, 511, 512, 1428 * 3, 300_000]) {
          const content = randomBytes(bytes);
          const { output } = await run(put(server.port, source(content), `file-${bytes}`));
          expect(readFileSync(join(into, `file-${bytes}`)).equals(content), output).toBe(true);
        }
        const [event] = await told('tftp.received');
        expect(event).toMatchObject({
          text: 'file-1 was received from 127.0.0.1 over TFTP',
          data: { file: 'file-1', bytes: 1, address: ADDRESS },
        });
      });
    }

    test('overwrites nothing', async () => {
      const server = await serve();
      writeFileSync(join(into, 'there'), 'first');
      await run(put(server.port, source('second'), 'there'));
      expect(readFileSync(join(into, 'there'), 'utf8')).toBe('first');
      const [event] = await told('tftp.refused');
      expect(event?.text).toBe('127.0.0.1 was not let write "there" over TFTP');
      expect(event?.because).toContain('nothing is overwritten');
    });

    test('cannot send what is too large, and nothing of it is left', async () => {
      const server = await serve();
      const { output, failed } = await run(put(server.port, source(randomBytes(FILE_BYTES + 1)), 'large'));
      expect(failed || /more than|disk full/i.test(output), output).toBe(true);
      await expect.poll(() => readdirSync(into)).toEqual([]);
    });
  });
}

test('tftp-hpa in netascii sends text, which gets the line ends of this system', async () => {
  const server = await serve();
  const text = Array.from({ length: 3000 }, (_, line) => `line ${line}${line % 7 === 0 ? '\r' : ''}\n`).join(
    '',
  );
  await run(tftpHpa('netascii')(server.port, source(text), 'text'));
  expect(readFileSync(join(into, 'text'), 'utf8')).toBe(text);
});

for (const name of ['../escaped', '.hidden', 'sub/file']) {
  test(`${name} is written nowhere`, async () => {
    const server = await serve();
    mkdirSync(join(into, 'sub'));
    const put: Put = (port, file, asked) => [
      'atftp',
      '--put',
      '-l',
      file,
      '-r',
      asked,
      ADDRESS,
      String(port),
    ];
    await run(put(server.port, source('x'), name));
    expect((await told('tftp.refused')).length).toBe(1);
    expect(readdirSync(folder).toSorted()).toEqual(['source', 'uploads']);
    expect(readdirSync(into)).toEqual(['sub']);
    expect(readdirSync(join(into, 'sub'))).toEqual([]);
  });
}

test('many clients at once each keep their own bytes', async () => {
  const server = await serve();
  const contents = Array.from({ length: 8 }, () => randomBytes(100_000));
  const puts = Object.values(CLIENTS).slice(0, 4);
  await Promise.all(
    contents.map(async (content, index) => {
      const path = join(folder, `source-${index}`);
      writeFileSync(path, content);
      await run(puts[index % puts.length]!(server.port, path, `many-${index}`));
    }),
  );
  for (const [index, content] of contents.entries())
    expect(readFileSync(join(into, `many-${index}`)).equals(content)).toBe(true);
});
