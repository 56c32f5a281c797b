import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Udhcpc } from './dhcp-client-programs.ts';
import { EVENT_WAIT, MusterInNamespace, Segment } from './muster-in-namespace.ts';
import { describeInNamespace } from './namespace.ts';

const MAC = '52:54:00:00:00:01';
/** So many that the server is killed while they are read, decided or written, wherever it is by then. */
const MANY = 2000;
const KILLED_AFTER_MS = 600;

function site(address: string, more = ''): string {
  return `subnets:
  - name: lab
    network: 192.168.122.0/24
    ranges: [{ first: 192.168.122.100, last: 192.168.122.200 }]
    reservations: [{ mac: ${MAC}, address: ${address}, hostname: web-1 }]
    routers: [192.168.122.1]
    minLeaseSeconds: 60
groups: [{ name: rack-a, selector: rack=a, variables: { domain: lab.example } }]
machines: [{ name: web-1, macs: ["${MAC}"], labels: { rack: a } }]
${more}`;
}

describeInNamespace('site files and muster up', () => {
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

  const write = (text: string): string => {
    const file = join(muster.folder, 'site.yaml');
    writeFileSync(file, text);
    return file;
  };
  const names = async (...words: readonly string[]): Promise<readonly string[]> =>
    (await muster.run<readonly { readonly name: string }[]>(...words)).map(({ name }) => name);

  test('what is applied holds for the next packet, and one that is taken away for the one after it', async () => {
    expect(await muster.tryRun('apply', '-f', write(site('192.168.122.10')))).toMatchObject({
      code: 0,
      stdout: '+ subnet lab\n+ group rack-a\n+ machine web-1\n',
    });
    const machine = await segment.plugIn(MAC);
    const udhcpc = new Udhcpc(machine);
    udhcpc.start();
    await expect
      .poll(() => muster.told('dhcp.acknowledged'), EVENT_WAIT)
      .toMatchObject([{ machine: 'web-1', mac: MAC }]);
    expect(await muster.leases()).toMatchObject([{ address: '192.168.122.10', state: 'held' }]);
    await udhcpc.close();
    expect(await muster.run('machine', 'variables', 'web-1')).toMatchObject({
      variables: [{ name: 'domain', value: 'lab.example', by: { kind: 'group', name: 'rack-a' } }],
    });
    const pruned = await muster.tryRun('apply', '-f', write('subnets: []'), '--prune', '-y');
    expect(pruned).toMatchObject({ code: 0, stdout: '- subnet lab\n' });
    expect(await muster.leases()).toEqual([]);
    const again = new Udhcpc(machine);
    again.start();
    await expect.poll(() => muster.told('dhcp.silent'), EVENT_WAIT).not.toEqual([]);
    await again.close();
    expect(await muster.leases()).toEqual([]);
  });

  test('what is exported is what is there, also after a restart', async () => {
    expect(await muster.tryRun('apply', '-f', write(site('192.168.122.11')))).toMatchObject({ code: 0 });
    expect((await muster.tryRun('subnet', 'ls', '-o', 'yaml')).stdout).toMatch(/^- name: lab\n/);
    const { stdout, stderr, code } = await muster.tryRun('export');
    expect(code, stderr).toBe(0);
    await muster.program.stop();
    await muster.up();
    const same = await muster.tryRun('diff', '-f', write(stdout));
    expect(same, same.stderr + stdout).toMatchObject({ code: 0, stdout: '' });
    expect((await muster.tryRun('export')).stdout).toBe(stdout);
  });

  test('one that is at fault, or in the middle of which the server dies, changes nothing', async () => {
    const before = (await muster.tryRun('export')).stdout;
    expect(before).toContain('192.168.122.11');
    const faulty = write(site('192.168.123.11', 'profiles: [{ name: x, image: none }]'));
    expect(await muster.tryRun('apply', '-f', faulty)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /site\.yaml:2:5: [^]*site\.yaml:10:30: there is no image "none"/,
      ) as string,
    });
    expect((await muster.tryRun('export')).stdout).toBe(before);

    const many = Array.from({ length: MANY }, (_, at) => {
      const mac = `0200${at.toString(16).padStart(8, '0')}`;
      return { name: `node-${at}`, macs: [mac] };
    });
    const large = write(JSON.stringify({ machines: many }));
    const applying = muster.tryRun('apply', '-f', large);
    await sleep(KILLED_AFTER_MS);
    await muster.program.stop('SIGKILL');
    await applying;
    await muster.up();
    expect([1, MANY + 1]).toContain((await names('machine', 'ls')).length);
    expect(await muster.tryRun('apply', '-f', large)).toMatchObject({ code: 0 });
    expect(await names('machine', 'ls')).toHaveLength(MANY + 1);
    expect(await muster.tryRun('diff', '-f', large)).toMatchObject({ code: 0, stdout: '' });
  });
});
