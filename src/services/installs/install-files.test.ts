import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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
});
afterEach(async () => {
  await world.events.settled();
  await world.close();
});

const boot = () => world.installs.happened(id, 'bootOffered');
const ask = (
  clientAddress = WEB01,
  file = 'preseed.cfg',
  purpose: 'fetch' | 'look' = 'fetch',
  asked = token,
) => world.installFiles.openAnswer({ token: asked, file, clientAddress, localAddress: SERVER, purpose });
const state = async () => (await world.stores.installs.byId(id))?.state;

describe('the answer file', () => {
  test('is rendered for the machine, and the install is then under way', async () => {
    await world.lease(WEB01, world.web01.macs[0]!);
    await boot();
    const answer = await ask();
    expect(answer).toMatchObject({
      found: true,
      label: 'preseed.cfg of web01',
      machineId: world.web01.id,
      installId: id,
    });
    expect(answer.found && answer.content).toContain(`http://192.168.122.1:8080/installs/${token}`);
    expect(await state()).toBe('installing');
    expect(await ask()).toMatchObject({ found: true });
  });

  test('can be looked at without any change', async () => {
    await boot();
    expect(await ask(WEB01, 'preseed.cfg', 'look')).toMatchObject({ found: true });
    expect(await state()).toBe('booting');
  });

  test('is there only while the installer boots or runs', async () => {
    expect(await ask()).toMatchObject({ found: false, because: expect.stringContaining('is requested') });
    await boot();
    await world.installs.happened(id, 'finished');
    expect(await ask()).toMatchObject({ found: false, because: expect.stringContaining('is installed') });
  });

  test('is only for the address that holds a lease of this machine', async () => {
    await world.lease(WEB01, world.web01.macs[0]!);
    await world.lease(WEB02, parseMac('52:54:00:00:00:02'));
    await boot();
    expect(await ask(WEB02)).toMatchObject({
      found: false,
      because: expect.stringContaining('leased to web02'),
    });
    expect(await ask(STRANGER)).toMatchObject({
      found: false,
      because: expect.stringContaining('holds a lease'),
    });
    expect(await state()).toBe('booting');
    expect(await ask(WEB01)).toMatchObject({ found: true });
  });

  test('goes by the token alone where no lease of ours tells', async () => {
    await boot();
    expect(await ask(STRANGER)).toMatchObject({ found: true });
  });

  for (const [what, file, asked, because] of [
    ['a token nobody has', 'preseed.cfg', 'f'.repeat(32), 'no install has this token'],
    ['a token that is none', 'preseed.cfg', '../../etc', 'no install has this token'],
    ['the name of another kind', 'ks.cfg', undefined, 'ks.cfg is not the answer file'],
  ] as const) {
    test(`is not given for ${what}`, async () => {
      await boot();
      expect(await ask(WEB01, file, 'fetch', asked ?? token)).toMatchObject({
        found: false,
        because: expect.stringContaining(because),
      });
      expect(await state()).toBe('booting');
    });
  }

  test('says why it cannot be rendered', async () => {
    await world.stores.profiles.put({
      name: 'server',
      image: 'debian',
      template: '{{ no_such_variable }}',
      arguments: '',
      variables: {},
    });
    await boot();
    expect(await ask()).toMatchObject({
      found: false,
      because: expect.stringContaining('profile server:1:4: there is no variable'),
    });
    expect(await state()).toBe('booting');
  });
});

describe('a report', () => {
  const report = (name: 'progress' | 'finished' | 'booted', address = WEB01, asked = token) =>
    world.installFiles.report(asked, name, { step: 'packages', percent: 40 }, address);

  test('moves the install on, on disk when it resolves', async () => {
    await boot();
    expect(await report('progress')).toMatchObject({
      reported: true,
      installId: id,
      machineId: world.web01.id,
    });
    expect(await world.stores.installs.byId(id)).toMatchObject({
      state: 'installing',
      step: 'packages',
      percent: 40,
    });
    expect(await report('finished')).toMatchObject({ reported: true });
    expect(await report('booted', STRANGER)).toMatchObject({ reported: true });
    expect(await state()).toBe('installed');
  });

  test('is refused with the reason when the life does not allow it', async () => {
    expect(await report('progress')).toMatchObject({ reported: false, refusal: 'not now' });
  });

  test("is not taken from another machine's address, nor without a token", async () => {
    await boot();
    await world.lease(WEB02, parseMac('52:54:00:00:00:02'));
    expect(await report('finished', WEB02)).toMatchObject({ reported: false, refusal: 'not yours' });
    expect(await report('finished', WEB01, 'f'.repeat(32))).toMatchObject({
      reported: false,
      refusal: 'not yours',
    });
    expect(await state()).toBe('booting');
  });
});
