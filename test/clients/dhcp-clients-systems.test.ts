import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientsOfTest } from './clients-of-test.ts';
import { Dhclient, ROM_CLASS, Udhcpc } from './dhcp-client-programs.ts';
import { Dhcpcd } from './dhcpcd.ts';
import { CLASSIC_SUBNET, MusterInNamespace, SERVER_ADDRESS, Segment } from './muster-in-namespace.ts';
import { describeInNamespace, type NetworkNamespace } from './namespace.ts';
import { Networkd } from './networkd.ts';

/** DHCP as installed systems speak it, and as a person looks for it. */
describeInNamespace('DHCP clients of installed systems and muster up', () => {
  let segment: Segment;
  let muster: MusterInNamespace;

  beforeAll(async () => {
    segment = await Segment.make();
    muster = new MusterInNamespace(segment.server);
    await muster.up();
    await muster.run('subnet', 'add', 'lab', ...CLASSIC_SUBNET, '--option=224="green"');
  });
  afterAll(async () => {
    await muster.close();
    await segment.close();
  });

  const leaseOf = async (mac: string) => (await muster.leases()).filter((lease) => lease.mac === mac);

  test.concurrent('dhcpcd is told everything, renews by unicast, comes back for its address, and releases it', async (context) => {
    const { use, toldOf } = clientsOfTest(context, muster);
    const mac = '52:54:00:00:00:21';
    const dhcpcd = use(await Dhcpcd.on(await segment.plugIn(mac)));
    dhcpcd.start();
    const bound = await dhcpcd.told('BOUND');
    expect(bound).toMatchObject({
      new_ip_address: expect.stringMatching(/^192\.168\.122\.1\d\d$/),
      new_subnet_mask: '255.255.255.0',
      new_broadcast_address: '192.168.122.255',
      new_routers: '192.168.122.1',
      new_domain_name: 'lab.example',
      new_domain_name_servers: '192.168.122.1 192.168.122.2',
      new_dhcp_lease_time: '21600',
      new_dhcp_server_identifier: SERVER_ADDRESS,
      new_boot_colour: 'green',
    });
    const address = bound['new_ip_address']!;
    await dhcpcd.renew();
    expect((await dhcpcd.told('RENEW'))['new_ip_address']).toBe(address);
    await dhcpcd.powerOff();
    dhcpcd.start();
    expect((await dhcpcd.told('REBOOT'))['new_ip_address']).toBe(address);
    await toldOf('dhcp.acknowledged', mac).toMatchObject([
      { data: { address, state: 'SELECTING' } },
      { data: { address, state: 'RENEWING' } },
      { data: { address, state: 'INIT-REBOOT' } },
    ]);
    await dhcpcd.release();
    await toldOf('dhcp.released', mac).toMatchObject([{ text: `The client gives ${address} back` }]);
    expect(await leaseOf(mac)).toMatchObject([{ address, state: 'released' }]);
  });

  test.concurrent('systemd-networkd is told everything, comes back when its cable does, and releases its address', async (context) => {
    const { use, toldOf } = clientsOfTest(context, muster);
    const mac = '52:54:00:00:00:22';
    const machine = await segment.plugIn(mac);
    const networkd = use(await Networkd.on(machine));
    networkd.start();
    const lease = await networkd.lease();
    expect(lease).toMatchObject({
      ADDRESS: expect.stringMatching(/^192\.168\.122\.1\d\d$/),
      NETMASK: '255.255.255.0',
      ROUTER: '192.168.122.1',
      DOMAINNAME: 'lab.example',
      DNS: '192.168.122.1 192.168.122.2',
      LIFETIME: '21600',
      SERVER_ADDRESS,
      OPTION_224: Buffer.from('green').toString('hex'),
    });
    const address = lease['ADDRESS']!;
    await segment.pullCable(machine);
    await segment.putCableBack(machine);
    await toldOf('dhcp.acknowledged', mac).toMatchObject([
      { data: { address, state: 'SELECTING' } },
      { data: { address, state: 'INIT-REBOOT' } },
    ]);
    await networkd.stop();
    await toldOf('dhcp.released', mac).toMatchObject([{ text: `The client gives ${address} back` }]);
    expect(await leaseOf(mac)).toMatchObject([{ address, state: 'released' }]);
  });

  test.concurrent('a ROM and four systems on one card, each with an identifier of its own, get one address', async (context) => {
    const { use } = clientsOfTest(context, muster);
    const mac = '52:54:00:00:00:23';
    const machine = await segment.plugIn(mac);
    const rom = use(new Udhcpc(machine, ['-V', ROM_CLASS, '-C', '-x', '0x3d:00deadbeef', '-x', '0x5d:0000']));
    rom.start();
    const { ip: address } = await rom.told('bound');
    await rom.powerOff();
    const dhcpcd = use(await Dhcpcd.on(machine));
    dhcpcd.start();
    expect((await dhcpcd.told('BOUND'))['new_ip_address']).toBe(address);
    await dhcpcd.powerOff();
    const networkd = use(await Networkd.on(machine));
    networkd.start();
    expect((await networkd.lease())['ADDRESS']).toBe(address);
    await networkd.powerOff();
    const busybox = use(new Udhcpc(machine));
    busybox.start();
    expect((await busybox.told('bound'))['ip']).toBe(address);
    await busybox.powerOff();
    const dhclient = use(new Dhclient(machine));
    dhclient.start();
    expect((await dhclient.told('BOUND'))['new_ip_address']).toBe(address);
    expect(await leaseOf(mac)).toMatchObject([{ address, state: 'held' }]);
  });

  /** The fields an nmap script found, by name. */
  const scan = async (machine: NetworkNamespace, ...options: readonly string[]) => {
    // Away from the repository: nmap looks for scripts in a folder of that name.
    const { stdout } = await machine.run('nmap', ['-n', '-e', 'eth0', '-oX', '-', ...options], { cwd: '/' });
    const fields = stdout.matchAll(/<elem key="([^"]*)">([^<]*)<\/elem>/g);
    return Object.fromEntries(Array.from(fields, ([, name, value]) => [name, value]));
  };

  test.concurrent('nmap finds the server and what it gives, and takes no address', async (context) => {
    const { toldOf } = clientsOfTest(context, muster);
    const machine = await segment.plugIn('52:54:00:00:00:24');
    await machine.ip('address add 192.168.122.78/24 dev eth0');
    const timeout = 'broadcast-dhcp-discover.timeout=5';
    const offer = await scan(machine, '--script', 'broadcast-dhcp-discover', '--script-args', timeout);
    expect(offer).toMatchObject({
      Interface: 'eth0',
      'DHCP Message Type': 'DHCPOFFER',
      'IP Offered': expect.stringMatching(/^192\.168\.122\.1\d\d$/),
      'Server Identifier': SERVER_ADDRESS,
      'IP Address Lease Time': '6h00m00s',
      'Subnet Mask': '255.255.255.0',
      Router: '192.168.122.1',
      'Domain Name': 'lab.example',
    });
    // The script's own address, which is the same for everybody.
    await toldOf('dhcp.offered', 'de:ad:c0:de:ca:fe').toHaveLength(1);
    expect(await leaseOf('de:ad:c0:de:ca:fe')).toEqual([]);
  });

  test.concurrent('nmap asks for settings alone (DHCPINFORM)', async () => {
    const machine = await segment.plugIn('52:54:00:00:00:25');
    await machine.ip('address add 192.168.122.79/24 dev eth0');
    const found = await scan(machine, '-Pn', '-sU', '-p', '67', '--script', 'dhcp-discover', SERVER_ADDRESS);
    expect(found).toMatchObject({
      'DHCP Message Type': 'DHCPACK',
      'Server Identifier': SERVER_ADDRESS,
      'Subnet Mask': '255.255.255.0',
      Router: '192.168.122.1',
      'Domain Name': 'lab.example',
    });
    expect(found).not.toHaveProperty('IP Address Lease Time');
    expect(await leaseOf('52:54:00:00:00:25')).toEqual([]);
  });

  // udhcpc is not among them: it asks at half of its time, whatever it is told.
  test('each asks for more time when the server says so (T1), and keeps its address', async (context) => {
    const { use } = clientsOfTest(context, muster);
    const macs = ['52:54:00:00:00:31', '52:54:00:00:00:32', '52:54:00:00:00:33'];
    const [one, two, three] = await Promise.all(macs.map((mac) => segment.plugIn(mac)));
    // Two seconds after the lease began.
    await muster.run('subnet', 'set', 'lab', '--lease-time=120', '--max-lease-time=120', '--renew-at=2');
    for (const client of [
      use(new Dhclient(one!)),
      use(await Dhcpcd.on(two!)),
      use(await Networkd.on(three!)),
    ]) {
      client.start();
    }
    for (const mac of macs) {
      const acknowledged = () => muster.told('dhcp.acknowledged').filter((event) => event.mac === mac);
      await expect
        .poll(() => acknowledged().slice(0, 2), { timeout: 30_000, interval: 200 })
        .toMatchObject([{ data: { state: 'SELECTING' } }, { data: { state: 'RENEWING' } }]);
      expect(new Set(acknowledged().map(({ data }) => data?.['address'])).size).toBe(1);
    }
  });
});
