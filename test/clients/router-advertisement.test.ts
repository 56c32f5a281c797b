import { afterAll, beforeAll, expect, test, type TestContext, vi } from 'vitest';
import { ROM_CLASS, Udhcpc } from './dhcp-client-programs.ts';
import {
  CLASSIC_SUBNET,
  EVENT_WAIT,
  MusterInNamespace,
  type MusterOptions,
  Segment,
} from './muster-in-namespace.ts';
import { describeInNamespace, type NetworkNamespace } from './namespace.ts';
import type { RunningProgram } from './running-program.ts';

/** Of `br0`, 52:54:00:ff:00:01; an interface itself would have fffe in the middle. */
const MUSTER = 'fe80::5254:4d:55ff:1';
/** It takes a host so long to be sure of its address. */
const ADDRESS_WAIT = { timeout: 10_000, interval: 200 } as const;
const ROUTER_LIFETIME_SECONDS = 12;
/** Until a router that was silent for its lifetime is told as gone. */
const GONE_WAIT = { timeout: (ROUTER_LIFETIME_SECONDS + 8) * 1000, interval: 200 } as const;

/** Whoever answers a solicitation of rdisc6 within a second, and all that was said. */
async function askForRouter(machine: NetworkNamespace): Promise<{ from: readonly string[]; said: string }> {
  const { stdout, stderr } = await machine.tryRun('rdisc6', ['-m', '-r', '1', '-w', '1000', 'eth0']);
  const from = Array.from(stdout.matchAll(/^ from (\S+)$/gm), ([, address = '']) => address);
  return { from, said: stdout + stderr };
}

async function linkLocalOf(machine: NetworkNamespace, interfaceName = 'eth0'): Promise<string> {
  const show = ['-6', 'address', 'show', 'dev', interfaceName, 'scope', 'link', '-tentative'];
  return vi.waitFor(async () => {
    const { stdout } = await machine.run('ip', show);
    return /inet6 (fe80::[\da-f:]+)/.exec(stdout)![1]!;
  }, ADDRESS_WAIT);
}

/** A host that takes what routers say, as soon as it has its own address. */
async function plugInHost(segment: Segment, mac: string): Promise<NetworkNamespace> {
  const host = await segment.plugIn(mac);
  await host.run('sysctl', ['-q', '-w', 'net.ipv6.conf.eth0.accept_ra=1']);
  await linkLocalOf(host);
  return host;
}

/** dnsmasq as a router of IPv6, which says nothing when it is killed. */
async function startRouter(machine: NetworkNamespace, interfaceName: string): Promise<RunningProgram> {
  await machine.run('sysctl', ['-q', '-w', `net.ipv6.conf.${interfaceName}.accept_ra=0`]);
  await linkLocalOf(machine, interfaceName);
  await machine.ip(`address add 2001:db8::1/64 dev ${interfaceName} nodad`);
  const router = machine.start('dnsmasq', [
    '--no-daemon',
    '--conf-file=/dev/null',
    '--port=0',
    '--user=root',
    '--leasefile-ro',
    `--interface=${interfaceName}`,
    '--enable-ra',
    '--dhcp-range=2001:db8::,ra-only',
    `--ra-param=${interfaceName},4,${ROUTER_LIFETIME_SECONDS}`,
  ]);
  await router.waitFor(/router advertisement on 2001:db8::/);
  return router;
}

async function defaultRouteOf(host: NetworkNamespace): Promise<string> {
  return (await host.run('ip', ['-6', 'route', 'show', 'default'])).stdout;
}

describeInNamespace('muster up on a segment without an IPv6 router, on an interface without IPv6', () => {
  let segment: Segment;
  let muster: MusterInNamespace;
  let host: NetworkNamespace;

  beforeAll(async () => {
    segment = await Segment.make();
    await segment.server.run('sysctl', ['-q', '-w', 'net.ipv6.conf.br0.disable_ipv6=1']);
    muster = new MusterInNamespace(segment.server);
    await muster.up();
    host = await plugInHost(segment, '52:54:00:00:00:61');
  });
  afterAll(async () => {
    await muster.close();
    await segment.close();
  });

  test('says nothing where it gives no addresses', async () => {
    expect(await askForRouter(host)).toMatchObject({ from: [], said: expect.stringContaining('Timed out') });
  });

  test('answers rdisc6 with an advertisement that gives nothing', async () => {
    await muster.run('subnet', 'add', 'lab', ...CLASSIC_SUBNET);
    const { from, said } = await askForRouter(host);
    expect(from).toEqual([MUSTER]);
    for (const nothing of [
      /Hop limit +: +undefined/,
      /Stateful address conf\. +: +No/,
      /Stateful other conf\. +: +No/,
      /Router lifetime +: +0 /,
      /Reachable time +: +unspecified/,
      /Retransmit time +: +unspecified/,
    ])
      expect(said).toMatch(nothing);
    expect(said).not.toMatch(/Prefix|MTU|DNS|Source link-layer/);
  });

  test('gives the Linux kernel that asks no route and no address', async () => {
    const kernel = await plugInHost(segment, '52:54:00:00:00:62');
    const heard = async (): Promise<string> =>
      (await kernel.run('grep', ['Icmp6InRouterAdvertisements', '/proc/net/snmp6'])).stdout;
    await expect.poll(heard, ADDRESS_WAIT).toMatch(/\s[1-9]\d*$/m);
    expect(await defaultRouteOf(kernel)).toBe('');
    const { stdout: addresses } = await kernel.run('ip', ['-6', 'address', 'show', 'dev', 'eth0']);
    expect(addresses.match(/inet6 \S+/g)).toEqual(['inet6 fe80::5054:ff:fe00:62/64']);
  });

  test('a boot client that cannot be heard is told with its lease, and an operating system is not', async (context) => {
    const deaf = await segment.plugIn('52:54:00:00:00:63');
    await deaf.run('sysctl', ['-q', '-w', 'net.ipv6.conf.eth0.disable_ipv6=1']);
    const wire = deaf.start('tcpdump', ['-l', '-n', '-i', 'eth0', 'icmp6']);
    await wire.waitFor(/listening on/);
    await leaseOf(context, deaf, []);
    // What is said in the same second as a lease would be here by now.
    await context.expect.poll(() => muster.told('dhcp.acknowledged'), EVENT_WAIT).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(wire.stdout).not.toContain('router advertisement');
    await leaseOf(context, deaf, ['-V', ROM_CLASS]);
    await wire.waitFor(new RegExp(`${MUSTER} > ff02::1: ICMP6, router advertisement, length 16`));
  });

  test('no other IPv6 traffic comes to it', async () => {
    const heard = 'muster_ipv6_router_messages_total';
    const before = await muster.metric(`${heard}{kind="solicitations"}`);
    // The same protocol and hop limit, another message.
    const { stdout } = await host.tryRun('ndisc6', ['-r', '3', '-w', '100', 'fe80::1', 'eth0']);
    expect(stdout).toContain('Soliciting fe80::1');
    expect(before).toBeGreaterThan(0);
    expect(await muster.metric(`${heard}{kind="solicitations"}`)).toBe(before);
    expect(await muster.metric(`${heard}{kind="dropped"}`)).toBe(0);
    expect(await muster.metric(`${heard}{kind="advertisements"}`)).toBe(0);
    expect(await muster.metric('muster_ipv6_empty_advertisements_total')).toBeGreaterThan(0);
  });

  test('a router that comes has the word, and when it is gone Muster answers again', async () => {
    const machine = await segment.plugIn('52:54:00:00:00:64');
    const router = await startRouter(machine, 'eth0');
    const address = await linkLocalOf(machine);
    await expect
      .poll(() => muster.told('ipv6.routerSeen'), EVENT_WAIT)
      .toMatchObject([
        { text: `The IPv6 router ${address} is on br0`, data: { interface: 'br0', router: address } },
      ]);
    const { from } = await askForRouter(host);
    expect(from.length).toBeGreaterThan(0);
    expect(new Set(from)).toEqual(new Set([address]));

    await router.stop('SIGKILL');
    await expect
      .poll(() => muster.told('ipv6.routerGone'), GONE_WAIT)
      .toMatchObject([{ data: { interface: 'br0', router: address } }]);
    expect((await askForRouter(host)).from).toEqual([MUSTER]);
  });

  test('an interface that went away and came back is answered on', async () => {
    await segment.server.ip('link set br0 down');
    await expect.poll(() => muster.run('status'), EVENT_WAIT).toMatchObject({ interfaces: [] });
    await segment.server.ip('link set br0 up');
    await expect.poll(async () => (await askForRouter(host)).from, EVENT_WAIT).toEqual([MUSTER]);
  });

  /** What udhcpc gets, once. */
  async function leaseOf(
    { onTestFinished }: TestContext,
    machine: NetworkNamespace,
    options: readonly string[],
  ) {
    const client = new Udhcpc(machine, options);
    onTestFinished(() => client.close());
    client.start();
    await client.told('bound');
    await client.powerOff();
  }
});

describeInNamespace('muster up', () => {
  /** A world for one test, which ends with it. */
  async function makeWorld({ onTestFinished }: TestContext, options?: MusterOptions) {
    const segment = await Segment.make();
    onTestFinished(() => segment.close());
    const muster = new MusterInNamespace(segment.server, options);
    onTestFinished(() => muster.close());
    await muster.up();
    await muster.run('subnet', 'add', 'lab', ...CLASSIC_SUBNET);
    return { segment, muster };
  }

  /** With the subnet that is there now. */
  async function boxAfterRestart(muster: MusterInNamespace): Promise<string> {
    await muster.program.stop('SIGTERM');
    return muster.up();
  }

  test.concurrent('takes no route away that the router on its own computer gives', async (context) => {
    const { segment } = await makeWorld(context);
    const host = await plugInHost(segment, '52:54:00:00:00:65');
    await startRouter(segment.server, 'br0');
    await context.expect.poll(() => defaultRouteOf(host), ADDRESS_WAIT).toContain('via fe80::5054:ff:feff:1');
    const { from } = await askForRouter(host);
    context.expect(from).toContain(MUSTER);
    context.expect(await defaultRouteOf(host)).toContain('via fe80::5054:ff:feff:1');
  });

  test.concurrent('without the right to raw sockets serves all the same, and says once what is missing', async (context) => {
    const { segment, muster } = await makeWorld(context, { capabilities: ['net_bind_service'] });
    const box = await boxAfterRestart(muster);
    context
      .expect(box)
      .toContain('IPv6: boot ROMs that look for a router get no answer: Cannot open a packet socket: EPERM');
    const words = /look for an IPv6 router get no answer and wait for it, iPXE 13 s: [^"]*CAP_NET_RAW/g;
    context.expect(muster.program.stderr.match(words)).toHaveLength(1);
    const host = await plugInHost(segment, '52:54:00:00:00:66');
    context.expect((await askForRouter(host)).from).toEqual([]);
  });

  test.concurrent('with ipv6.routerAdvertisement off says nothing', async (context) => {
    const settings = { MUSTER_IPV6_ROUTER_ADVERTISEMENT: 'off' };
    const { segment, muster } = await makeWorld(context, { settings });
    context
      .expect(await boxAfterRestart(muster))
      .toContain('get no answer (--set ipv6.routerAdvertisement=auto)');
    const host = await plugInHost(segment, '52:54:00:00:00:67');
    context.expect((await askForRouter(host)).from).toEqual([]);
  });
});
