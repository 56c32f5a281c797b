import { test, type TestContext } from 'vitest';
import { Dhclient, Udhcpc } from './dhcp-client-programs.ts';
import {
  CLASSIC_SUBNET,
  EVENT_WAIT,
  MusterInNamespace,
  type MusterOptions,
  Segment,
} from './muster-in-namespace.ts';
import { describeInNamespace, type NetworkNamespace } from './namespace.ts';

const MAC = '52:54:00:00:00:01';
/** As packaging/muster.service gives them. */
const SERVICE_CAPABILITIES = ['net_bind_service', 'net_raw'];

describeInNamespace('muster up and its segments', () => {
  /** A world for one test, which ends with it. */
  function makeWorld({ onTestFinished }: TestContext) {
    const use = <Thing extends { close(): Promise<void> }>(thing: Thing): Thing => {
      onTestFinished(() => thing.close());
      return thing;
    };
    return {
      use,
      makeSegment: async () => use(await Segment.make()),
      makeMuster: (segment: Segment, options?: MusterOptions) =>
        use(new MusterInNamespace(segment.server, options)),
      /** What udhcpc gets in there. */
      addressOf: async (machine: NetworkNamespace) => {
        const client = use(new Udhcpc(machine));
        client.start();
        return (await client.told('bound'))['ip'];
      },
    };
  }

  test.concurrent('as an ordinary user with two capabilities it serves a client by its hardware address', async (context) => {
    const { makeSegment, makeMuster, addressOf } = makeWorld(context);
    const { expect } = context;
    const segment = await makeSegment();
    const muster = makeMuster(segment, { capabilities: SERVICE_CAPABILITIES });
    const box = await muster.up();
    expect(box).not.toContain('plain socket');
    expect(box).toContain('no other DHCP server answered within 2 s');
    const { stdout } = await segment.server.run('grep', ['Uid:', `/proc/${muster.program.pid}/status`]);
    expect(stdout.trim().split(/\s+/)).toEqual(['Uid:', '65534', '65534', '65534', '65534']);
    await muster.run('subnet', 'add', 'lab', ...CLASSIC_SUBNET);

    const machine = await segment.plugIn(MAC);
    const wire = machine.start('tcpdump', ['-l', '-n', '-e', '-i', 'eth0', 'udp', 'src', 'port', '67']);
    await wire.waitFor(/listening on/);
    expect(await addressOf(machine)).toMatch(/^192\.168\.122\.1\d\d$/);
    await wire.waitFor(
      new RegExp(`52:54:00:ff:00:01 > ${MAC}, .* 192\\.168\\.122\\.1\\.67 > 192\\.168\\.122\\.1\\d\\d\\.68:`),
    );
    expect(wire.stdout).not.toContain('255.255.255.255');
    const fetched = await machine.run('curl', ['-sS', '-o', '/dev/null', 'tftp://192.168.122.1/pxelinux.0']);
    expect(fetched.code).toBe(0);
    await muster.program.stop('SIGTERM');
    expect(await muster.program.finished).toMatchObject({ code: 0 });
  });

  test.concurrent('an interface that comes later, and changes its address, is served as it is', async (context) => {
    const { makeSegment, makeMuster, addressOf } = makeWorld(context);
    const { expect } = context;
    const segment = await makeSegment();
    const muster = makeMuster(segment, { settings: { MUSTER_INTERFACES: 'late0' } });
    const box = await muster.up();
    expect(box).toContain('interfaces none is served: no machine can be answered');
    expect(box).toContain('late0 is not served: there is no interface of this name; there are br0');
    await muster.run('subnet', 'add', 'late', '--network', '10.1.0.0/24', '--range', '10.1.0.50-10.1.0.60');

    const machine = await segment.plugIn(MAC);
    await segment.server.ip(
      'link add late0 type veth peer name uplink',
      'link set uplink master br0 up',
      'address add 10.1.0.1/24 dev late0',
      'link set late0 up',
    );
    const texts = () => muster.told('server.interface').map(({ text }) => text);
    await expect.poll(texts, EVENT_WAIT).toEqual(['DHCP listens on late0 at 10.1.0.1']);
    expect(await addressOf(machine)).toBe('10.1.0.50');
    await machine.run('curl', ['-sS', '-o', '/dev/null', 'tftp://10.1.0.1/pxelinux.0']);

    await segment.server.ip('address flush dev late0', 'address add 10.2.0.1/24 dev late0');
    await expect
      .poll(texts, EVENT_WAIT)
      .toEqual(
        expect.arrayContaining([
          'DHCP no longer listens on late0 at 10.1.0.1',
          'DHCP listens on late0 at 10.2.0.1',
        ]),
      );
    await muster.run('subnet', 'add', 'moved', '--network', '10.2.0.0/24', '--range', '10.2.0.50-10.2.0.60');
    expect(await addressOf(machine)).toBe('10.2.0.50');
    await machine.run('curl', ['-sS', '-o', '/dev/null', 'tftp://10.2.0.1/pxelinux.0']);
    const http = await machine.run('curl', [
      '-s',
      '-o',
      '/dev/null',
      '-w',
      '%{http_code}',
      'http://10.2.0.1:8080/',
    ]);
    expect(http.stdout).toBe('404');

    await segment.server.ip('link delete late0');
    await expect.poll(texts, EVENT_WAIT).toContain('DHCP no longer listens on late0 at 10.2.0.1');
    expect(await muster.run('status')).toMatchObject({ interfaces: [] });
  });

  test.concurrent('each of two interfaces is served with its own subnet', async (context) => {
    const { makeSegment, makeMuster, addressOf } = makeWorld(context);
    const { expect } = context;
    const segment = await makeSegment();
    const other = await makeSegment();
    await segment.server.ip(
      `link add eth9 type veth peer name uplink netns ${other.server.pid}`,
      'address add 10.3.0.1/24 dev eth9',
      'link set eth9 up',
    );
    await other.server.ip('link set uplink master br0 up');
    const muster = makeMuster(segment, { settings: { MUSTER_INTERFACES: 'br0,eth9' } });
    const box = await muster.up();
    expect(box).toContain('machines http://192.168.122.1:8080, http://10.3.0.1:8080');
    await muster.run('subnet', 'add', 'lab', ...CLASSIC_SUBNET);
    await muster.run('subnet', 'add', 'floor', '--network', '10.3.0.0/24', '--range', '10.3.0.50-10.3.0.60');
    const addresses = await Promise.all([
      addressOf(await segment.plugIn(MAC)),
      addressOf(await other.plugIn('52:54:00:00:00:02')),
    ]);
    expect(addresses).toEqual([expect.stringMatching(/^192\.168\.122\.1\d\d$/), '10.3.0.50']);
  });

  test.concurrent('another DHCP server on the segment is told of, in the box and in the timeline', async (context) => {
    const { use, makeSegment, makeMuster } = makeWorld(context);
    const { expect } = context;
    const segment = await makeSegment();
    const router = await segment.plugIn('52:54:00:00:00:99');
    await router.ip('address add 192.168.122.2/24 dev eth0');
    const options =
      '--no-daemon --conf-file=/dev/null --port=0 --user=root --log-dhcp --no-ping --leasefile-ro --interface=eth0 --dhcp-authoritative --dhcp-range=192.168.122.50,192.168.122.60';
    const dnsmasq = router.start('dnsmasq', options.split(' '));
    await dnsmasq.waitFor(/DHCP, IP range/);
    const muster = makeMuster(segment);
    const box = await muster.up();
    expect(box).toMatch(/another DHCP server answers here: 192\.168\.122\.2 \(offered 192\.168\.122\.\d+/);
    await expect
      .poll(() => muster.told('dhcp.foreignServer'), EVENT_WAIT)
      .toMatchObject([
        {
          text: expect.stringContaining('192.168.122.2'),
          data: { interface: 'br0', serverId: '192.168.122.2' },
        },
      ]);
    expect(dnsmasq.stderr).not.toContain('DHCPREQUEST');

    // A client that takes the other's offer is seen, once, and its address is nobody's here.
    await muster.run('subnet', 'add', 'lab', ...CLASSIC_SUBNET);
    const guest = use(new Dhclient(await segment.plugIn(MAC), 'reject 192.168.122.1;'));
    guest.start();
    expect((await guest.told('BOUND'))['new_dhcp_server_identifier']).toBe('192.168.122.2');
    await expect
      .poll(() => muster.told('dhcp.foreignServer').filter(({ mac }) => mac === MAC), EVENT_WAIT)
      .toMatchObject([{ text: 'The DHCP server 192.168.122.2 answers on br0 too' }]);
    expect(await muster.leases()).toEqual([]);
  });
});
