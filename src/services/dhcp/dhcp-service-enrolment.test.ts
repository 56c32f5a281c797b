import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EnrolRule } from '../../core/machines/enrol-rule.ts';
import { DEFAULT_POLICY, type Policy } from '../../core/policy/policy.ts';
import type { MacAddress } from '../../lib/addresses.ts';
import type { DhcpMessage } from '../../protocols/dhcp/message.ts';
import { Options } from '../../protocols/dhcp/options.ts';
import { requestOf } from '../../protocols/dhcp/suite/packets.ts';
import { image, machine, profile } from '../../store/suite/samples.ts';
import { LOOK_AGAIN_AFTER_MS } from '../machines/enrolment-service.ts';
import { Lab, mac, MINUTE } from '../suite/dhcp-lab.ts';

let lab: Lab;
beforeEach(async () => {
  lab = await Lab.open();
});
afterEach(async () => {
  await lab.close();
});

const UEFI_X64 = 7;

function rom(who: MacAddress, architecture = UEFI_X64): DhcpMessage {
  return requestOf('DHCPDISCOVER', {
    mac: who,
    options: (b) =>
      b
        .set(Options.clientSystem, [architecture])
        .set(Options.classId, `PXEClient:Arch:0000${architecture}:UNDI:003000`),
  });
}

function rule(change: Partial<EnrolRule> = {}): EnrolRule {
  return { when: {}, name: 'node-{n:03}', labels: {}, variables: {}, ...change };
}

async function enrolBy(rules: readonly EnrolRule[], change: Partial<Policy['enrol']> = {}): Promise<void> {
  const enrol = { maximum: 10, rules, ...change };
  await lab.stores.policy.put({ ...DEFAULT_POLICY, unknownMachines: 'enrol', enrol });
}

const names = async () => (await lab.stores.machines.list()).map(({ name }) => name);
const told = async (kind: string) => (await lab.timeline()).filter((event) => event.kind === kind);

test('an unknown machine that boots is known from then on, once, however often it asks', async () => {
  await enrolBy([
    rule({ when: { subnet: 'lab', firmware: 'UEFI' }, labels: { rack: 'a' }, variables: { disk: 'sda' } }),
  ]);
  for (let packet = 0; packet < 3; packet += 1) await lab.ask(rom(mac(1)));
  await Promise.all([lab.ask(rom(mac(2))), lab.ask(rom(mac(2))), lab.ask(rom(mac(3)))]);
  const machines = await lab.stores.machines.list();
  expect(machines.map(({ name }) => name)).toEqual(['node-001', 'node-002', 'node-003']);
  expect(machines[0]).toMatchObject({ macs: [mac(1)], labels: { rack: 'a' }, variables: { disk: 'sda' } });
  expect(new Set(machines.flatMap(({ macs }) => macs))).toEqual(new Set([mac(1), mac(2), mac(3)]));
  const enrolled = await told('machine.enrolled');
  expect(enrolled).toHaveLength(3);
  expect(enrolled[0]).toMatchObject({
    text: 'node-001 is known from now on',
    because: 'rule 1 fits: subnet lab, firmware UEFI',
    mac: mac(1),
  });
});

test('while a machine is waited for by its serial number, one that has not told its own is not made known', async () => {
  await enrolBy([rule()]);
  const imported = machine({ id: 'm-0000000000aa', name: 'pc-7', macs: [], serial: 'CZC1234567' });
  expect(await lab.stores.machines.put(imported)).toEqual({ put: true });
  await lab.ask(rom(mac(1)));
  expect(await names()).toEqual(['pc-7']);
  await lab.stores.machines.remove(imported.id);
  await lab.ask(rom(mac(1)));
  expect(await names()).toEqual(['node-001']);
});

test('it boots its own disk, and no install is armed by a profile alone', async () => {
  await lab.stores.images.add(image({ kernel: 'linux', initrds: ['initrd.gz'], answerKind: 'preseed' }));
  await lab.stores.profiles.put(profile());
  await enrolBy([rule({ profile: profile().name })]);
  await lab.ask(rom(mac(1)));
  const [machine] = await lab.stores.machines.list();
  expect(await lab.stores.installs.list({ limit: 10 })).toEqual([]);
  const offered = (await told('dhcp.offered'))[0];
  expect(offered?.because).toContain(`no install was ever armed for ${machine?.name}`);
});

test('only where its rule says arm, an install is armed, once', async () => {
  await lab.stores.images.add(image({ kernel: 'linux', initrds: ['initrd.gz'], answerKind: 'preseed' }));
  await lab.stores.profiles.put(profile());
  await enrolBy([rule({ profile: profile().name, arm: true })]);
  for (let packet = 0; packet < 3; packet += 1) await lab.ask(rom(mac(1)));
  expect(await lab.stores.installs.list({ limit: 10 })).toMatchObject([
    { state: 'requested', profile: profile().name },
  ]);
});

test('what cannot be armed is told, and the machine is known all the same', async () => {
  await enrolBy([rule({ profile: 'gone', arm: true })]);
  await lab.ask(rom(mac(1)));
  expect(await names()).toEqual(['node-001']);
  expect(await told('machine.notArmed')).toMatchObject([
    { because: expect.stringContaining('there is no profile "gone"') },
  ]);
});

test('no more become known than may, which is told once and not for each packet', async () => {
  await enrolBy([rule()], { maximum: 2 });
  for (let last = 1; last <= 30; last += 1) await lab.ask(rom(mac(last)));
  expect(await names()).toEqual(['node-001', 'node-002']);
  expect(await told('machine.notEnrolled')).toMatchObject([
    { mac: mac(3), because: expect.stringContaining('2 machines that are there were made known by a rule') },
  ]);
  await enrolBy([rule()], { maximum: 3 });
  await lab.ask(rom(mac(30)));
  expect(await names()).toEqual(['node-001', 'node-002', 'node-003']);
  lab.nowMs += LOOK_AGAIN_AFTER_MS;
  await lab.ask(rom(mac(29)));
  expect(await told('machine.notEnrolled')).toHaveLength(2);
});

test('one that no rule fits stays unknown, and its reason is told once', async () => {
  await enrolBy([rule({ when: { subnet: 'hall' } })]);
  for (let packet = 0; packet < 5; packet += 1) await lab.ask(rom(mac(1)));
  expect(await names()).toEqual([]);
  expect(await told('machine.notEnrolled')).toMatchObject([
    { mac: mac(1), because: 'no rule fits: rule 1 wants subnet hall and not lab' },
  ]);
});

/** How often all machines, or the names of all, were read while it was done. */
async function readsDuring(task: () => Promise<void>): Promise<{ lists: number; names: number }> {
  const { machines } = lab.stores;
  const reads = { lists: 0, names: 0 };
  const list = machines.list.bind(machines);
  const readNames = machines.names.bind(machines);
  machines.list = async () => {
    reads.lists += 1;
    return await list();
  };
  machines.names = async () => {
    reads.names += 1;
    return await readNames();
  };
  await task();
  return reads;
}

test('any number of those that no rule fits costs no reading of all machines, nor of their names', async () => {
  await enrolBy([rule({ when: { subnet: 'hall' } })]);
  const reads = await readsDuring(async () => {
    for (let last = 1; last <= 20; last += 1) await lab.ask(rom(mac(last)));
  });
  expect(reads).toEqual({ lists: 0, names: 0 });
});

test('one that a rule fits and whose name is taken asks for the names alone, which are in memory', async () => {
  await enrolBy([rule({ name: 'node-{mac}' })]);
  await lab.stores.machines.put(machine({ name: `node-${mac(1).replaceAll(':', '')}` }));
  const reads = await readsDuring(async () => {
    for (let packet = 0; packet < 5; packet += 1) await lab.ask(rom(mac(1)));
  });
  expect(reads.lists).toBe(0);
  expect(reads.names).toBeGreaterThan(0);
  expect(await told('machine.notEnrolled')).toMatchObject([{ because: expect.stringContaining('is taken') }]);
});

test('neither a system that asks nor anybody becomes known where the policy is another', async () => {
  await enrolBy([rule()]);
  await lab.ask(requestOf('DHCPDISCOVER', { mac: mac(1) }));
  await lab.stores.policy.put({ ...DEFAULT_POLICY, enrol: { maximum: 10, rules: [rule()] } });
  await lab.ask(rom(mac(2)));
  expect(await names()).toEqual([]);
});

test('what messages of a known machine tell of it is kept, without a write for each', async () => {
  await enrolBy([rule()]);
  await lab.ask(rom(mac(1)));
  const [machine] = await lab.stores.machines.list();
  lab.nowMs += MINUTE;
  const named = (b: Parameters<NonNullable<Parameters<typeof requestOf>[1]>['options'] & object>[0]) =>
    b.set(Options.hostname, 'web-1');
  await lab.ask(requestOf('DHCPDISCOVER', { mac: mac(1), options: named }));
  await lab.factsSettled();
  expect(await lab.stores.facts.ofMachine(machine?.id ?? '')).toMatchObject([
    {
      source: 'dhcp',
      facts: { firmware: 'UEFI', vendorClass: 'PXEClient:Arch:00007:UNDI:003000', hostname: 'web-1' },
    },
  ]);
});
