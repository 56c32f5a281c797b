import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseMac } from '../../lib/addresses.ts';
import {
  makeMachineWorld,
  type MachineWorld,
  SERVER,
  WEB01,
  WEB02,
} from '../../servers/suite/machine-world.ts';
import { ONE_BOOT_MS } from '../../core/tools/decide-tool-end.ts';
import { ToolService } from './tool-service.ts';

let world: MachineWorld;
let tools: ToolService;

beforeEach(async () => {
  world = await makeMachineWorld();
  tools = new ToolService({ images: world.stores.images, installs: world.installs });
  await world.lease(WEB01, world.web01.macs[0]!);
  await world.lease(WEB02, parseMac('52:54:00:00:00:02'));
  await world.stores.images.add({
    ...world.image,
    name: 'memtest-7',
    folder: `${world.imageFolder}/memtest`,
    family: 'memtest',
    title: 'Memtest86+ 7',
    answerKind: 'none',
    kernel: 'memtest64.bin',
    initrds: [],
  });
});
afterEach(async () => {
  await world.events.settled();
  await world.close();
});

const arm = (wish: Parameters<ToolService['arm']>[1]) => tools.arm(world.web01, wish);
const asked = (token: string, file: string, clientAddress = WEB01) =>
  world.installFiles.openAnswer({ token, file, clientAddress, localAddress: SERVER, purpose: 'fetch' });

async function script(): Promise<string> {
  const answer = await world.bootFiles.openBoot({
    name: 'boot.ipxe',
    clientAddress: WEB01,
    localAddress: SERVER,
  });
  if (!answer.found) throw new Error(answer.because);
  return Buffer.from(await answer.source.read(0, answer.source.size)).toString();
}

test('each tool is told with the images it boots from, or with what it takes', async () => {
  expect(await tools.list()).toMatchObject([
    { name: 'local-disk', images: [] },
    { name: 'discover', images: ['debian'] },
    { name: 'memtest', images: ['memtest-7'] },
    { name: 'rescue', images: ['debian'] },
    { name: 'shell', images: ['debian'] },
    { name: 'wipe', images: ['debian'] },
  ]);
  await world.stores.images.remove('memtest-7');
  expect((await tools.list())[2]).toMatchObject({
    images: [],
    because: expect.stringMatching(/it takes memtest86\+/),
  });
});

describe('what cannot be meant is refused, and nothing is armed', () => {
  for (const [what, wish, no, because] of [
    ['a wipe without its disk', { tool: 'wipe' }, 'bad configuration', /which one must be said \(--disk\)/],
    [
      'a wipe that nobody confirmed',
      { tool: 'wipe', disk: 'sda' },
      'bad configuration',
      /all that is on disk sda will be overwritten, and that must be confirmed/,
    ],
    [
      'a wipe of what is no disk',
      { tool: 'wipe', disk: '../sda', confirmErase: true },
      'bad configuration',
      /its name below \/dev/,
    ],
    ['a rescue of one disk', { tool: 'rescue', disk: 'sda' }, 'bad configuration', /rescue takes no disk/],
    ['an image that is not there', { tool: 'rescue', image: 'x' }, 'not found', /there is no image "x"/],
    [
      'an image that cannot',
      { tool: 'memtest', image: 'debian' },
      'refused',
      /image debian .* cannot test memory/,
    ],
    ['the local disk', { tool: 'local-disk' }, 'refused', /boots its own disk whenever nothing is armed/],
  ] as const) {
    test(what, async () => {
      expect(await arm(wish)).toEqual({ done: false, no, because: expect.stringMatching(because) });
      expect(await world.stores.installs.list({ limit: 1 })).toEqual([]);
    });
  }

  test('a second one while the first is open', async () => {
    expect(await arm({ tool: 'rescue' })).toMatchObject({ done: true });
    expect(await arm({ tool: 'shell' })).toMatchObject({ no: 'refused', because: /cancel it first/ });
  });
});

describe('a tool that a person works with', () => {
  test('is started with its words and without an answer file', async () => {
    const armed = await arm({ tool: 'rescue' });
    const token = armed.done ? armed.install.token : '';
    const text = await script();
    expect(text).toContain('rescue/enable=true');
    expect(text).not.toMatch(/url=|installs\//);
    // Not even to who has its token: it would install.
    expect(await asked(token, 'preseed.cfg')).toMatchObject({ found: false });
  });

  test('is given to one boot, however often that asks, and to no other', async () => {
    await arm({ tool: 'rescue' });
    for (let time = 0; time < 3; time += 1) expect(await script()).toContain('rescue/enable=true');
    world.pass(ONE_BOOT_MS);
    expect(await script()).not.toContain('rescue/enable=true');
    const [install] = await world.stores.installs.list({ limit: 1 });
    expect(install).toMatchObject({ state: 'installed', attempts: 1 });
    await world.events.settled();
    expect(world.told.map(({ text }) => text)).toContain(
      'The tool is done; from now on the machine boots its own disk: it was started, and is started once',
    );
  });

  test('is refused by no disk that holds data, since it touches none', async () => {
    const disks = [{ name: 'sda', bytes: 1e9, holdsData: true }];
    await world.facts.said(world.web01.id, 'installer', { disks });
    expect(await arm({ tool: 'rescue' })).toMatchObject({ done: true });
  });

  test('may be a kernel of its own', async () => {
    await arm({ tool: 'memtest' });
    expect(await script()).toContain('images/memtest-7/memtest64.bin');
  });
});

describe('a wipe', () => {
  test('is the program of its one disk, only for its machine, only while it runs', async () => {
    const armed = await arm({ tool: 'wipe', disk: 'disk/by-id/ata-X', confirmErase: true });
    const token = armed.done ? armed.install.token : '';
    const whose = (clientAddress = WEB01) => ({ token, clientAddress, localAddress: SERVER });
    expect(armed).toMatchObject({ install: { profile: 'wipe@debian:disk/by-id/ata-X', state: 'requested' } });
    expect(await world.installFacts.openTool(whose())).toMatchObject({ found: false });
    expect(await script()).toContain(`url=http://192.168.122.1:8080/installs/${token}/preseed.cfg`);
    const answer = await asked(token, 'preseed.cfg');
    expect(answer.found && answer.content).toContain(`/installs/${token}/tool.sh`);
    expect(answer.found && answer.content).not.toContain('partman-auto');
    const program = await world.installFacts.openTool(whose());
    expect(program.found && program.content).toContain(`wanted='disk/by-id/ata-X'`);
    expect(await world.installFacts.openTool(whose(WEB02))).toMatchObject({ found: false });
    // It is never begun twice.
    expect(await script()).not.toContain('/installs/');
    await world.installs.report(token, 'finished');
    expect(await world.installFacts.openTool(whose())).toMatchObject({ found: false });
  });

  test('of an install there is none', async () => {
    const { token, id } = await world.arm();
    await world.installs.happened(id, 'bootOffered');
    expect(
      await world.installFacts.openTool({ token, clientAddress: WEB01, localAddress: SERVER }),
    ).toMatchObject({ found: false, because: `install ${id} is of no tool that runs by itself` });
  });
});

test('a machine that tells its hardware as a tool is told by discovery', async () => {
  const armed = await arm({ tool: 'discover' });
  const token = armed.done ? armed.install.token : '';
  await script();
  await asked(token, 'preseed.cfg');
  await world.installFacts.take({ token, clientAddress: WEB01, localAddress: SERVER }, { serial: 'A' });
  expect(await world.facts.ofMachine(world.web01.id)).toMatchObject({
    origins: { serial: { source: 'discovery' } },
  });
});
