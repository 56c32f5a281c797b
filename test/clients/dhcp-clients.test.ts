import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseIpv4, parseMac } from '../../src/lib/addresses.ts';
import { decodeMessage, encodeMessage } from '../../src/protocols/dhcp/message.ts';
import { MessageType, Options } from '../../src/protocols/dhcp/options.ts';
import { requestOf } from '../../src/protocols/dhcp/suite/packets.ts';
import { clientsOfTest } from './clients-of-test.ts';
import { Dhclient, ROM_CLASS, Udhcpc } from './dhcp-client-programs.ts';
import { CLASSIC_SUBNET, MusterInNamespace, Segment } from './muster-in-namespace.ts';
import { describeInNamespace } from './namespace.ts';

const RESERVED_MAC = '52:54:00:00:00:05';
const SUBNET = [
  ...CLASSIC_SUBNET,
  '--next-server=192.168.122.9',
  '--filename=custom/pxelinux.0',
  '--option=ntp-servers=192.168.122.7',
  '--option=224="green"',
  `--reserve=${RESERVED_MAC}=192.168.122.50=db`,
];

describeInNamespace('real DHCP clients and muster up', () => {
  let segment: Segment;
  let muster: MusterInNamespace;

  beforeAll(async () => {
    segment = await Segment.make();
    muster = new MusterInNamespace(segment.server);
    await muster.up();
    await muster.run('subnet', 'add', 'lab', ...SUBNET);
  });
  afterAll(async () => {
    await muster.close();
    await segment.close();
  });

  const leaseOf = async (mac: string) => (await muster.leases()).filter((lease) => lease.mac === mac);

  test.concurrent('dhclient as a ROM is told everything, renews by unicast, comes back for its address, and releases it', async (context) => {
    const { use, toldOf } = clientsOfTest(context, muster);
    const mac = '52:54:00:00:00:01';
    const rom = `send vendor-class-identifier "${ROM_CLASS}"; supersede dhcp-renewal-time 2;`;
    const dhclient = use(new Dhclient(await segment.plugIn(mac), rom));
    dhclient.start();
    const bound = await dhclient.told('BOUND');
    expect(bound).toMatchObject({
      new_ip_address: expect.stringMatching(/^192\.168\.122\.1\d\d$/),
      new_subnet_mask: '255.255.255.0',
      new_broadcast_address: '192.168.122.255',
      new_routers: '192.168.122.1',
      new_domain_name: 'lab.example',
      new_domain_name_servers: '192.168.122.1 192.168.122.2',
      new_dhcp_lease_time: '21600',
      new_dhcp_server_identifier: '192.168.122.1',
      new_next_server: '192.168.122.9',
      new_filename: 'custom/pxelinux.0',
      new_ntp_servers: '192.168.122.7',
      new_boot_colour: 'green',
    });
    const address = bound['new_ip_address']!;
    expect(await leaseOf(mac)).toMatchObject([{ address, state: 'held', subnet: 'lab' }]);

    expect((await dhclient.told('RENEW'))['new_ip_address']).toBe(address);
    const renewal = `DHCPREQUEST for ${address} on eth0 to 192.168.122.1 port 67`;
    await dhclient.program.waitFor(new RegExp(renewal.replaceAll('.', '\\.')));
    await toldOf('dhcp.acknowledged', mac).toMatchObject([
      { data: { address, state: 'SELECTING', leaseSeconds: 21_600 } },
      { data: { address, state: 'RENEWING' } },
    ]);

    await dhclient.powerOff();
    dhclient.start();
    expect((await dhclient.told('REBOOT'))['new_ip_address']).toBe(address);
    await dhclient.powerOff();
    dhclient.forget();
    dhclient.start();
    expect((await dhclient.told('BOUND'))['new_ip_address']).toBe(address);

    // dhclient says it once and takes its address away: its system must not have to look for the server first.
    await dhclient.machine.run('curl', ['-sS', 'http://192.168.122.1:8080/healthz']);
    await dhclient.release();
    await toldOf('dhcp.released', mac).toMatchObject([{ text: `The client gives ${address} back` }]);
    expect(await leaseOf(mac)).toMatchObject([{ address, state: 'released' }]);
  });

  test.concurrent('udhcpc as a ROM is told everything, renews by unicast, and releases its address', async (context) => {
    const { use, toldOf } = clientsOfTest(context, muster);
    const mac = '52:54:00:00:00:02';
    const options = ['-V', ROM_CLASS, '-x', 'hostname:node2', '-O', 'ntpsrv', '-O', '224'];
    const udhcpc = use(new Udhcpc(await segment.plugIn(mac), options));
    udhcpc.start();
    const bound = await udhcpc.told('bound');
    expect(bound).toMatchObject({
      ip: expect.stringMatching(/^192\.168\.122\.1\d\d$/),
      mask: '24',
      broadcast: '192.168.122.255',
      router: '192.168.122.1',
      domain: 'lab.example',
      dns: '192.168.122.1 192.168.122.2',
      lease: '21600',
      serverid: '192.168.122.1',
      siaddr: '192.168.122.9',
      boot_file: 'custom/pxelinux.0',
      ntpsrv: '192.168.122.7',
      opt224: Buffer.from('green').toString('hex'),
    });
    const address = bound['ip']!;
    udhcpc.program.signal('SIGUSR1');
    expect((await udhcpc.told('renew'))['ip']).toBe(address);
    await udhcpc.program.waitFor(/sending renew to server 192\.168\.122\.1/);
    await toldOf('dhcp.acknowledged', mac).toSatisfy(
      (events) => statesOf(events).join() === 'SELECTING,RENEWING',
    );
    expect(await leaseOf(mac)).toMatchObject([{ address, state: 'held', hostname: 'node2' }]);

    udhcpc.program.signal('SIGUSR2');
    await toldOf('dhcp.released', mac).toMatchObject([{ text: `The client gives ${address} back` }]);
    expect(await leaseOf(mac)).toMatchObject([{ address, state: 'released' }]);
    // It may be given to others, but is kept for this one while others are free.
    udhcpc.program.signal('SIGUSR1');
    await toldOf('dhcp.acknowledged', mac).toSatisfy(
      (events) => statesOf(events).length === 3 && events.at(-1).data.address === address,
    );
  });

  test.concurrent('an operating system is told no boot file, and gets what it asks for within the limits', async (context) => {
    const { use } = clientsOfTest(context, muster);
    const mac = '52:54:00:00:00:03';
    const system = use(new Dhclient(await segment.plugIn(mac), 'send dhcp-lease-time 99999;'));
    system.start();
    const bound = await system.told('BOUND');
    expect(bound['new_filename']).toBeUndefined();
    expect(bound['new_dhcp_lease_time']).toBe('43200');
  });

  test.concurrent('a ROM, an installer and an installed system on one card get one address', async (context) => {
    const { use } = clientsOfTest(context, muster);
    const machine = await segment.plugIn('52:54:00:00:00:04');
    const rom = use(new Udhcpc(machine, ['-V', ROM_CLASS, '-C', '-x', '0x3d:00deadbeef', '-x', '0x5d:0000']));
    rom.start();
    const { ip: address } = await rom.told('bound');
    await rom.powerOff();
    const duid = 'send dhcp-client-identifier ff:00:00:00:04:00:01:00:01:2c:11:22:33:52:54:00:00:00:04;';
    for (const identifier of [duid, 'send dhcp-client-identifier "web04";', '']) {
      const system = use(new Dhclient(machine, identifier));
      system.start();
      expect((await system.told('BOUND'))['new_ip_address']).toBe(address);
      await system.powerOff();
    }
    expect(await leaseOf('52:54:00:00:00:04')).toHaveLength(1);
  });

  test.concurrent('a reservation names the address, outside of the ranges too, and the host', async (context) => {
    const { use } = clientsOfTest(context, muster);
    const dhclient = use(new Dhclient(await segment.plugIn(RESERVED_MAC)));
    dhclient.start();
    expect(await dhclient.told('BOUND')).toMatchObject({
      new_ip_address: '192.168.122.50',
      new_host_name: 'db',
    });
  });

  test.concurrent('a machine with an address of its own gets settings and no lease (DHCPINFORM)', async () => {
    const mac = '52:54:00:00:00:06';
    const machine = await segment.plugIn(mac);
    await machine.ip('address add 192.168.122.77/24 dev eth0');
    const inform = requestOf('DHCPINFORM', { mac: parseMac(mac), ciaddr: parseIpv4('192.168.122.77') });
    writeFileSync(join(muster.folder, 'inform'), encodeMessage(inform));
    const peer = 'UDP4-DATAGRAM:192.168.122.1:67,bind=192.168.122.77:68';
    // It waits for a second after the end of its input.
    const exchange = `socat -t 1 - ${peer} < ${muster.folder}/inform | od -An -v -tx1`;
    const { stdout } = await machine.run('sh', ['-c', exchange]);
    const { xid, options } = decodeMessage(Buffer.from(stdout.replaceAll(/\s/g, ''), 'hex'));
    expect(xid).toBe(inform.xid);
    expect(options.get(Options.messageType)).toBe(MessageType.DHCPACK);
    expect(options.get(Options.domainName)).toBe('lab.example');
    expect(options.has(Options.addressTime)).toBe(false);
    expect(await leaseOf(mac)).toEqual([]);
  });
});

/** How its leases came about, one after the other: who is kept waiting by a busy machine asks for the same again. */
function statesOf(events: readonly { readonly data?: { readonly state?: unknown } }[]): readonly unknown[] {
  return events.map(({ data }) => data?.state).filter((state, at, all) => state !== all[at - 1]);
}
