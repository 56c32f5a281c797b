import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseMac } from '../../lib/addresses.ts';
import {
  makeMachineWorld,
  type MachineWorld,
  SERVER,
  STRANGER,
  WEB01,
  WEB02,
} from '../../servers/suite/machine-world.ts';

let world: MachineWorld;
let token = '';
let id = '';

beforeEach(async () => {
  world = await makeMachineWorld();
  ({ token, id } = await world.arm());
  await world.lease(WEB01, world.web01.macs[0]!);
  await world.lease(WEB02, parseMac('52:54:00:00:00:02'));
});
afterEach(async () => {
  await world.events.settled();
  await world.close();
});

const whose = (clientAddress = WEB01, asked = token) => ({
  token: asked,
  clientAddress,
  localAddress: SERVER,
});
const known = async () => (await world.facts.ofMachine(world.web01.id)).facts;

test('an installer that runs gets the program, and what it finds is kept and told', async () => {
  await world.installs.happened(id, 'bootOffered');
  const script = await world.installFacts.openScript(whose());
  expect(script).toMatchObject({ found: true, label: 'facts.sh of web01' });
  expect(script.found && script.content).toContain(
    `main 'http://192.168.122.1:8080/installs/${token}/facts'`,
  );
  expect(await world.installFacts.take(whose(), { memoryMegabytes: 2048 })).toMatchObject({ reported: true });
  expect(await known()).toEqual({ memoryMegabytes: 2048 });
  await world.events.settled();
  expect(world.told.at(-1)).toMatchObject({
    kind: 'machine.facts',
    machineId: world.web01.id,
    installId: id,
    because: `the installer of install ${id} looked`,
  });
});

for (const [what, prepare, request, refusal, because] of [
  ['before the installer boots', undefined, whose, 'not now', 'is requested'],
  ['when the install is over', 'cancelled', whose, 'not now', 'is cancelled'],
  ['of the address of another machine', 'bootOffered', () => whose(WEB02), 'not yours', 'leased to web02'],
  [
    'for a token that nobody has',
    'bootOffered',
    () => whose(WEB01, 'f'.repeat(32)),
    'not yours',
    'no install',
  ],
  ['for what is no token', 'bootOffered', () => whose(WEB01, "'"), 'not yours', 'no install'],
] as const) {
  test(`neither program nor facts ${what}`, async () => {
    if (prepare) await world.installs.happened(id, prepare);
    const refused = { because: expect.stringContaining(because) };
    expect(await world.installFacts.openScript(request())).toMatchObject({ found: false, ...refused });
    expect(await world.installFacts.take(request(), { memoryMegabytes: 1 })).toMatchObject({
      reported: false,
      refusal,
      ...refused,
    });
    expect(await known()).toEqual({});
  });
}

test('an address without a lease may tell, as it may report: its token was told to the machine alone', async () => {
  await world.installs.happened(id, 'bootOffered');
  expect(await world.installFacts.take(whose(STRANGER), { serial: 'A' })).toMatchObject({ reported: true });
});
