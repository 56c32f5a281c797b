import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_POLICY, type Policy } from '../../core/policy/policy.ts';
import { parseMac } from '../../lib/addresses.ts';
import {
  makeMachineWorld,
  type MachineWorld,
  SERVER,
  STRANGER,
  WEB01,
} from '../../servers/suite/machine-world.ts';
import { MAX_TRIES } from './discovery-service.ts';

let world: MachineWorld;
const mac = parseMac('52:54:00:00:00:99');

beforeEach(async () => {
  world = await makeMachineWorld();
  await world.lease(STRANGER, mac);
  await world.lease(WEB01, world.web01.macs[0]!);
  await discover();
});
afterEach(async () => {
  await world.events.settled();
  await world.close();
});

async function discover(change: Partial<Policy> = {}): Promise<void> {
  await world.stores.policy.put({ ...DEFAULT_POLICY, unknownMachines: 'discover', ...change });
}

async function begin(): Promise<string> {
  const boot = await world.discovery.bootFor({ mac }, 0);
  if (!boot.ready) throw new Error(boot.because);
  return boot.token;
}

const whose = (token: string, clientAddress = STRANGER) => ({ token, clientAddress, localAddress: SERVER });
const script = async () =>
  await world.bootFiles.openBoot({ name: 'boot.ipxe', clientAddress: STRANGER, localAddress: SERVER });

async function scriptText(): Promise<string> {
  const answer = await script();
  if (!answer.found) throw new Error(answer.because);
  return Buffer.from(await answer.source.read(0, answer.source.size)).toString();
}

describe('an unknown machine', () => {
  test('is started with an installer that installs nothing, the same however often it asks', async () => {
    const text = await scriptText();
    expect(text).toContain('images/debian/install/linux');
    expect(text).toMatch(/url=http:\/\/192\.168\.122\.1:8080\/discoveries\/[\da-f]{32}\/preseed\.cfg/);
    expect(await scriptText()).toBe(text);
    expect(await world.stores.installs.list({ limit: 10 })).toEqual([]);
  });

  test('reads an answer file that has it tell its hardware, and nothing of a disk', async () => {
    const token = await begin();
    const answer = await world.discovery.open(whose(token), 'preseed.cfg');
    if (!answer.found) throw new Error(answer.because);
    expect(answer.text).toContain(`http://192.168.122.1:8080/discoveries/${token}/tool.sh`);
    for (const word of ['partman/confirm', 'partman-auto', 'grub-installer'])
      expect(answer.text).not.toContain(word);
    const tool = await world.discovery.open(whose(token), 'tool.sh');
    expect(tool.found && tool.text).toContain(`report='http://192.168.122.1:8080/discoveries/${token}'`);
    // Its program only reads disks.
    expect(tool.found && tool.text).not.toMatch(/of="?\/dev\/(?!null)/);
    expect(await world.discovery.open(whose(token), 'ks.cfg')).toMatchObject({ found: false });
  });

  test('is known from then on, with its facts', async () => {
    const token = await begin();
    const facts = { memoryMegabytes: 2048, serial: 'ABC1' };
    expect(await world.discovery.take(whose(token), facts)).toEqual({ taken: true });
    const machine = await world.stores.machines.byMac(mac);
    expect(machine).toMatchObject({ name: 'node-525400000099', macs: [mac] });
    expect(await world.facts.ofMachine(machine?.id ?? '')).toMatchObject({
      facts,
      origins: { serial: { source: 'discovery' } },
    });
    // It boots its own disk from now on.
    expect(await scriptText()).toContain('no install was ever armed for node-525400000099');
    expect(await world.discovery.take(whose(token), { memoryMegabytes: 4096 })).toEqual({ taken: true });
    expect((await world.stores.machines.list()).filter(({ macs }) => macs.includes(mac))).toHaveLength(1);
  });

  test('that is made known while it tells has its facts all the same', async () => {
    const token = await begin();
    const { machines } = world.stores;
    const enrol = machines.enrol.bind(machines);
    machines.enrol = async (...given) => {
      await machines.put({ ...given[0], id: 'm-000000000abc', name: 'by-hand' });
      return await enrol(...given);
    };
    expect(await world.discovery.take(whose(token), { serial: 'ABC1' })).toEqual({ taken: true });
    expect(await world.facts.ofMachine('m-000000000abc')).toMatchObject({ facts: { serial: 'ABC1' } });
  });

  test('is called as a rule says that fits its hardware', async () => {
    const when = { vendor: 'Dell*', subnet: 'lab', firmware: 'UEFI' } as const;
    const rules = [{ when, name: 'dell-{serial}', labels: { maker: 'dell' }, variables: {} }];
    await discover({ enrol: { maximum: 10, rules } });
    const token = await begin();
    await world.discovery.take(whose(token), { vendor: 'Dell Inc.', serial: 'ABC1', firmware: 'UEFI' });
    expect(await world.stores.machines.byMac(mac)).toMatchObject({
      name: 'dell-abc1',
      labels: { maker: 'dell' },
    });
  });

  test('stays unknown where there are as many as may be', async () => {
    await discover({ enrol: { maximum: 0, rules: [] } });
    const token = await begin();
    expect(await world.discovery.take(whose(token), { serial: 'A' })).toMatchObject({ taken: false });
    expect(await world.stores.machines.byMac(mac)).toBeUndefined();
  });

  test('that never tells goes on to its disk after some tries, for an hour', async () => {
    for (let boot = 0; boot < MAX_TRIES; boot += 1) {
      const token = await begin();
      expect(await world.discovery.open(whose(token), 'preseed.cfg')).toMatchObject({ found: true });
    }
    expect(await scriptText()).toContain('it was to tell its hardware 3 times and did not');
    world.pass(3_600_000);
    await world.lease(STRANGER, mac);
    expect(await scriptText()).toContain('/discoveries/');
  });

  test('goes on to its disk where no image can tell', async () => {
    await world.stores.images.change({ ...world.image, family: 'archiso', answerKind: 'script' });
    expect(await scriptText()).toContain('no image that tells hardware is there: it takes an installer');
  });
});

describe('nobody else', () => {
  test('gets what is for it, or tells in its place', async () => {
    const token = await begin();
    const other = whose(token, WEB01);
    for (const file of ['preseed.cfg', 'tool.sh', 'facts.sh'])
      expect(await world.discovery.open(other, file)).toMatchObject({
        found: false,
        because: `the address that asks is leased to ${world.web01.macs[0]}, and not to ${mac}`,
      });
    expect(await world.discovery.take(other, { serial: 'A' })).toMatchObject({ taken: false });
    expect(await world.discovery.hears(other)).toBe(false);
    expect(await world.stores.machines.byMac(mac)).toBeUndefined();
  });

  test('becomes known by a token after the policy asks no unknown machine any more', async () => {
    const token = await begin();
    await discover({ unknownMachines: 'ignore' });
    expect(await world.discovery.take(whose(token), { serial: 'A' })).toEqual({
      taken: false,
      because: 'unknown machines are not asked for their hardware any more: the policy says ignore',
    });
    expect(await world.stores.machines.byMac(mac)).toBeUndefined();
  });

  test('has a token by guessing, nor by one that is old', async () => {
    const token = await begin();
    expect(await world.discovery.open(whose('f'.repeat(32)), 'tool.sh')).toMatchObject({ found: false });
    world.pass(3_600_000);
    expect(await world.discovery.open(whose(token), 'tool.sh')).toMatchObject({
      found: false,
      because: 'no unknown machine was told this token',
    });
  });
});
