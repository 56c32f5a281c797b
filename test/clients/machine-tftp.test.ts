import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseIpv4 } from '../../src/lib/addresses.ts';
import { systemLibc } from '../../src/os/suite/system-libc.ts';
import { TftpPlane } from '../../src/protocols/tftp/plane.ts';
import { serveTftp } from '../../src/protocols/tftp/server.ts';
import type { TftpServer, TftpServerOptions } from '../../src/protocols/tftp/server-options.ts';
import { serveTftpDoor } from '../../src/servers/tftp.ts';
import { TftpCounts } from '../../src/servers/tftp-counts.ts';
import { makeMachineWorld, type MachineWorld } from '../../src/servers/suite/machine-world.ts';

const run = promisify(execFile);
const WEB01 = parseIpv4('127.0.0.11');
const STRANGER = parseIpv4('127.0.0.99');
/** curl's CURLE_TFTP_NOTFOUND, which it gives for error 1 alone. */
const NOT_FOUND = /curl: \(68\)/;

const plane = new TftpPlane({
  libc: systemLibc(),
  threads: 1,
  dataPort: 'shared',
  report: () => undefined,
  restarted: ({ because }) => {
    throw new Error(`The plane died: ${because}`);
  },
});
afterAll(() => plane.close());

const WAYS: Readonly<Record<string, (options: TftpServerOptions) => Promise<TftpServer>>> = {
  'the plain server': serveTftp,
  'the plane': (options) => plane.serve(options),
};

describe.each(Object.entries(WAYS))('over %s', (_name, serve) => {
  let world: MachineWorld;
  let server: TftpServer;
  let folder = '';
  let faults: unknown[] = [];

  beforeEach(async () => {
    faults = [];
    folder = mkdtempSync(join(tmpdir(), 'muster-tftp-'));
    world = await makeMachineWorld();
    await world.lease(WEB01, world.web01.macs[0]!);
    server = await serveTftpDoor({
      ...world,
      serve,
      address: parseIpv4('127.0.0.1'),
      port: 0,
      counts: new TftpCounts(),
      report: (what, error) => what === 'failed' && faults.push(error),
    });
  });

  afterEach(async () => {
    await server.close({ drainMs: 1000 });
    await world.events.settled();
    await world.close();
    rmSync(folder, { recursive: true });
    expect(faults).toEqual([]);
  });

  /** Fetches with curl from one of the loopback addresses. */
  async function fetch(name: string, address: string): Promise<Buffer> {
    const url = `tftp://127.0.0.1:${server.port}/${name}`;
    const options = ['-sS', '--max-time', '10', '--interface', address, url];
    const { stdout } = await run('curl', options, { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  }

  async function told(kind: string) {
    // The end of a transfer is told a moment after its last packet.
    for (let waited = 0; server.transfers > 0 && waited < 3000; waited += 20)
      await new Promise((resolve) => setTimeout(resolve, 20));
    await world.events.settled();
    return world.told.filter((event) => event.kind === kind);
  }

  test('an armed machine gets loader, configuration, kernel and initrd, each told with its rate', async () => {
    const kernel = randomBytes(300_000);
    world.write(join(world.imageFolder, 'install/linux'), kernel);
    const { id, token } = await world.arm();
    expect((await fetch('pxelinux.0', WEB01)).toString()).toBe('pxelinux');
    const config = (await fetch('pxelinux.cfg/01-52-54-00-00-00-01', WEB01)).toString();
    expect(config).toContain(`url=http://127.0.0.1:8080/installs/${token}/preseed.cfg`);
    expect((await fetch('images/debian/install/linux', WEB01)).equals(kernel)).toBe(true);
    const sent = await told('tftp.sent');
    expect(sent.map(({ text }) => text)).toEqual([
      'pxelinux.0 was sent to web01 over TFTP',
      'pxelinux.cfg/01-52-54-00-00-00-01 (installer) was sent to web01 over TFTP',
      'images/debian/install/linux was sent to web01 over TFTP',
    ]);
    expect(sent[2]).toMatchObject({ machineId: world.web01.id, installId: id });
    expect(sent[2]?.data).toMatchObject({
      bytes: 300_000,
      retransmissions: 0,
      address: WEB01,
      blockBytes: 512,
      windowBlocks: 1,
    });
    expect(sent[2]?.data?.['options']).toContain('blksize 512');
    expect(sent[2]?.data?.['bytesPerSecond']).toBeGreaterThan(0);
  });

  test('what is not there is refused at once, and told without telling the client where was looked', async () => {
    await expect(fetch('nothing.img', STRANGER)).rejects.toThrow(NOT_FOUND);
    await expect(fetch('nothing.img', STRANGER)).rejects.toThrow(NOT_FOUND);
    const [refused, ...more] = await told('tftp.refused');
    expect(refused?.text).toBe('127.0.0.99 was refused "nothing.img" over TFTP');
    expect(refused?.because).toContain(`not in ${world.tftpRoot}`);
    expect(more).toEqual([]);
  });

  test('a name in other letters is found, and told as what it was asked for', async () => {
    world.write(join(world.tftpRoot, 'Boot/BCD'), 'store');
    const file = join(folder, 'bcd');
    const words = ['--get', '-r', '\\boot\\bcd', '-l', file, '127.0.0.1', String(server.port)];
    await run('atftp', words, { timeout: 20_000 });
    expect(readFileSync(file, 'utf8')).toBe('store');
    const [sent] = await told('tftp.sent');
    expect(sent).toMatchObject({
      text: 'Boot/BCD was sent to 127.0.0.1 over TFTP',
      because: 'it was asked for as "\\boot\\bcd"',
    });
  });

  test('the hunt for a configuration makes no noise', async () => {
    for (const name of ['01-52-54-00-00-00-99', '7F000063', '7F00006', '7F'])
      await expect(fetch(`pxelinux.cfg/${name}`, STRANGER)).rejects.toThrow(NOT_FOUND);
    expect((await fetch('pxelinux.cfg/default', STRANGER)).toString()).toContain('menu title Muster');
    expect(await told('tftp.refused')).toEqual([]);
    expect((await told('boot.decided')).map(({ text }) => text)).toEqual([
      'The unknown machine 127.0.0.99 gets the menu',
    ]);
  });

  test('a client that only asks for the size is no failure', async () => {
    const socket = createSocket('udp4');
    const request = Buffer.from('\0\x01pxelinux.0\0octet\0tsize\x000\0');
    const answered = new Promise<void>((resolve) => {
      socket.on('message', (packet, from) => {
        expect(packet.toString('latin1')).toBe('\0\x06tsize\x008\0');
        socket.send(Buffer.from('\0\x05\0\0TFTP Aborted\0'), from.port, from.address, () => resolve());
      });
    });
    socket.send(request, server.port, '127.0.0.1');
    await answered;
    expect([...(await told('tftp.sent')), ...(await told('tftp.failed'))]).toEqual([]);
    socket.close();
  });

  test('nobody writes here, and that is told', async () => {
    writeFileSync(join(folder, 'evil'), 'x');
    const upload = run('curl', [
      '-sS',
      '--max-time',
      '10',
      '-T',
      join(folder, 'evil'),
      `tftp://127.0.0.1:${server.port}/evil`,
    ]);
    await expect(upload).rejects.toThrow();
    // Who it was is looked up before it is told.
    await expect
      .poll(async () => (await told('tftp.refused'))[0], { timeout: 5000 })
      .toMatchObject({
        text: '127.0.0.1 was not let write "evil" over TFTP',
        because: 'uploads are switched off on this server',
      });
  });

  for (const [program, parameters] of [
    [
      'tftp-hpa',
      (port: number, file: string) => [
        'tftp',
        ['-m', 'binary', '127.0.0.1', String(port), '-c', 'get', 'ldlinux.c32', file],
      ],
    ],
    [
      'atftp',
      (port: number, file: string) => [
        'atftp',
        ['-g', '-r', 'ldlinux.c32', '-l', file, '127.0.0.1', String(port)],
      ],
    ],
    [
      'busybox',
      (port: number, file: string) => [
        'busybox',
        ['tftp', '-g', '-r', 'ldlinux.c32', '-l', file, '127.0.0.1', String(port)],
      ],
    ],
  ] as const) {
    test(`${program} fetches a loader`, async () => {
      const file = join(folder, 'got');
      const [command, words] = parameters(server.port, file);
      await run(command as string, words as string[], { timeout: 20_000 });
      expect(readFileSync(file, 'utf8')).toBe('ldlinux.c32');
    });
  }
});
