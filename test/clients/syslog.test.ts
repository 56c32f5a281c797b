import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import type { InstallProgress } from '../../src/contract/install-log-schemas.ts';
import {
  CLASSIC_SUBNET,
  EVENT_WAIT,
  MusterInNamespace,
  Segment,
  SERVER_ADDRESS,
} from './muster-in-namespace.ts';
import { describeInNamespace, type NetworkNamespace } from './namespace.ts';

/**
 * The whole program, and a machine that installs: its lines come from `logger` (util-linux) in every form that it has,
 * from busybox' syslogd as the debian-installer runs it, and by curl.
 */

const MAC = '52:54:00:12:34:56';
const REPORT = new RegExp(`http://${SERVER_ADDRESS}:8080/installs/[0-9a-f]{32}`);

/** What an image of the debian-installer's netboot archive is known by. */
const NETBOOT = 'debian-installer/amd64';

describeInNamespace('the log of an installer', () => {
  let segment: Segment;
  let machine: NetworkNamespace;
  let stranger: NetworkNamespace;
  let muster: MusterInNamespace;
  let report: string;

  beforeAll(async () => {
    segment = await Segment.make();
    machine = await segment.plugIn(MAC);
    stranger = await segment.plugIn('52:54:00:12:34:57');
    muster = new MusterInNamespace(segment.server);
    await muster.up();
    await muster.run('subnet', 'add', 'lab', ...CLASSIC_SUBNET);
    await muster.run('machine', 'add', 'web01', '--mac', MAC);
    const image = join(muster.folder, 'netboot');
    await segment.server.run('mkdir', ['-p', join(image, NETBOOT)]);
    for (const name of ['linux', 'initrd.gz']) writeFileSync(join(image, NETBOOT, name), name);
    await muster.run('image', 'add', image, '--name', 'debian');
    await muster.run('profile', 'set', 'server', '--image', 'debian');
    await muster.run('install', 'web01', '--profile', 'server');
    await getAddress(machine, '192.168.122.100');
    await getAddress(stranger, '192.168.122.101');
    report = await bootsAndReads();
  }, 120_000);
  afterAll(async () => {
    await muster.close();
    await segment.close();
  });

  /** A lease for the machine, which Muster knows it by. */
  async function getAddress(namespace: NetworkNamespace, address: string): Promise<void> {
    await namespace.run('udhcpc', ['-i', 'eth0', '-f', '-q', '-n', '-s', '/bin/true', '-r', address]);
    await namespace.ip(`address add ${address}/24 dev eth0`);
  }

  /** Its loader is offered the installer, which reads its answer file. @returns where it reports. */
  async function bootsAndReads(): Promise<string> {
    const config = await machine.run('curl', [
      '-sS',
      `tftp://${SERVER_ADDRESS}/pxelinux.cfg/01-${MAC.replaceAll(':', '-')}`,
    ]);
    expect(config.stdout).toContain(`log_host=${SERVER_ADDRESS} log_port=514`);
    const url = /url=(\S+)/.exec(config.stdout)?.[1] ?? '';
    const answers = await machine.run('curl', ['-sS', url]);
    return REPORT.exec(answers.stdout)?.[0] ?? '';
  }

  async function log(): Promise<string> {
    return (await muster.tryRun('install', 'log', 'web01')).stdout;
  }

  for (const [form, words] of [
    ['UDP, RFC 3164', ['--udp', '--rfc3164']],
    ['UDP, RFC 5424', ['--udp', '--rfc5424']],
    ['TCP, RFC 3164, on lines', ['--tcp', '--rfc3164']],
    ['TCP, RFC 5424, counted', ['--tcp', '--rfc5424', '--octet-count']],
    ['TCP, RFC 5424 with structured data', ['--tcp', '--rfc5424', '--sd-id', 'a@1', '--sd-param', 'b="c d"']],
  ] as const) {
    test(`lines of logger come in: ${form}`, async () => {
      const text = `by ${form}`;
      await machine.run('logger', [
        '-n',
        SERVER_ADDRESS,
        '-P',
        '514',
        '-t',
        'tester',
        '-p',
        'user.err',
        ...words,
        text,
      ]);
      await expect
        .poll(log, EVENT_WAIT)
        .toMatch(new RegExp(`Z tester(?:\\[\\d+\\])?: err: by ${form}$`, 'm'));
    });
  }

  test("busybox' syslogd passes on what a program of the debian-installer says, and Muster knows how far it is", async () => {
    await machine.run('mkdir', ['-p', '/tmp/muster-busybox']);
    // Its own /dev, since the socket of this computer is another's.
    const script = `mount -t tmpfs none /dev && busybox syslogd -n -S -R ${SERVER_ADDRESS}:514 -O /dev/log.txt &
sleep 1; busybox logger -t 'main-menu[330]' "INFO: Menu item 'partman-base' selected"
busybox logger -t debootstrap 'Unpacking base-passwd (3.6.1) ...'; sleep 1; kill $!`;
    await machine.run('unshare', ['--mount', 'sh', '-c', script]);
    await expect.poll(log, EVENT_WAIT).toMatch(/Z debootstrap: Unpacking base-passwd/);
    await expect
      .poll(() => muster.told('install.progressed').map(({ data }) => data?.['step']), EVENT_WAIT)
      .toEqual(['disk', 'base system']);
  });

  test('a piece of a log and an event of a webhook are taken by curl, and nothing of another machine', async () => {
    const piece = [
      '-sS',
      '-w',
      '%{http_code}',
      '--data-binary',
      'posted line one\nposted line two\n',
      `${report}/log`,
    ];
    const event = JSON.stringify({
      name: 'subiquity/Install/install/curtin_install/cmd-install/stage-curthooks/builtin/cmd-curthooks/install-grub',
      description: 'installing grub to target devices',
      event_type: 'start',
      origin: 'curtin',
      timestamp: 1,
    });
    const webhook = [
      '-sS',
      '-w',
      '%{http_code}',
      '-H',
      'Content-Type: application/json',
      '-d',
      event,
      `${report}/reporting`,
    ];
    expect((await machine.run('curl', piece)).stdout).toBe('ok\n200');
    expect((await machine.run('curl', webhook)).stdout).toBe('ok\n200');
    expect(
      (await machine.run('curl', [...webhook.slice(0, 5), '-d', 'no JSON', `${report}/reporting`])).stdout,
    ).toMatch(/400$/);
    expect((await machine.run('curl', ['-sS', '-w', '%{http_code}', `${report}/log`])).stdout).toMatch(
      /405$/,
    );
    expect((await stranger.run('curl', piece)).stdout).toMatch(/404$/);
    await expect
      .poll(log, EVENT_WAIT)
      .toMatch(/Z reporting: start: subiquity.*: installing grub to target devices$/m);
    expect((await log()).match(/posted line/g)).toHaveLength(2);
    const shown = await muster.run<z.output<typeof InstallProgress>>('install', 'show', 'web01');
    expect(shown.steps.map(({ step }) => step)).toEqual([
      'loader',
      'answer file',
      'disk',
      'base system',
      'boot loader',
    ]);
    expect(shown).toMatchObject({ percent: 82, step: 'boot loader' });
    expect(shown.logBytes).toBe(Buffer.byteLength(await log()));
  });

  test('lines of a machine that installs nothing are dropped and counted', async () => {
    await stranger.run('logger', ['-n', SERVER_ADDRESS, '-P', '514', '--udp', '--rfc3164', 'of a stranger']);
    await expect
      .poll(() => muster.metric('muster_syslog_messages_total{outcome="nobody"}'), EVENT_WAIT)
      .toBe(1);
    expect(await log()).not.toContain('of a stranger');
  });

  test('a flood is held back at its limit, and counted', async () => {
    const flood = `yes '<13>flood' | head -n 12000 | socat -u STDIN TCP:${SERVER_ADDRESS}:514`;
    await machine.run('sh', ['-c', flood]);
    await expect
      .poll(() => muster.metric('muster_syslog_messages_total{outcome="too fast"}'), EVENT_WAIT)
      .toBeGreaterThan(1_000);
    const kept = async () => (await log()).match(/Z flood/g)?.length ?? 0;
    await expect.poll(kept, EVENT_WAIT).toBeGreaterThan(0);
    expect(await kept()).toBeLessThan(12_000);
  });

  test('after kill -9 the log is there, and goes on', async () => {
    await machine.run('logger', [
      '-n',
      SERVER_ADDRESS,
      '-P',
      '514',
      '--udp',
      '--rfc3164',
      '-t',
      'x',
      'before the end',
    ]);
    await expect.poll(log, EVENT_WAIT).toContain('x: before the end');
    await muster.program.stop('SIGKILL');
    await muster.up();
    await machine.run('logger', [
      '-n',
      SERVER_ADDRESS,
      '-P',
      '514',
      '--udp',
      '--rfc3164',
      '-t',
      'x',
      'after it',
    ]);
    await expect.poll(log, EVENT_WAIT).toMatch(/before the end\n(?:.*\n)*.*x: after it$/m);
  });
});

describeInNamespace('a port for syslog that another program has', () => {
  for (const [protocol, place] of [
    ['TCP', `TCP-LISTEN:514,bind=${SERVER_ADDRESS}`],
    ['UDP', `UDP-RECV:514,bind=${SERVER_ADDRESS}`],
  ] as const) {
    test(`over ${protocol} is one clear line; the rest is served, and installers are not told of it`, async () => {
      const segment = await Segment.make();
      const muster = new MusterInNamespace(segment.server);
      try {
        const holder = segment.server.start('socat', ['-u', place, 'STDOUT']);
        await segment.server.run('sleep', ['0.5']);
        const box = await muster.up();
        expect(box).toMatch(
          new RegExp(
            `logs of installers are taken over HTTP only: ${protocol} port 514 is taken by socat \\(pid \\d+\\): stop it`,
          ),
        );
        const status = await muster.run<{ listeners: { protocol: string }[] }>('status');
        expect(status.listeners.map(({ protocol: name }) => name)).not.toContain('syslog');
        await holder.stop();
      } finally {
        await muster.close();
        await segment.close();
      }
    });
  }
});
