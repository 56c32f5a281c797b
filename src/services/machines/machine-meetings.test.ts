import { afterEach, beforeEach, expect, test } from 'vitest';
import { MAX_GUESSES } from '../../core/machines/guesses.ts';
import { parseUuid, swapUuidByteOrder } from '../../lib/addresses.ts';
import { Options } from '../../protocols/dhcp/options.ts';
import { requestOf } from '../../protocols/dhcp/suite/packets.ts';
import { cachedStores } from '../../store/read-cache.ts';
import { Lab, mac, NOON } from '../suite/dhcp-lab.ts';
import { WhoAsks } from '../boot/who-asks.ts';

const UUID = parseUuid('4c4c4544-0044-4810-8031-b4c04f564231');
const CARD = mac(1);

let lab: Lab;
let whoAsks: WhoAsks;
beforeEach(async () => {
  lab = await Lab.open();
  const { machines } = cachedStores(lab.stores);
  whoAsks = new WhoAsks({
    machines,
    leases: lab.leases,
    events: lab.events,
    clock: { nowMs: () => lab.nowMs },
  });
  for (const [name, change] of [
    ['web1', { serial: 'S1', uuid: UUID }],
    ['web2', { port: { circuitId: 'eth0/7' } }],
    ['web3', { macs: [mac(3)], serial: 'S3' }],
  ] as const) {
    await machines.put({
      id: `m-${name}`,
      name,
      macs: [],
      labels: {},
      variables: {},
      createdAtMs: NOON,
      ...change,
    });
  }
});
afterEach(() => lab.close());

test('a machine that is met by its serial number has its MAC address from then on, and the timeline says why', async () => {
  expect(await whoAsks.bySight({ mac: CARD, serial: 's1' })).toMatchObject({
    machine: { name: 'web1', macs: [CARD] },
  });
  expect(await whoAsks.bySight({ mac: CARD })).toMatchObject({ machine: { name: 'web1' } });
  expect(await lab.timeline()).toMatchObject([
    {
      kind: 'machine.learned',
      text: `web1 is here for the first time: its MAC address is ${CARD}`,
      because: 'its serial number is that of web1, which had no MAC address yet',
      machineId: 'm-web1',
      mac: CARD,
    },
  ]);
});

test('of two cards that say the same at once, one is the machine', async () => {
  const cards = [mac(10), mac(11)];
  const asked = await Promise.all(cards.map((card) => whoAsks.bySight({ mac: card, serial: 'S1' })));
  expect(asked.filter(({ machine }) => machine !== undefined)).toHaveLength(1);
  expect((await lab.kinds()).filter((kind) => kind === 'machine.learned')).toHaveLength(1);
});

test('another card that says the same afterwards is nobody, which is told once a minute', async () => {
  for (let packet = 0; packet < 5; packet += 1)
    expect(await whoAsks.bySight({ mac: CARD, serial: 'S3' })).toEqual({ mac: CARD, machine: undefined });
  expect(await lab.timeline()).toMatchObject([
    {
      kind: 'machine.notIdentified',
      because: expect.stringMatching(
        /^its serial number is that of web3, which is known by its MAC addresses/,
      ),
      mac: CARD,
    },
  ]);
});

test('a card that tries one serial number after the other is not believed any more', async () => {
  for (let guess = 0; guess < MAX_GUESSES; guess += 1)
    await whoAsks.bySight({ mac: CARD, serial: `G${guess}` });
  expect((await whoAsks.bySight({ mac: CARD, serial: 'S1' })).machine).toBeUndefined();
  expect((await lab.timeline()).at(-1)?.because).toMatch(/too many different things/);
});

test('what an address says of itself counts only where a lease tells its card', async () => {
  const address = await lab.lease(CARD);
  const stranger = '192.168.122.99' as typeof address;
  expect(await whoAsks.byAddress(stranger, { serial: 'S1' })).toEqual({});
  expect((await whoAsks.byAddress(address, { serial: 'S1' })).machine?.name).toBe('web1');
});

test('DHCP is enough to meet a machine by its UUID, or by the port of its relay', async () => {
  const wire = Uint8Array.from([0, ...Buffer.from(swapUuidByteOrder(UUID).replaceAll('-', ''), 'hex')]);
  await lab.ask(requestOf('DHCPDISCOVER', { mac: CARD, options: (b) => b.set(Options.uuid, wire) }));
  const circuit = Uint8Array.from([1, 6, ...Buffer.from('eth0/7')]);
  await lab.ask(
    requestOf('DHCPDISCOVER', { mac: mac(2), options: (b) => b.set(Options.relayAgent, circuit) }),
  );
  expect((await lab.stores.machines.byName('web1'))?.macs).toEqual([CARD]);
  expect((await lab.stores.machines.byName('web2'))?.macs).toEqual([mac(2)]);
  const offers = (await lab.timeline()).filter(({ kind }) => kind === 'dhcp.offered');
  expect(offers.map(({ machineId }) => machineId)).toEqual(['m-web1', 'm-web2']);
});
