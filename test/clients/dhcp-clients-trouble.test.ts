import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Dhclient, type DhcpClient, Udhcpc } from './dhcp-client-programs.ts';
import { CLASSIC_SUBNET, EVENT_WAIT, MusterInNamespace, Segment } from './muster-in-namespace.ts';
import { describeInNamespace } from './namespace.ts';

describeInNamespace('DHCP clients in trouble', () => {
  let segment: Segment;
  let muster: MusterInNamespace;
  const clients: DhcpClient[] = [];

  beforeAll(async () => {
    segment = await Segment.make();
    muster = new MusterInNamespace(segment.server);
    await muster.up();
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
  });
  afterAll(async () => {
    await muster.close();
    await segment.close();
  });

  const use = <Client extends DhcpClient>(client: Client): Client => {
    clients.push(client);
    return client;
  };
  const toldOf = (kind: Parameters<MusterInNamespace['told']>[0], mac: string) =>
    expect.poll(() => muster.told(kind).filter((event) => event.mac === mac), EVENT_WAIT);

  test('without a subnet nobody is answered, and the timeline says why and what to do', async () => {
    const mac = '52:54:00:00:00:01';
    const udhcpc = use(new Udhcpc(await segment.plugIn(mac), ['-n', '-t', '2']));
    expect(await udhcpc.start().finished).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no lease, failing'),
    });
    await toldOf('dhcp.silent', mac).toMatchObject([
      {
        text: 'No answer to DHCPDISCOVER',
        because: 'no subnet is configured for 192.168.122.0/24 on br0: muster subnet add makes one',
      },
    ]);
    expect(muster.told('dhcp.offered')).toEqual([]);
  });

  describe('with a subnet', () => {
    beforeAll(async () => {
      await muster.run('subnet', 'add', 'lab', ...CLASSIC_SUBNET);
    });

    test('a stranger with an address of elsewhere is left alone, until this server is the authority', async () => {
      const mac = '52:54:00:00:00:02';
      const machine = await segment.plugIn(mac);
      const guest = use(new Dhclient(machine));
      guest.remember('10.9.9.9', '10.9.9.1');
      guest.start();
      // Nobody answers its DHCPREQUEST, so it begins anew.
      const { new_ip_address: given } = await guest.told('BOUND');
      expect(guest.program.stderr).not.toContain('DHCPNAK');
      await toldOf('dhcp.silent', mac).toMatchObject([{ text: 'No answer to DHCPREQUEST' }]);
      await guest.powerOff();

      await muster.run('policy', 'set', '--authoritative');
      const newcomer = '52:54:00:00:00:03';
      const lost = use(new Dhclient(await segment.plugIn(newcomer)));
      lost.remember('10.9.9.9', '10.9.9.1');
      lost.start();
      const bound = await lost.told('BOUND');
      expect(bound['new_ip_address']).toMatch(/^192\.168\.122\.1\d\d$/);
      expect(bound['new_ip_address']).not.toBe(given);
      await lost.program.waitFor(/DHCPNAK from 192\.168\.122\.1/);
      await toldOf('dhcp.refused', newcomer).toMatchObject([
        { because: '10.9.9.9 is not in 192.168.122.0/24', data: { state: 'INIT-REBOOT' } },
      ]);

      // What another holds is refused as well.
      const thief = use(new Dhclient(await segment.plugIn('52:54:00:00:00:04')));
      thief.remember(given!, '192.168.122.1');
      thief.start();
      expect((await thief.told('BOUND'))['new_ip_address']).not.toBe(given);
      await thief.program.waitFor(/DHCPNAK from 192\.168\.122\.1/);
    });

    test('an address that somebody sits on is declined, and given to nobody for a while', async () => {
      const squatter = await segment.plugIn('52:54:00:00:00:05');
      await squatter.ip('address add 192.168.122.190/24 dev eth0');
      const mac = '52:54:00:00:00:06';
      const udhcpc = use(new Udhcpc(await segment.plugIn(mac), ['-a500', '-r', '192.168.122.190']));
      udhcpc.start();
      const { ip: address } = await udhcpc.told('bound');
      await udhcpc.program.waitFor(/offered address is in use/);
      expect(address).toMatch(/^192\.168\.122\.1\d\d$/);
      expect(address).not.toBe('192.168.122.190');
      await toldOf('dhcp.declined', mac).toMatchObject([{ data: { address: '192.168.122.190' } }]);

      const other = use(new Udhcpc(await segment.plugIn('52:54:00:00:00:07'), ['-r', '192.168.122.190']));
      other.start();
      expect((await other.told('bound'))['ip']).not.toBe('192.168.122.190');
      const lease = (await muster.leases()).find((known) => known.address === '192.168.122.190');
      expect(lease).toMatchObject({ state: 'declined' });
    });

    test('a lease is on disk before its client knows: it survives kill -9 of the server', async () => {
      const mac = '52:54:00:00:00:08';
      const udhcpc = use(new Udhcpc(await segment.plugIn(mac)));
      udhcpc.start();
      const { ip: address } = await udhcpc.told('bound');
      expect(await muster.program.stop('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });

      await muster.up();
      const leases = (await muster.leases()).filter((lease) => lease.mac === mac);
      expect(leases).toMatchObject([{ address, state: 'held' }]);
      udhcpc.program.signal('SIGUSR1');
      expect((await udhcpc.told('renew'))['ip']).toBe(address);
      // Who comes new does not get what others hold.
      const newcomer = use(new Udhcpc(await segment.plugIn('52:54:00:00:00:09')));
      newcomer.start();
      const { ip: next } = await newcomer.told('bound');
      const held = (await muster.leases()).filter((lease) => lease.address === next);
      expect(held).toMatchObject([{ mac: '52:54:00:00:00:09' }]);
      expect(next).not.toBe(address);
    });
  });
});
