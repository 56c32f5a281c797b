import { execFile, spawn, spawnSync } from 'node:child_process';
import { createHash, randomFillSync } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseIpv4 } from '../../../src/lib/addresses.ts';
import type { ByteSource } from '../../../src/lib/byte-source.ts';
import { parseIp, urlHost } from '../../../src/lib/ipv6-address.ts';
import { FtpPlane } from '../../../src/protocols/ftp/plane.ts';
import { loadLibc } from '../../../src/os/libc.ts';
import { serveFtp } from '../../../src/protocols/ftp/server.ts';
import type { FtpRefusal, FtpServer, FtpTransferReport } from '../../../src/protocols/ftp/server-options.ts';
import { MADE_MS, MemoryTree } from '../../../src/lib/suite/memory-tree.ts';
import { describeInNamespace, makeNamespace, type NetworkNamespace } from '../namespace.ts';

import { sourceOnDisk } from './source-on-disk.ts';

/** Real FTP clients fetch real bytes on loopback, and in a network namespace where addresses matter. */

/** A client may take this long, in milliseconds. */
const CLIENT_MS = 45_000;
const BIG = randomFillSync(new Uint8Array(12 * 1024 * 1024 + 3));
const TEXT = 'a line\nanother\nthe last without an end';
const MANY = Object.fromEntries(
  Array.from({ length: 600 }, (_, at) => [`package-${at}_1.0_all.deb`, `${at}`]),
);

export function ftpClientsSuite(way: 'plain' | 'plane'): void {
  /** No buffer of the system takes it whole, so its transfer runs for as long as its client does. */
  const ENDLESS: ByteSource = {
    size: 1e12,
    read: (_, length) => Promise.resolve(new Uint8Array(length)),
    close: () => Promise.resolve(),
  };

  const folder = mkdtempSync(join(tmpdir(), 'muster-ftp-clients-'));
  afterAll(() => rm(folder, { recursive: true }));

  /** With the plane, what a thread can send. */
  const whole = (name: string, bytes: string | Uint8Array): string | Uint8Array | ByteSource =>
    way === 'plane' ? sourceOnDisk(join(folder, name), [bytes]) : bytes;
  const tree = new MemoryTree({
    endless: {
      folder: {
        file:
          way === 'plane'
            ? sourceOnDisk(join(folder, 'endless'), Array<Uint8Array>(1000).fill(BIG))
            : ENDLESS,
      },
    },
    'hello.txt': whole('hello', 'hello\nworld\n'),
    text: whole('text', TEXT),
    empty: whole('empty', ''),
    big: whole('big', BIG),
    dists: { folder: { stable: { folder: { Release: 'Suite: stable\n', 'sp ace & ü': 'odd' } } } },
    pool: { folder: MANY },
    latest: { link: 'dists/stable/Release' },
    debian: { link: '.' },
    out: { link: '../../../etc/passwd' },
  });

  let plane: FtpPlane | undefined;
  const servers: FtpServer[] = [];
  let server: FtpServer;
  let overIpv6: FtpServer;
  let ends: FtpTransferReport[] = [];
  let refusals: FtpRefusal[] = [];
  let faults: unknown[] = [];

  beforeAll(async () => {
    if (way === 'plane') plane = openPlane();
    for (const address of [parseIpv4('127.0.0.1'), parseIp('::1')])
      servers.push(
        await serveFtp({
          address,
          port: 0,
          tree,
          clock: { nowMs: () => MADE_MS },
          onEnd: (end) => ends.push(end),
          onRefused: (refusal) => refusals.push(refusal),
          report: (_, error) => faults.push(error),
          plane,
        }),
      );
    [server, overIpv6] = servers as [FtpServer, FtpServer];
  });

  afterAll(async () => {
    await Promise.all(servers.map((each) => each.close({ drainMs: 0 })));
    await plane?.close();
  });

  function openPlane(): FtpPlane {
    const libc = loadLibc();
    if ('unavailable' in libc) throw new Error(libc.because);
    return new FtpPlane({
      libc,
      threads: 1,
      report: (_, error) => faults.push(error),
      restarted: ({ because }) => faults.push(because),
    });
  }

  beforeEach(async () => {
    [ends, refusals, faults] = [[], [], []];
    await rm(scratch(), { recursive: true, force: true });
    await mkdir(scratch());
  });

  afterEach(async () => {
    expect(faults).toEqual([]);
    await expect.poll(() => servers.map(({ connections }) => connections), { timeout: 5000 }).toEqual([0, 0]);
    expect(tree.closed).toBe(tree.opened);
  });

  describe('curl', () => {
    for (const [what, options] of [
      ['', []],
      ['with PASV', ['--disable-epsv']],
      ['with EPRT, where the server connects', ['--ftp-port', '-']],
      ['with PORT', ['--ftp-port', '-', '--disable-eprt']],
      ['with one CWD', ['--ftp-method', 'singlecwd']],
      ['without CWD', ['--ftp-method', 'nocwd']],
      ['that would rather have TLS', ['--ssl']],
    ] as const) {
      test(`fetches files ${what}`, async () => {
        await run('curl', ['-sS', ...options, '-o', '#1', `${url()}/{big,empty,hello.txt}`]);
        expect([hashOf('big'), hashOf('empty'), hashOf('hello.txt')]).toEqual([
          sha256(BIG),
          sha256(''),
          sha256('hello\nworld\n'),
        ]);
        expect(ends.every(({ outcome }) => outcome === 'sent')).toBe(true);
      });
    }

    test('fetches over IPv6', async () => {
      for (const options of [[], ['--ftp-port', '-']])
        expect((await run('curl', ['-sSg', ...options, `${url(overIpv6)}/hello.txt`])).output).toBe(
          'hello\nworld\n',
        );
    });

    test('fetches below folders and through links, with names that need quoting', async () => {
      const paths = [
        'dists/stable/Release',
        'latest',
        'debian/debian/latest',
        '/%2F/dists/stable/sp%20ace%20%26%20%C3%BC',
      ];
      for (const path of paths)
        expect((await run('curl', ['-sS', `${url()}/${path}`])).output).toMatch(/^(Suite: stable\n|odd)$/);
    });

    test('fetches a range, and resumes', async () => {
      await run('curl', ['-sS', '-r', '1000000-1999999', '-o', 'range', `${url()}/big`]);
      expect(hashOf('range')).toBe(sha256(BIG.subarray(1_000_000, 2_000_000)));
      await writeFile(scratch('big'), BIG.subarray(0, 5_000_000));
      await run('curl', ['-sS', '-C', '-', '-o', 'big', `${url()}/big`]);
      expect(hashOf('big')).toBe(sha256(BIG));
    });

    test('asks for size and time without the file', async () => {
      const { output } = await run('curl', ['-sSI', `${url()}/big`]);
      expect(output).toContain(`Content-Length: ${BIG.length}`);
      expect(output).toContain('Last-Modified: Tue, 02 Jan 2024 03:04:05 GMT');
      expect(ends).toEqual([]);
    });

    test('fetches text in TYPE A', async () => {
      expect((await run('curl', ['-sS', '--use-ascii', `${url()}/text`])).output).toBe(TEXT);
    });

    test('lists', async () => {
      const { output: long } = await run('curl', ['-sS', `${url()}/`]);
      expect(long).toMatch(/^drwxr-xr-x .* Jan {2}2 03:04 dists$/m);
      expect(long).toMatch(/^lrwxrwxrwx .* latest -> dists\/stable\/Release$/m);
      const { output: names } = await run('curl', ['-sSl', `${url()}/pool/`]);
      expect(names.trim().split(/\s+/)).toEqual(Object.keys(MANY));
    });

    test('hears what is not there, and what is not allowed', async () => {
      expect((await run('curl', ['-sS', `${url()}/nothing`], 'any exit')).code).toBe(78);
      expect((await run('curl', ['-sS', `${url()}/out`], 'any exit')).code).toBe(78);
      expect((await run('curl', ['-sS', `${url()}/no/folder`], 'any exit')).code).toBe(9);
      expect((await run('curl', ['-sS', '-T', process.execPath, `${url()}/up`], 'any exit')).code).toBe(25);
      expect((await run('curl', ['-sS', '-u', 'root:x', `${url()}/big`], 'any exit')).code).toBe(67);
      expect((await run('curl', ['-sS', '--ssl-reqd', `${url()}/big`], 'any exit')).code).toBe(64);
      expect(refusals.map(({ verb, code }) => `${verb} ${code}`)).toEqual([
        'CWD 550',
        'STOR 550',
        'USER 530',
      ]);
    });

    test('that is killed leaves nothing open', async () => {
      const argv = ['-s', '--limit-rate', '100k', '-o', '/dev/null', `${url()}/endless/file`];
      const child = spawn('curl', argv, { stdio: 'ignore' });
      try {
        await expect.poll(() => server.transfers, { timeout: 5000 }).toBe(1);
      } finally {
        child.kill('SIGKILL');
      }
      await expect.poll(() => server.connections, { timeout: 5000 }).toBe(0);
      await expect.poll(() => ends).toMatchObject([{ path: '/endless/file', outcome: 'failed' }]);
    });

    test('many at once get their bytes', async () => {
      const all = Array.from({ length: 12 }, async (_, at) => {
        await run('curl', ['-sS', '-o', `many-${at}`, `${url()}/big`]);
        return hashOf(`many-${at}`);
      });
      expect(new Set(await Promise.all(all))).toEqual(new Set([sha256(BIG)]));
    });
  });

  describe('GNU wget', () => {
    for (const options of [[], ['--no-passive-ftp']]) {
      test(`mirrors ${options.join('')}`, async () => {
        await run('wget', ['-q', '-m', '-nH', ...options, `${url()}/dists/`, `${url()}/pool/`]);
        expect(hashOf('dists/stable/Release')).toBe(sha256('Suite: stable\n'));
        expect(hashOf('dists/stable/sp ace & ü')).toBe(sha256('odd'));
        expect(readdirSync(scratch('pool')).filter((name) => name.endsWith('.deb'))).toHaveLength(600);
      });
    }

    test('continues, and leaves alone what it has', async () => {
      await writeFile(scratch('big'), BIG.subarray(0, 7_000_001));
      await run('wget', ['-q', '-c', `${url()}/big`]);
      expect(hashOf('big')).toBe(sha256(BIG));
      await run('wget', ['-q', '-c', `${url()}/big`]);
      expect(ends).toHaveLength(1);
    });

    test('fetches by a pattern', async () => {
      await run('wget', ['-q', `${url()}/pool/package-1?_*.deb`]);
      expect(readdirSync(scratch())).toHaveLength(10);
    });

    test('hears what is not there', async () => {
      const { output, code } = await run('wget', ['-nv', `${url()}/nothing`], 'any exit');
      expect(output).toMatch(/No such file/);
      expect(code).toBe(8);
    });
  });

  describe('busybox wget', () => {
    test('fetches, and continues also what it has', async () => {
      await run('busybox', ['wget', '-q', '-O', 'big', `${url()}/big`]);
      await run('busybox', ['wget', '-q', '-O', 'r', `${url()}/dists/stable/Release`]);
      expect([hashOf('big'), hashOf('r')]).toEqual([sha256(BIG), sha256('Suite: stable\n')]);
      for (const length of [100_000, BIG.length]) {
        await writeFile(scratch('big'), BIG.subarray(0, length));
        await run('busybox', ['wget', '-q', '-c', '-O', 'big', `${url()}/big`]);
        expect(hashOf('big')).toBe(sha256(BIG));
      }
    });

    test('says the words that the Debian installer looks for', async () => {
      const { output } = await run('busybox', ['wget', '-O', 'x', `${url()}/nothing`], 'any exit');
      expect(output).toMatch(/bad response to RETR: 550 No such file/);
    });
  });

  describe('lftp', () => {
    const settings = 'set net:max-retries 1; set net:timeout 10;';

    for (const [what, set] of [
      ['', ''],
      ['without MLSD', 'set ftp:use-mlsd no;'],
      ['without FEAT', 'set ftp:use-feat no;'],
      ['where the server connects', 'set ftp:passive-mode no;'],
    ] as const) {
      test(`mirrors, links as links ${what}`, async () => {
        await lftp(`${set} open ${url()}; mirror --exclude pool/ --exclude endless/ . m`);
        expect([hashOf('m/big'), hashOf('m/dists/stable/sp ace & ü')]).toEqual([sha256(BIG), sha256('odd')]);
        expect(readlinkSync(scratch('m/latest'))).toBe('dists/stable/Release');
        expect(readlinkSync(scratch('m/debian'))).toBe('.');
      });
    }

    test('fetches in four pieces at once', async () => {
      await lftp(`open ${url()}; pget -n 4 big`);
      expect(hashOf('big')).toBe(sha256(BIG));
    });

    test('breaks a transfer off and goes on with the next', async () => {
      await lftp(
        `open ${url()}; set net:limit-rate 200k; get endless/file & sleep 1; kill all; set net:limit-rate 0; cat hello.txt`,
      );
      await expect
        .poll(() => ends.map(({ path, outcome }) => `${path} ${outcome}`))
        .toEqual(['/endless/file failed', '/hello.txt sent']);
    });

    // Without `ssl-allow-anonymous` it does not try for an anonymous user.
    const wantsTls = 'set ftp:ssl-allow-anonymous yes; set ftp:use-feat no;';

    test('that would rather have TLS goes on without', async () => {
      const { output } = await lftp(`debug -o debug 5; ${wantsTls} open ${url()}; cat hello.txt`);
      expect(output).toBe('hello\nworld\n');
      expect(readFileSync(scratch('debug'), 'utf8')).toMatch(/AUTH TLS[\s\S]*502 TLS/);
    });

    test('that insists on TLS is refused at once', async () => {
      const insists = `${wantsTls} set ftp:ssl-force yes;`;
      const { output, milliseconds } = await lftp(`${insists} open ${url()}; cat hello.txt`, 'any exit');
      expect(output).toMatch(/ftp:ssl-force is set and server does not support or allow SSL/);
      expect(milliseconds).toBeLessThan(8000);
    });

    test('cannot write', async () => {
      const { output } = await lftp(
        `open ${url()}; mkdir x; rm hello.txt; mv text text2; chmod 777 text; put /etc/hostname`,
        'any exit',
      );
      expect(output.match(/550 This server is read-only/g)?.length).toBeGreaterThanOrEqual(4);
      expect(refusals.map(({ verb }) => verb)).toEqual(
        expect.arrayContaining(['MKD', 'DELE', 'RNFR', 'STOR']),
      );
    });

    function lftp(commands: string, exit: 'exit 0' | 'any exit' = 'exit 0'): Promise<Run> {
      return run('lftp', ['-c', `${settings} ${commands}`], exit);
    }
  });

  const PYTHON = spawnSync('python3', ['--version']).status === 0;
  describe.skipIf(!PYTHON)(`Python's ftplib${PYTHON ? '' : ' (skipped: no python3 here)'}`, () => {
    test('lists facts, fetches, aborts and fetches again', async () => {
      const script = `
import ftplib, hashlib, sys
ftp = ftplib.FTP()
ftp.connect('127.0.0.1', ${server.port}, 10)
ftp.login()
print([(name, facts.get('type'), facts.get('size')) for name, facts in ftp.mlsd('dists/stable')])
print(ftp.nlst('dists/stable'))
ftp.voidcmd('TYPE I')
print(ftp.size('big'))
data = ftp.transfercmd('RETR big')
data.recv(1000)
data.close()
print(ftp.abort())
try: print(ftp.voidresp())
except ftplib.all_errors as error: print(error)
digest = hashlib.sha256()
ftp.retrbinary('RETR big', digest.update, rest=5)
print(digest.hexdigest())
print(ftp.quit())
`;
      const { output } = await run('python3', ['-c', script]);
      expect(output).toContain("[('Release', 'file', '14'), ('sp ace & ü', 'file', '3')]");
      expect(output).toContain("['dists/stable/Release', 'dists/stable/sp ace & ü']");
      expect(output).toContain(sha256(BIG.subarray(5)));
      expect(output).toMatch(/^221 /m);
    });
  });

  /** Joins a TCP connection from one address to another to standard input and output. */
  const JOINED = `
  const [localAddress, host, port] = process.argv.slice(1);
  const socket = require('node:net').connect({ host, port: Number(port), localAddress });
  socket.on('error', () => process.exit(0)).on('close', () => process.exit(0));
  process.stdin.pipe(socket).pipe(process.stdout);`;

  describeInNamespace('where addresses matter', () => {
    let namespace: NetworkNamespace;

    beforeAll(async () => {
      namespace = await makeNamespace();
      await namespace.ip(
        'link add lan0 type veth peer name lan1',
        ...['10.77.0.1/24', '10.77.0.2/24', '10.77.0.3/24', 'fd77::1/64 nodad'].map(
          (each) => `address add dev lan0 ${each}`,
        ),
        'link set lan1 up',
        'link set lan0 up',
      );
    });

    afterAll(() => namespace.close());

    test('only the address that gave the commands gets the data, or is connected to', async () => {
      const child = namespace.startScript('test/clients/ftp-server-child.ts', [
        way,
        'lan0',
        '10.77.0.1',
        'fd77::1',
      ]);
      await child.waitFor(/listening/);
      const file = 'ftp://10.77.0.1/hello.txt';
      for (const options of [[], ['--ftp-port', '-'], ['--ftp-port', '10.77.0.2']]) {
        const { stdout } = await namespace.run('curl', ['-sS', '--interface', '10.77.0.2', ...options, file]);
        expect(stdout).toBe('hello\n');
      }
      for (const options of [[], ['--disable-eprt']]) {
        const argv = ['-sS', '--interface', '10.77.0.2', '--ftp-port', '10.77.0.3', ...options, file];
        expect((await namespace.tryRun('curl', argv)).code).toBe(30);
      }
      const objection = 'data goes to 10.77.0.2 only, where the commands come from, not to 10.77.0.3';
      await child.waitFor(new RegExp(`refused EPRT: ${objection}`));
      await child.waitFor(new RegExp(`refused PORT: ${objection}`));

      const client = namespace.start(process.execPath, ['-e', JOINED, '10.77.0.2', '10.77.0.1', '21']);
      await client.waitFor(/^220/m);
      client.write('USER ftp\r\nPASS x\r\nEPSV\r\n');
      const [, port = ''] = await client.waitFor(/\|\|\|(\d+)\|/);
      const thief = await namespace.tryRun(process.execPath, ['-e', JOINED, '10.77.0.3', '10.77.0.1', port]);
      expect(thief.stdout).toBe('');
      await child.waitFor(/10\.77\.0\.3 came to the data port that was opened for 10\.77\.0\.2/);
      await client.stop('SIGKILL');

      await sleep(1500); // The link-local address is looked for on the link first.
      const { stdout: addresses } = await namespace.run('ip', ['-6', '-o', 'address', 'show', 'dev', 'lan0']);
      const [linkLocal = ''] = /fe80::[\da-f:]+/.exec(addresses) ?? [];
      const lan = namespace.startScript('test/clients/ftp-server-child.ts', [way, 'lan0', linkLocal]);
      await lan.waitFor(/listening/);
      // curl itself cannot open a port of its own on a link-local address.
      for (const [host, ...options] of [
        ['[fd77::1]'],
        ['[fd77::1]', '--ftp-port', '-'],
        [`[${linkLocal}%25lan0]`],
      ]) {
        const { stdout } = await namespace.run('curl', ['-sSg', ...options, `ftp://${host}/hello.txt`]);
        expect(stdout).toBe('hello\n');
      }
      await lan.stop();
      await child.stop();
    });
  });

  interface Run {
    readonly code: number;
    readonly output: string;
    readonly milliseconds: number;
  }

  /** Runs a client in the scratch folder to its end. */
  function run(
    program: string,
    argv: readonly string[],
    exit: 'exit 0' | 'any exit' = 'exit 0',
  ): Promise<Run> {
    const started = performance.now();
    return new Promise((resolve, reject) => {
      const child = execFile(
        program,
        argv,
        { timeout: CLIENT_MS, cwd: scratch() },
        (error, stdout, stderr) => {
          const milliseconds = performance.now() - started;
          const output = `${stdout}${stderr}`;
          if (error?.killed) reject(new Error(`${program} did not end within ${CLIENT_MS} ms: ${output}`));
          else if (error && exit === 'exit 0')
            reject(new Error(`${program} ${argv.join(' ')}: ${error.message} ${output}`));
          else resolve({ code: child.exitCode ?? 0, output, milliseconds });
        },
      );
    });
  }

  function url({ address, port }: FtpServer = server): string {
    return `ftp://${urlHost(address)}:${port}`;
  }

  function scratch(name = ''): string {
    return join(folder, 'scratch', name);
  }

  function hashOf(name: string): string {
    return sha256(readFileSync(scratch(name)));
  }

  function sha256(bytes: Uint8Array | string): string {
    return createHash('sha256').update(bytes).digest('hex');
  }
}
