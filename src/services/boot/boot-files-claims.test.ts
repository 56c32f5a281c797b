import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../core/policy/policy.ts';
import { parseMac, parseUuid } from '../../lib/addresses.ts';
import { makeMachineWorld, type MachineWorld, SERVER, STRANGER } from '../../servers/suite/machine-world.ts';

let world: MachineWorld;
const mac = parseMac('52:54:00:00:00:99');
const uuid = parseUuid('4c4c4544-0042-3510-8056-b7c04f4e3232');
const rules = [
  { when: { vendor: 'Dell*', circuitId: 'eth0/7' }, name: 'dell-{serial}', labels: {}, variables: {} },
];

beforeEach(async () => {
  world = await makeMachineWorld();
  await world.lease(STRANGER, mac);
  await world.stores.policy.put({
    ...DEFAULT_POLICY,
    unknownMachines: 'enrol',
    enrol: { maximum: 5, rules },
  });
});
afterEach(async () => {
  await world.events.settled();
  await world.close();
});

const script = (says?: object) =>
  world.bootFiles.openBoot({
    name: 'boot.ipxe',
    clientAddress: STRANGER,
    localAddress: SERVER,
    ...(says ? { says } : {}),
  });

test('iPXE is asked where a rule goes by who made it, and the machine is known by what it says and its ROM said', async () => {
  // As the DHCP door does for what the ROM and the relay say.
  expect(await world.enrolment.meet({ mac, subnet: 'lab', circuitId: 'eth0/7' }, 'some')).toBeUndefined();
  const asked = await script();
  if (!asked.found) throw new Error(asked.because);
  const text = Buffer.from(await asked.source.read(0, asked.source.size)).toString();
  expect(text).toContain('&vendor=${manufacturer:uristring}&product=${product:uristring}');
  await script({ uuids: [uuid], serial: 'ABC1', vendor: 'Dell Inc.', product: 'R640' });
  const machine = await world.stores.machines.byMac(mac);
  expect(machine).toMatchObject({ name: 'dell-abc1', uuid });
  await world.facts.settled();
  expect(await world.facts.ofMachine(machine?.id ?? '')).toMatchObject({
    facts: { vendor: 'Dell Inc.', product: 'R640', serial: 'ABC1' },
    origins: { vendor: { source: 'ipxe' } },
  });
});

test('who says nothing, or a serial number that thousands have, is known by none', async () => {
  await world.enrolment.meet({ mac, subnet: 'lab', circuitId: 'eth0/7' }, 'some');
  await script({ vendor: 'Dell Inc.', serial: 'To Be Filled By O.E.M.' });
  expect(await world.stores.machines.byMac(mac)).toBeUndefined();
  await script({});
  expect(await world.stores.machines.byMac(mac)).toBeUndefined();
});
