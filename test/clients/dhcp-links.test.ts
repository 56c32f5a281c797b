import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientsOfTest } from './clients-of-test.ts';
import { Udhcpc } from './dhcp-client-programs.ts';
import { Dhcpcd } from './dhcpcd.ts';
import { CLASSIC_SUBNET, EVENT_WAIT, MusterInNamespace, Segment } from './muster-in-namespace.ts';
import { describeInNamespace, makeNamespace, type NetworkNamespace } from './namespace.ts';

describeInNamespace('muster up on its own link', () => {
  let segment: Segment;
  let muster: MusterInNamespace;

  beforeAll(async () => {
    segment = await Segment.make();
    muster = new MusterInNamespace(segment.server);
    await muster.up();
  });
  afterAll(async () => {
    await muster.close();
    await segment.close();
  });

  test('finds by ARP who sits on the next address, before any client is offered it', async (context) => {
    const { use } = clientsOfTest(context, muster);
    const squatter = await segment.plugIn('52:54:00:00:00:41');
    await squatter.ip('address add 192.168.122.100/24 dev eth0');
    await muster.run('subnet', 'add', 'lab', ...CLASSIC_SUBNET, '--rapid-commit');
    await expect
      .poll(() => muster.told('dhcp.conflict'), EVENT_WAIT)
      .toMatchObject([
        {
          data: { address: '192.168.122.100', who: '52:54:00:00:00:41' },
          because: expect.stringMatching(/^52:54:00:00:00:41 answers from it/),
        },
      ]);
    const udhcpc = use(new Udhcpc(await segment.plugIn('52:54:00:00:00:42')));
    udhcpc.start();
    expect((await udhcpc.told('bound'))['ip']).toBe('192.168.122.101');
    expect(await muster.run('lease', 'show', '192.168.122.100')).toMatchObject({ state: 'declined' });
    expect(await muster.run('lease', 'rm', '192.168.122.100', '--yes')).toMatchObject({
      address: '192.168.122.100',
    });
  });

  test('gives dhcpcd, which asks for rapid commit, its lease after two messages', async (context) => {
    const { use } = clientsOfTest(context, muster);
    const mac = '52:54:00:00:00:43';
    const dhcpcd = use(await Dhcpcd.on(await segment.plugIn(mac)));
    dhcpcd.start();
    const { new_ip_address: address } = await dhcpcd.told('BOUND');
    await expect
      .poll(() => muster.told('dhcp.acknowledged').filter((event) => event.mac === mac), EVENT_WAIT)
      .toMatchObject([{ data: { address, state: 'rapid commit', message: 'DHCPDISCOVER' } }]);
    expect(muster.told('dhcp.offered').filter((event) => event.mac === mac)).toEqual([]);
  });
});

describeInNamespace('muster up behind a relay, with two subnets on one link', () => {
  let floor: Segment;
  let server: NetworkNamespace;
  let muster: MusterInNamespace;

  /** The router of the floor, which is `floor.server`, has both subnets on `br0`, and relays to the server. */
  beforeAll(async () => {
    floor = await Segment.make();
    server = await makeNamespace();
    await floor.server.run('sysctl', ['-q', '-w', 'net.ipv4.ip_forward=1']);
    await floor.server.ip(
      'address flush dev br0',
      'address add 10.1.0.1/24 dev br0',
      'address add 10.2.0.1/24 dev br0',
      `link add up0 type veth peer name eth0 netns ${server.pid}`,
      'address add 10.9.0.2/24 dev up0',
      'link set up0 up',
    );
    await server.ip(
      'address add 10.9.0.1/24 dev eth0',
      'link set eth0 up',
      'route add 10.1.0.0/24 via 10.9.0.2',
      'route add 10.2.0.0/24 via 10.9.0.2',
    );
    floor.server.start('dnsmasq', [
      '--keep-in-foreground',
      '--port=0',
      '--conf-file=/dev/null',
      '--pid-file=',
      '--user=root',
      '--dhcp-relay=10.1.0.1,10.9.0.1',
    ]);
    muster = new MusterInNamespace(server, { settings: { MUSTER_INTERFACES: 'eth0' } });
    await muster.up();
  });
  afterAll(async () => {
    await muster.close();
    await floor.close();
    await server.close();
  });

  test('gives addresses of the second when the first is used up, but not one that answers to ICMP', async (context) => {
    const { use } = clientsOfTest(context, muster);
    const squatter = await floor.plugIn('52:54:00:00:00:51');
    await squatter.ip('address add 10.2.0.100/24 dev eth0', 'route add default via 10.2.0.1');
    const shared = ['--shared-network=floor', '--bootp=off'];
    await muster.run(
      'subnet',
      'add',
      'one',
      '--network=10.1.0.0/24',
      '--range=10.1.0.100-10.1.0.100',
      '--router=10.1.0.1',
      ...shared,
    );
    await muster.run(
      'subnet',
      'add',
      'two',
      '--network=10.2.0.0/24',
      '--range=10.2.0.100-10.2.0.110',
      '--router=10.2.0.1',
      ...shared,
    );
    await expect
      .poll(() => muster.told('dhcp.conflict'), EVENT_WAIT)
      .toMatchObject([{ data: { address: '10.2.0.100', subnet: 'two', who: 'ICMP echo' } }]);

    const [first, second] = [
      use(new Udhcpc(await floor.plugIn('52:54:00:00:00:52'))),
      use(new Udhcpc(await floor.plugIn('52:54:00:00:00:53'))),
    ];
    first.start();
    expect(await first.told('bound')).toMatchObject({
      ip: '10.1.0.100',
      router: '10.1.0.1',
      serverid: '10.9.0.1',
    });
    second.start();
    expect(await second.told('bound')).toMatchObject({ ip: '10.2.0.101', router: '10.2.0.1' });
    await expect
      .poll(() => muster.told('dhcp.pool').map((event) => event.data), EVENT_WAIT)
      .toContainEqual({ subnet: 'one', state: 'full', size: 1, used: 1 });

    await second.powerOff();
    second.start();
    await expect
      .poll(async () => (await muster.leases()).filter((lease) => lease.mac === '52:54:00:00:00:53'))
      .toMatchObject([{ address: '10.2.0.101', subnet: 'two', state: 'held' }]);
  });
});
