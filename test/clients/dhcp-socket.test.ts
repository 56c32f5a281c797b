import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { decodeUdpFrame, type UdpFrame } from '../../src/os/udp-frame.ts';
import { decodeMessage, type DhcpMessage } from '../../src/protocols/dhcp/message.ts';
import type { SendTask, ServeTask, Task } from './dhcp-socket-child.ts';
import { describeInNamespace, makeNamespace, type NetworkNamespace } from './namespace.ts';
import type { RunningProgram } from './running-program.ts';

const CHILD = 'test/clients/dhcp-socket-child.ts';
const MAC = '52:54:00:12:34:56';

type Line = Readonly<Record<string, unknown>>;

/** The JSON lines a child has said so far. */
function linesOf({ stdout }: { readonly stdout: string }): readonly Line[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);
}

const argument = (task: Task): readonly string[] => [JSON.stringify(task)];

type Captured = UdpFrame & { readonly message: DhcpMessage; readonly hex: string };

/**
 * Every whole frame that `tcpdump -xx` has printed. The kernel leaves the UDP checksum of what it sends to the card,
 * and a veth pair never computes it, so it is looked at only where the frame was made by ourselves.
 */
function framesOf(
  { stdout }: RunningProgram,
  madeBy: 'us' | 'the kernel' = 'the kernel',
): readonly Captured[] {
  return stdout.split(/^(?=\d\d:\d\d:\d\d)/m).flatMap((packet) => {
    const hex = [...packet.matchAll(/^\s+0x[\da-f]+:\s+([\da-f ]+)/gm)]
      .map(([, bytes = '']) => bytes.replaceAll(' ', ''))
      .join('');
    const bytes = Buffer.from(hex, 'hex');
    // tcpdump is still printing it.
    if (bytes.length < 42 || bytes.length < 14 + bytes.readUInt16BE(16)) return [];
    if (madeBy === 'the kernel') bytes.writeUInt16BE(0, 40);
    const frame = decodeUdpFrame(bytes);
    return [{ ...frame, message: decodeMessage(frame.payload), hex }];
  });
}

describeInNamespace('the DHCP server’s sockets', () => {
  let server: NetworkNamespace;
  let lab: NetworkNamespace;
  let floor: NetworkNamespace;
  const senders = new Map<NetworkNamespace, RunningProgram>();
  const started: RunningProgram[] = [];

  /** Two segments: `s0` – `c0` with 10.1.0.0/24, `s1` – `c1` with 10.2.0.0/24; the peers have no address. */
  beforeAll(async () => {
    [server, lab, floor] = await Promise.all([makeNamespace(), makeNamespace(), makeNamespace()]);
    await server.ip(
      `link add s0 type veth peer name c0 netns ${lab.pid}`,
      `link add s1 type veth peer name c1 netns ${floor.pid}`,
      'address add 10.1.0.1/24 dev s0',
      'address add 10.2.0.1/24 dev s1',
      'link set s0 up',
      'link set s1 up',
      // What a socket that is bound to no interface would take for a broadcast.
      'route add default via 10.1.0.254 dev s0',
    );
    await lab.ip('link set c0 up');
    await floor.ip('link set c1 up');
    for (const peer of [lab, floor]) senders.set(peer, peer.startScript(CHILD, argument({ do: 'send' })));
    await Promise.all([...senders.values()].map((sender) => sender.waitFor(/"ready"/)));
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((program) => program.stop()));
  });
  afterAll(async () => {
    await Promise.all([server, lab, floor].map((namespace) => namespace.close()));
  });

  const run = (program: RunningProgram): RunningProgram => {
    started.push(program);
    return program;
  };

  async function serve(task: Omit<ServeTask, 'do'>): Promise<RunningProgram> {
    const program = run(server.startScript(CHILD, argument({ do: 'serve', ...task })));
    await program.waitFor(/"ready"/);
    return program;
  }

  /** What comes from the server to the peer of an interface. */
  async function capture(where: NetworkNamespace, name: string): Promise<RunningProgram> {
    const program = run(
      where.start('tcpdump', ['-i', name, '-Q', 'in', '-n', '-l', '-xx', 'udp', 'and', 'src', 'port', '67']),
    );
    await program.waitFor(/listening on/);
    return program;
  }

  function captureBoth(): Promise<readonly [RunningProgram, RunningProgram]> {
    return Promise.all([capture(lab, 'c0'), capture(floor, 'c1')]);
  }

  /** Every xid of this file is sent once, so that it can be waited for. */
  async function sendFrom(
    where: NetworkNamespace,
    task: Omit<SendTask, 'mac'> & { readonly mac?: string },
  ): Promise<void> {
    const sender = senders.get(where)!;
    sender.write(`${JSON.stringify({ mac: MAC, ...task })}\n`);
    await sender.waitFor(new RegExp(`"sent","xid":${task.xid}}`));
  }

  test('know where a message arrived, and answer a client without an address by its hardware address', async () => {
    const child = await serve({ interfaces: ['s0', 's1'] });
    expect(linesOf(child).at(-1)).toMatchObject({
      what: 'ready',
      interfaces: [
        { interfaceName: 's0', mode: 'per-interface' },
        { interfaceName: 's1', mode: 'per-interface' },
      ],
    });
    const [atLab, atFloor] = await captureBoth();
    await sendFrom(floor, { interfaceName: 'c1', xid: 0x1001 });
    await expect.poll(() => framesOf(atFloor).length).toBeGreaterThan(0);
    expect(linesOf(child)).toContainEqual({
      what: 'asked',
      xid: 0x1001,
      interfaceName: 's1',
      localAddress: '10.2.0.1',
      localNetwork: { address: '10.2.0.0', prefixLength: 24 },
      sourceAddress: '0.0.0.0',
      sourcePort: 68,
    });
    await sleep(200);
    expect(framesOf(atLab)).toEqual([]);
    const [frame, ...others] = framesOf(atFloor, 'us');
    expect(others).toEqual([]);
    expect(frame).toMatchObject({
      destinationMac: MAC,
      sourceAddress: '10.2.0.1',
      destinationAddress: '10.2.0.100',
      sourcePort: 67,
      destinationPort: 68,
      message: { xid: 0x1001, op: 'BOOTREPLY', yiaddr: '10.2.0.100' },
    });
    expect(frame!.identification).not.toBe(0);
  });

  test('send a broadcast out of the interface where the question came in, and never with DF', async () => {
    await serve({ interfaces: ['s0', 's1'] });
    const [atLab, atFloor] = await captureBoth();
    await sendFrom(floor, { interfaceName: 'c1', xid: 0x1002, broadcast: true });
    await expect.poll(() => framesOf(atFloor).length).toBeGreaterThan(0);
    await sleep(200);
    expect(framesOf(atLab)).toEqual([]);
    const [frame, ...others] = framesOf(atFloor);
    expect(others).toEqual([]);
    expect(frame).toMatchObject({
      destinationMac: 'ff:ff:ff:ff:ff:ff',
      sourceAddress: '10.2.0.1',
      destinationAddress: '255.255.255.255',
      sourcePort: 67,
      destinationPort: 68,
      message: { xid: 0x1002 },
    });
    // Flags and fragment offset of the IPv4 header.
    expect(frame!.hex.slice(40, 44)).toBe('0000');
  });

  test('answer a relay at its port 67', async () => {
    await floor.ip('address add 10.2.0.50/24 dev c1');
    try {
      await serve({ interfaces: ['s0', 's1'] });
      const atFloor = await capture(floor, 'c1');
      await sendFrom(floor, { interfaceName: 'c1', xid: 0x1003, giaddr: '10.2.0.50', from: '10.2.0.50' });
      await expect.poll(() => framesOf(atFloor).length).toBeGreaterThan(0);
      expect(framesOf(atFloor)).toMatchObject([
        { sourceAddress: '10.2.0.1', destinationAddress: '10.2.0.50', destinationPort: 67 },
      ]);
    } finally {
      await floor.ip('address del 10.2.0.50/24 dev c1');
    }
  });

  test('answer a relay elsewhere by the way that the routes say, from the address it asked', async () => {
    await lab.ip('address add 10.1.0.254/24 dev c0');
    try {
      await serve({ interfaces: ['s0', 's1'] });
      const atLab = await capture(lab, 'c0');
      await sendFrom(floor, { interfaceName: 'c1', xid: 0x1004, giaddr: '10.9.0.7' });
      await expect.poll(() => framesOf(atLab).length).toBeGreaterThan(0);
      expect(framesOf(atLab)).toMatchObject([
        { sourceAddress: '10.2.0.1', destinationAddress: '10.9.0.7', destinationPort: 67 },
      ]);
    } finally {
      await lab.ip('address del 10.1.0.254/24 dev c0');
    }
  });

  test('give a real client its address', async () => {
    await serve({ interfaces: ['s0', 's1'] });
    const options = ['-i', 'c0', '-n', '-q', '-f', '-t', '3', '-T', '2', '-s', '/bin/true'];
    const { stderr, stdout } = await lab.run('udhcpc', options);
    expect(stderr + stdout).toMatch(/lease of 10\.1\.0\.100 obtained from 10\.1\.0\.1/);
  });

  test('drop, count and survive what is not for them', async () => {
    const child = await serve({ interfaces: ['s0'] });
    await sendFrom(lab, { interfaceName: 'c0', xid: 1, payload: '01010600' });
    await child.waitFor(/"dropped".*bytes were expected/);
    await sendFrom(lab, { interfaceName: 'c0', xid: 2, op: 'BOOTREPLY' });
    await child.waitFor(/"dropped".*BOOTREPLY/);
    await sendFrom(lab, { interfaceName: 'c0', xid: 3 });
    await child.waitFor(/"asked"/);
    const { code, stdout } = await child.stop();
    expect(code).toBe(0);
    expect(linesOf({ stdout }).at(-1)).toEqual({
      what: 'closed',
      received: 3,
      answered: 1,
      silent: 0,
      dropped: 2,
      overloaded: 0,
      failed: 0,
    });
  });

  test('reply to one client at once while another waits for its answer', async () => {
    await serve({ interfaces: ['s0'], firstAnswerMs: 3_000 });
    const atLab = await capture(lab, 'c0');
    await sendFrom(lab, { interfaceName: 'c0', xid: 0x2100, broadcast: true });
    await sendFrom(lab, { interfaceName: 'c0', xid: 0x2101, broadcast: true, mac: '52:54:00:99:00:02' });
    await expect
      .poll(() => framesOf(atLab).map(({ message }) => message.xid), { timeout: 2_500 })
      .toEqual([0x2101]);
  });

  test('reply to one client in the order of its questions, also when the first answer takes longest', async () => {
    await serve({ interfaces: ['s0'], firstAnswerMs: 500 });
    const atLab = await capture(lab, 'c0');
    await sendFrom(lab, { interfaceName: 'c0', xid: 0x2000, count: 5, broadcast: true });
    await expect
      .poll(() => framesOf(atLab).map(({ message }) => message.xid), { timeout: 5_000 })
      .toEqual([0x2000, 0x2001, 0x2002, 0x2003, 0x2004]);
  });

  test('work out so many answers at a time and no more, and answer all of them before they close', async () => {
    const child = await serve({ interfaces: ['s0'], untilTold: true, maxAnswersInFlight: 256 });
    await sendFrom(lab, { interfaceName: 'c0', xid: 0x3000, count: 300, broadcast: true });
    const tooMany = /256 answers are being worked out already/g;
    await expect.poll(() => child.stdout.match(tooMany)?.length, { timeout: 5_000 }).toBe(44);
    const stopped = child.stop();
    child.write('now\n');
    const { stdout } = await stopped;
    expect(linesOf({ stdout }).at(-1)).toMatchObject({ received: 300, answered: 256, overloaded: 44 });
  });

  test('follow an interface that goes, comes back and changes its address', async () => {
    await server.ip(
      `link add s2 type veth peer name c2 netns ${lab.pid}`,
      'address add 10.3.0.1/24 dev s2',
      'link set s2 up',
    );
    await lab.ip('link set c2 up');
    const child = await serve({ interfaces: ['s1', 's2'], watch: true });
    await server.ip('link del s2');
    await child.waitFor(/"left".*"s2"/);

    await server.ip(
      `link add s2 type veth peer name c2 netns ${lab.pid}`,
      'address add 10.4.0.1/24 dev s2',
      'link set s2 up',
    );
    await lab.ip('link set c2 up');
    await child.waitFor(/"serving".*"10\.4\.0\.1"/);
    let atLab = await capture(lab, 'c2');
    await sendFrom(lab, { interfaceName: 'c2', xid: 0x4001 });
    await expect.poll(() => framesOf(atLab).length).toBeGreaterThan(0);
    expect(framesOf(atLab, 'us')).toMatchObject([
      { sourceAddress: '10.4.0.1', destinationAddress: '10.4.0.100' },
    ]);

    await server.ip('address add 10.5.0.1/24 dev s2', 'address del 10.4.0.1/24 dev s2');
    await child.waitFor(/"serving".*"10\.5\.0\.1"/);
    await atLab.stop();
    atLab = await capture(lab, 'c2');
    await sendFrom(lab, { interfaceName: 'c2', xid: 0x4002, broadcast: true });
    await expect.poll(() => framesOf(atLab).length).toBeGreaterThan(0);
    expect(framesOf(atLab)).toMatchObject([{ sourceAddress: '10.5.0.1', message: { yiaddr: '10.5.0.100' } }]);

    await sendFrom(floor, { interfaceName: 'c1', xid: 0x4003 });
    await child.waitFor(/"asked","xid":16387,"interfaceName":"s1"/);
    await server.ip('link del s2');
    await child.waitFor(/"left".*"10\.5\.0\.1"/);
    expect(linesOf(child).filter(({ what }) => what === 'failed' || what === 'fallback')).toEqual([]);
  });

  describe('without the C library', () => {
    test('serve one interface, with broadcasts for clients without an address', async () => {
      const child = await serve({ interfaces: ['s1'], plain: true });
      expect(linesOf(child).at(-1)).toMatchObject({
        interfaces: [{ interfaceName: 's1', mode: 'plain', because: 'the test wants it so' }],
      });
      const [atLab, atFloor] = await captureBoth();
      await sendFrom(floor, { interfaceName: 'c1', xid: 0x5001 });
      await expect.poll(() => framesOf(atFloor).length).toBeGreaterThan(0);
      await sleep(200);
      expect(framesOf(atLab)).toEqual([]);
      expect(framesOf(atFloor)).toMatchObject([
        { sourceAddress: '10.2.0.1', destinationAddress: '255.255.255.255', sourcePort: 67 },
      ]);
    });

    test('serve two interfaces as far as they can be told apart, and say where not', async () => {
      const child = await serve({ interfaces: ['s0', 's1'], plain: true });
      await sendFrom(floor, { interfaceName: 'c1', xid: 0x5002 });
      await child.waitFor(/"dropped".*could be on any of s0, s1: without the C library only one/);
      await floor.ip('address add 10.2.0.60/24 dev c1');
      try {
        const [atLab, atFloor] = await captureBoth();
        const held = { ciaddr: '10.2.0.60', from: '10.2.0.60' };
        await sendFrom(floor, { interfaceName: 'c1', xid: 0x5003, ...held });
        await expect.poll(() => framesOf(atFloor).length).toBeGreaterThan(0);
        expect(framesOf(atLab)).toEqual([]);
        expect(framesOf(atFloor)).toMatchObject([
          { sourceAddress: '10.2.0.1', destinationAddress: '10.2.0.60', destinationPort: 68 },
        ]);
      } finally {
        await floor.ip('address del 10.2.0.60/24 dev c1');
      }
    });
  });

  describe('and rights', () => {
    /** As the systemd unit runs the server: not root, with some capabilities and no others. */
    const asNobody = (capabilities: string): RunningProgram => {
      const user = ['--reuid=65534', '--regid=65534', '--clear-groups'];
      const caps = [
        `--inh-caps=-all${capabilities}`,
        `--ambient-caps=-all${capabilities}`,
        '--bounding-set=-all',
      ];
      const bounded = capabilities === '' ? caps : caps.slice(0, 2);
      const node = [process.execPath, '--import', 'tsx', CHILD];
      return run(
        server.start('setpriv', [
          ...user,
          ...bounded,
          ...node,
          ...argument({ do: 'serve', interfaces: ['s0'] }),
        ]),
      );
    };

    test('are enough with CAP_NET_BIND_SERVICE and CAP_NET_RAW', async () => {
      const child = asNobody(',+net_bind_service,+net_raw');
      await child.waitFor(/"ready"/);
      const atLab = await capture(lab, 'c0');
      await sendFrom(lab, { interfaceName: 'c0', xid: 0x6001 });
      await expect.poll(() => framesOf(atLab).length).toBeGreaterThan(0);
      expect(framesOf(atLab, 'us')).toMatchObject([{ destinationMac: MAC }]);
      expect(linesOf(child).some(({ what }) => what === 'fallback')).toBe(false);
    });

    test('without CAP_NET_RAW lead to broadcasts, and that is said', async () => {
      const child = asNobody(',+net_bind_service');
      await child.waitFor(/"ready"/);
      expect(linesOf(child)).toContainEqual({
        what: 'fallback',
        interfaceName: 's0',
        because: expect.stringMatching(/^clients without an address get broadcasts: .*EPERM .*CAP_NET_RAW/),
      });
      const atLab = await capture(lab, 'c0');
      await sendFrom(lab, { interfaceName: 'c0', xid: 0x6002 });
      await expect.poll(() => framesOf(atLab).length).toBeGreaterThan(0);
      expect(framesOf(atLab)).toMatchObject([{ destinationAddress: '255.255.255.255' }]);
    });

    test('are asked for when there are none', async () => {
      const { code, stderr } = await asNobody('').finished;
      expect(code).toBe(1);
      expect(stderr).toBe(
        'Cannot bind 10.1.0.1 UDP port 67: EACCES (ports below 1024 need root or CAP_NET_BIND_SERVICE, which the systemd unit gives)\n',
      );
    });
  });

  for (const plain of [false, true]) {
    test(`name who has the port${plain ? ', also without the C library' : ''}`, async () => {
      const holder = run(server.start('socat', ['-u', 'UDP4-RECV:67', 'STDOUT']));
      await expect
        .poll(async () => (await server.run('ss', ['-Hlun', 'sport = :67'])).stdout)
        .toContain(':67');
      const task = argument({ do: 'serve', interfaces: ['s0'], plain });
      const { code, stderr } = await run(server.startScript(CHILD, task)).finished;
      expect(code).toBe(1);
      expect(stderr).toBe(
        `UDP port 67 is taken by socat (pid ${holder.pid}): stop it, or give Muster another port\n`,
      );
    });
  }

  describe('and the probe for other servers', () => {
    /** What is found on each interface, in the order of their names. */
    const probe = async (plain: boolean, ...interfaces: readonly string[]): Promise<readonly Line[]> => {
      const task = argument({ do: 'probe', interfaces, waitMs: 1_200, plain });
      const found = linesOf(await server.runScript(CHILD, task));
      return found.toSorted((one, other) => String(one['on']).localeCompare(String(other['on'])));
    };

    async function startDnsmasq(): Promise<void> {
      await lab.ip('address add 10.1.0.2/24 dev c0');
      const dnsmasq = run(
        lab.start('dnsmasq', [
          '--no-daemon',
          '--conf-file=/dev/null',
          '--port=0',
          '--interface=c0',
          '--dhcp-range=10.1.0.200,10.1.0.210',
          '--dhcp-boot=pxelinux.0,,10.1.0.9',
          '--dhcp-leasefile=/dev/null',
          '--no-ping',
        ]),
      );
      await dnsmasq.waitFor(/DHCP, IP range/);
    }

    afterEach(() => lab.ip('address flush dev c0'));

    for (const plain of [false, true]) {
      const how = plain ? ' without the C library' : '';

      test(`finds a server on one of two segments, and what it offers${how}`, async () => {
        await startDnsmasq();
        expect(await probe(plain, 's0', 's1')).toEqual([
          {
            on: 's0',
            probed: true,
            servers: [
              {
                serverId: '10.1.0.2',
                offeredAddress: expect.stringMatching(/^10\.1\.0\.2(?:0\d|10)$/),
                nextServer: '10.1.0.9',
                bootFile: 'pxelinux.0',
              },
            ],
          },
          { on: 's1', probed: true, servers: [] },
        ]);
      });

      test(`finds nobody where nobody is, and not our own server${how}`, async () => {
        const child = await serve({ interfaces: ['s0'] });
        expect(await probe(plain, 's0')).toEqual([{ on: 's0', probed: true, servers: [] }]);
        // A frame is not heard on the host that sends it, a datagram is.
        const heard = linesOf(child).filter(({ what }) => what === 'dropped');
        expect(heard.map(({ because }) => because)).toEqual(
          plain ? Array(2).fill('it was sent by this machine itself') : [],
        );
      });

      test(`does not probe when a DHCP client has the port${how}`, async () => {
        const holder = run(server.start('socat', ['-u', 'UDP4-RECV:68', 'STDOUT']));
        await expect
          .poll(async () => (await server.run('ss', ['-Hlun', 'sport = :68'])).stdout)
          .toContain(':68');
        const because = expect.stringContaining(
          `UDP port 68 is taken by socat (pid ${holder.pid})`,
        ) as string;
        expect(await probe(plain, 's0')).toEqual([{ on: 's0', probed: false, because }]);
      });
    }
  });

  describe('and the service manager', () => {
    const name = `muster-notify-${process.pid}`;
    const path = join(tmpdir(), name);
    for (const [what, address, socket, plain] of [
      ['a path', `UNIX-RECV:${path}`, path, false],
      ['an abstract name', `ABSTRACT-RECV:${name}`, `@${name}`, false],
      ['systemd-notify', `UNIX-RECV:${path}`, path, true],
    ] as const) {
      test(`is told by ${what} what the service does`, async () => {
        const listener = run(server.start('socat', ['-u', '-x', address, 'STDOUT']));
        await expect.poll(async () => (await server.run('ss', ['-Hxl'])).stdout).toContain(name);
        try {
          const child = await server.runScript(CHILD, argument({ do: 'notify', plain }), {
            env: { NOTIFY_SOCKET: socket },
          });
          expect(linesOf(child)).toEqual([]);
          const expected = plain
            ? 'READY=1\nSTATUS=serving eth0BARRIER=1'
            : 'READY=1\nSTATUS=serving eth0WATCHDOG=1STOPPING=1';
          await expect.poll(() => listener.stdout).toBe(expected);
        } finally {
          await listener.stop();
          rmSync(path, { force: true });
        }
      });
    }
  });
});
