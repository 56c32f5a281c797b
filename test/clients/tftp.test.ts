import { execFile } from 'node:child_process';
import { createHash, randomFillSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseIpv4 } from '../../src/lib/addresses.ts';
import type { ByteSource } from '../../src/lib/byte-source.ts';
import { systemLibc } from '../../src/os/suite/system-libc.ts';
import { TftpPlane } from '../../src/protocols/tftp/plane.ts';
import { serveTftp } from '../../src/protocols/tftp/server.ts';
import type {
  RefusedRequest,
  TftpServer,
  TftpServerOptions,
  TransferReport,
} from '../../src/protocols/tftp/server-options.ts';
import { openInsideFolder } from '../../src/services/images/folder-tree.ts';

/** Real clients fetch real bytes on loopback. */

const MIB = 1024 * 1024;
/** A client may take this long for one file, in milliseconds. */
const CLIENT_MS = 45_000;

const files = new Map<string, Uint8Array>([
  ['empty', new Uint8Array(0)],
  ['one', random(1)],
  ['512', random(512)],
  ['511', random(511)],
  ['1428x3', random(1428 * 3)],
  ['1468x32', random(1468 * 32)],
  ['5m', random(5 * MIB)],
  ['text', Buffer.from('a line\nanother\rwith a return\n\nthe last without an end')],
  ['longtext', Buffer.from(Array.from({ length: 20_000 }, (_, line) => `line ${line}\n`).join(''))],
]);
/** 70,000 blocks of 512 bytes and a little: more than block numbers have. */
const ROLL_OVER = random(70_000 * 512 + 5);

interface Client {
  readonly name: string;
  readonly program: string;
  readonly argv: (port: number, file: string, target: string) => string[];
  /** What the server must have granted. */
  readonly granted: Record<string, string>;
  readonly mode?: 'octet' | 'netascii';
}

function tftpHpa(mode: 'octet' | 'netascii'): Client {
  return {
    name: `tftp-hpa ${mode}`,
    program: 'tftp',
    argv: (port, file, target) => ['-m', mode, '127.0.0.1', String(port), '-c', 'get', file, target],
    granted: {},
    mode,
  };
}

function atftp(name: string, options: readonly string[], granted: Record<string, string>): Client {
  const flags = options.flatMap((option) => ['--option', option]);
  return {
    name: `atftp ${name}`,
    program: 'atftp',
    argv: (port, file, target) => [...flags, '--get', '-r', file, '-l', target, '127.0.0.1', String(port)],
    granted,
  };
}

function curl(name: string, flags: readonly string[], granted: Record<string, string>): Client {
  return {
    name: `curl ${name}`,
    program: 'curl',
    argv: (port, file, target) => ['-sS', ...flags, '-o', target, `tftp://127.0.0.1:${port}/${file}`],
    granted,
  };
}

function busybox(name: string, flags: readonly string[], granted: Record<string, string>): Client {
  return {
    name: `busybox ${name}`,
    program: 'busybox',
    argv: (port, file, target) => [
      'tftp',
      '-g',
      ...flags,
      '-r',
      file,
      '-l',
      target,
      '127.0.0.1',
      String(port),
    ],
    granted,
  };
}

const PLAIN_CURL = curl('without options', ['--tftp-no-options'], {});
/** `tsize` stands for the size of the file. */
const CLIENTS: readonly Client[] = [
  tftpHpa('octet'),
  atftp('without options', [], {}),
  atftp('blksize 1428', ['blksize 1428'], { blksize: '1428' }),
  atftp('windowsize 16', ['windowsize 16'], { windowsize: '16' }),
  atftp('all options', ['blksize 1428', 'windowsize 16', 'tsize 0', 'timeout 3'], {
    blksize: '1428',
    windowsize: '16',
    tsize: 'size',
    timeout: '3',
  }),
  PLAIN_CURL,
  curl('', [], { blksize: '512', tsize: 'size', timeout: '6' }),
  curl('--tftp-blksize 1428', ['--tftp-blksize', '1428'], { blksize: '1428', tsize: 'size', timeout: '6' }),
  curl('--tftp-blksize 8', ['--tftp-blksize', '8'], { blksize: '8', tsize: 'size', timeout: '6' }),
  busybox('', [], { tsize: 'size' }),
  busybox('-b 1468', ['-b', '1468'], { blksize: '1468', tsize: 'size' }),
  busybox('-b 65464', ['-b', '65464'], { blksize: '1468', tsize: 'size' }),
];

/** Scratch, and the files that are served below it. */
const folder = mkdtempSync(join(tmpdir(), 'muster-tftp-clients-'));
const served = join(folder, 'served');
mkdirSync(served);
for (const [name, bytes] of [...files, ['rollover', ROLL_OVER] as const])
  writeFileSync(join(served, name), bytes);
afterAll(() => rm(folder, { recursive: true }));

interface Way {
  readonly serve: (options: TftpServerOptions) => Promise<TftpServer>;
  readonly serveFromOnePort: (options: TftpServerOptions) => Promise<TftpServer>;
  readonly close: () => Promise<void>;
  /** Of the largest file, in one transfer. */
  readonly mostReads: number;
  /** What must not be told. The plane's port outlives a transfer, so what a client says too late comes to it. */
  readonly faults: readonly ('dropped' | 'failed')[];
}

const PLAIN: Way = {
  serve: serveTftp,
  serveFromOnePort: (options) => serveTftp({ ...options, dataPort: 'same' }),
  close: () => Promise.resolve(),
  mostReads: ROLL_OVER.length / (32 * 1024),
  faults: ['dropped', 'failed'],
};

/** Two threads that answer from their own ports, and two that answer from the port that was asked. */
function startPlanes(): Way {
  const [shared, same] = (['shared', 'same'] as const).map(
    (dataPort) =>
      new TftpPlane({
        libc: systemLibc(),
        threads: 2,
        dataPort,
        report: (_what, error) => {
          throw error;
        },
        restarted: ({ because }) => {
          throw new Error(`The plane died: ${because}`);
        },
      }),
  );
  return {
    serve: (options) => shared!.serve(options),
    serveFromOnePort: (options) => same!.serve(options),
    close: async () => void (await Promise.all([shared!.close(), same!.close()])),
    mostReads: 1,
    faults: ['failed'],
  };
}

describe.each([
  ['the plain server', PLAIN],
  ['the plane', startPlanes()],
])('over %s', (_name, way) => {
  let server: TftpServer;
  /** The same files, with `dataPort: 'same'`. */
  let onePort: TftpServer;
  let ends: TransferReport[] = [];
  let refusals: RefusedRequest[] = [];
  let faults: unknown[] = [];
  let reads = 0;

  beforeAll(async () => {
    const options: TftpServerOptions = {
      address: parseIpv4('127.0.0.1'),
      port: 0,
      async open({ name }) {
        const opened = await openInsideFolder(served, name);
        return opened.found
          ? { open: true, source: counted(opened.source), holdsFor: 'everyone' }
          : { open: false, code: 1, message: 'there is no such file' };
      },
      onEnd: (end) => ends.push(end),
      onRefused: (refused) => refusals.push(refused),
      report: (what, error) => way.faults.includes(what) && faults.push(error),
    };
    server = await way.serve(options);
    onePort = await way.serveFromOnePort(options);
  });

  afterAll(async () => {
    await server.close({ drainMs: 0 });
    await onePort.close({ drainMs: 0 });
    await way.close();
  });

  beforeEach(() => {
    [ends, refusals, faults, reads] = [[], [], [], 0];
  });

  for (const client of CLIENTS) {
    describe(client.name, () => {
      for (const [name, bytes] of files) {
        const text = name.includes('text');
        // curl calls an OACK with tsize 0 illegal, although RFC 2349 has it; see docs/supported-tftp.md.
        if (client.program === 'curl' && client.granted['tsize'] && bytes.length === 0) continue;
        // Each of the 655,361 blocks of 8 bytes would cost a turn.
        if (text || (client.granted['blksize'] === '8' && bytes.length > MIB)) continue;
        test(`fetches ${name} (${bytes.length} bytes)`, { timeout: CLIENT_MS }, async () => {
          const target = join(folder, 'fetched');
          await run(client.program, client.argv(server.port, name, target));
          expect(sha256(await readFile(target))).toBe(sha256(bytes));
          await ended();
          const options = Object.fromEntries(ends[0]!.options.map((option) => [option.name, option.value]));
          const granted = {
            ...client.granted,
            ...(client.granted['tsize'] ? { tsize: String(bytes.length) } : {}),
          };
          expect({ ...ends[0], options }).toMatchObject({
            outcome: 'sent',
            bytes: bytes.length,
            options: granted,
          });
          expect(Object.keys(options).sort()).toEqual(Object.keys(granted).sort());
          await rm(target);
        });
      }

      test('hears at once that a file is missing', async () => {
        const target = join(folder, 'missing');
        const { output, milliseconds } = await run(
          client.program,
          client.argv(server.port, 'nothere', target),
          'any exit',
        );
        // curl shows only its number (CURLE_TFTP_NOTFOUND).
        expect(output).toMatch(/no such file|^curl: \(68\)/i);
        expect(milliseconds).toBeLessThan(3000);
        await expect.poll(() => refusals).toMatchObject([{ op: 'RRQ', name: 'nothere', code: 1 }]);
        await rm(target, { force: true });
      });
    });
  }

  describe('tftp-hpa netascii', () => {
    const client = tftpHpa('netascii');
    for (const name of ['empty', 'text', 'longtext']) {
      test(`fetches ${name} and gets back its own line ends`, async () => {
        const target = join(folder, 'text');
        await run(client.program, client.argv(server.port, name, target));
        expect(sha256(await readFile(target))).toBe(sha256(files.get(name)!));
        await ended();
        expect(ends[0]).toMatchObject({ outcome: 'sent', mode: 'netascii' });
      });
    }
  });

  describe('an upload is refused with a text that says why', () => {
    for (const [program, argv] of [
      ['tftp', (port, file) => ['-m', 'octet', '127.0.0.1', String(port), '-c', 'put', file, 'up']],
      ['atftp', (port, file) => ['--put', '-l', file, '-r', 'up', '127.0.0.1', String(port)]],
      ['curl', (port, file) => ['-sS', '-T', file, `tftp://127.0.0.1:${port}/up`]],
      ['busybox', (port, file) => ['tftp', '-p', '-l', file, '-r', 'up', '127.0.0.1', String(port)]],
    ] as const satisfies readonly (readonly [string, (port: number, file: string) => string[]])[]) {
      test(`to ${program}`, async () => {
        const file = join(folder, 'upload');
        await writeFile(file, 'bytes');
        const { output } = await run(program, argv(server.port, file), 'any exit');
        // curl shows no text, only its own number for error 2 (CURLE_TFTP_PERM).
        expect(output).toMatch(/uploads are switched off|^curl: \(69\)/i);
        await expect.poll(() => refusals).toMatchObject([{ op: 'WRQ', name: 'up', code: 2 }]);
      });
    }
  });

  test('a file of more than 32 MiB in blocks of 512 bytes rolls over', { timeout: CLIENT_MS }, async () => {
    const target = join(folder, 'rollover');
    await run(PLAIN_CURL.program, PLAIN_CURL.argv(server.port, 'rollover', target));
    expect(sha256(await readFile(target))).toBe(sha256(ROLL_OVER));
    await ended();
    expect(ends[0]).toMatchObject({ outcome: 'sent', bytes: ROLL_OVER.length, options: [] });
    // Read in chunks, not in blocks, or not at all.
    expect(reads).toBeLessThan(way.mostReads);
  });

  describe('where all answers come from the port that was asked', () => {
    for (const client of CLIENTS) {
      test(`${client.name} fetches a file`, async () => {
        const target = join(folder, 'one-port');
        await run(client.program, client.argv(onePort.port, '1428x3', target));
        expect(sha256(await readFile(target))).toBe(sha256(files.get('1428x3')!));
        await ended();
        expect(ends[0]).toMatchObject({ outcome: 'sent' });
      });
    }
  });

  test('many clients at once get their own bytes', { timeout: CLIENT_MS }, async () => {
    const jobs = Array.from({ length: 24 }, async (_, index) => {
      const client = CLIENTS[[2, 4, 7][index % 3]!]!;
      const target = join(folder, `many-${index}`);
      await run(client.program, client.argv(server.port, '1468x32', target));
      return sha256(await readFile(target));
    });
    expect(new Set(await Promise.all(jobs))).toEqual(new Set([sha256(files.get('1468x32')!)]));
    expect(faults).toEqual([]);
  });

  // Last, because curl leaves without a word and the server goes on asking for a while.
  test('curl with options cannot take an empty file: it calls the size 0 illegal', async () => {
    const argv = ['-sS', '-o', join(folder, 'none'), `tftp://127.0.0.1:${server.port}/empty`];
    await expect(run('curl', argv)).rejects.toThrow('curl: (71)');
  });

  /** The client's report of the end may come a moment before ours. */
  async function ended(): Promise<void> {
    for (let wait = 0; wait < 200 && ends.length === 0; wait += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(ends.length).toBe(1);
    expect(faults).toEqual([]);
  }

  function counted(source: ByteSource): ByteSource {
    return {
      ...source,
      read(offset, length) {
        reads += 1;
        return source.read(offset, length);
      },
    };
  }
});

interface Run {
  readonly output: string;
  readonly milliseconds: number;
}

/** Runs a program to its end. tftp-hpa and others exit with 0 after an error, so the output counts too. */
function run(program: string, argv: readonly string[], exit: 'exit 0' | 'any exit' = 'exit 0'): Promise<Run> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    execFile(program, argv, { timeout: CLIENT_MS, cwd: folder }, (error, stdout, stderr) => {
      const milliseconds = performance.now() - started;
      const output = `${stdout}${stderr}`;
      if (error?.killed) reject(new Error(`${program} did not end within ${CLIENT_MS} ms: ${output}`));
      else if (error && exit === 'exit 0')
        reject(new Error(`${program} ${argv.join(' ')}: ${error.message} ${output}`));
      else resolve({ output, milliseconds });
    });
  });
}

function random(size: number): Uint8Array {
  return randomFillSync(new Uint8Array(size));
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
