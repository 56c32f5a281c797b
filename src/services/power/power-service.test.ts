import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Machine } from '../../core/machines/machine.ts';
import type { RedfishSettings } from '../../core/power/power-settings.ts';
import type { Stores } from '../../core/stores.ts';
import { parseMac } from '../../lib/addresses.ts';
import { openEmptyStores } from '../../store/sqlite/suite/open-sqlite.ts';
import { EnvHttpProxyAgent } from 'undici';
import { EventLog } from '../event-log.ts';
import { powerDrivers } from './power-drivers.ts';
import { MAX_ACTIONS, PowerService } from './power-service.ts';
import { PowerWatch } from './power-watch.ts';
import { RedfishEmulator } from './suite/redfish-emulator.ts';

/** Over a real store and a BMC on a real socket; only the clock is ours. */

let stores: Stores;
let events: EventLog;
let bmc: RedfishEmulator;
let service: PowerService;
let nowMs: number;
const failures: unknown[] = [];

const machineNumber = (number: number): Machine => ({
  id: `m-${String(number).padStart(12, '0')}`,
  name: `web${number}`,
  macs: [parseMac(`5254000000${String(number).padStart(2, '0')}`)],
  labels: {},
  variables: {},
  createdAtMs: 0,
});
const WEB = machineNumber(1);

const settings = (): RedfishSettings => ({
  driver: 'redfish',
  url: bmc.url,
  user: 'root',
  trust: { by: 'nothing' },
  login: 'auto',
  networkBoot: 'pxe',
});

beforeEach(async () => {
  stores = await openEmptyStores();
  nowMs = 1_000_000;
  const clock = { nowMs: () => nowMs };
  failures.length = 0;
  events = new EventLog({ events: stores.events, clock, failed: (error) => failures.push(error) });
  bmc = await RedfishEmulator.start();
  await stores.machines.put(WEB);
  service = new PowerService({
    power: stores.power,
    machines: {
      find: (name) => (name.startsWith('m-') ? stores.machines.byId(name) : stores.machines.byName(name)),
    },
    open: powerDrivers({
      interfaces: () => [],
      commandsFolder: undefined,
      dispatcher: new EnvHttpProxyAgent(),
      clock,
    }),
    events,
    clock,
    waits: { lookMs: 5, offMs: 200, confirmMs: 200 },
  });
});
afterEach(async () => {
  await service.close();
  await bmc.close();
  await events.settled();
  expect(failures).toEqual([]);
  await stores.close();
});

async function told(): Promise<readonly string[]> {
  await events.settled();
  const listed = await events.list({ machineId: WEB.id }, 100);
  return listed.map(
    ({ kind, text, because }) => `${kind}: ${text}${because === undefined ? '' : ` (${because})`}`,
  );
}

describe('a secret', () => {
  test('is written and never told: in no answer, no event, no reason', async () => {
    const set = await service.set('web1', settings(), 'sesam');
    const acted = await service.act('web1', 'on');
    await service.set('web1', settings(), 'not-the-one');
    const refused = await service.act('web1', 'off');
    await events.settled();
    const all = JSON.stringify([set, acted, refused, await service.list(), await events.list({}, 100)]);
    expect(refused).toMatchObject({ done: false });
    expect(all).not.toMatch(/sesam|not-the-one/);
  });

  test('stays where the settings change around it, and goes to no other server', async () => {
    await service.set('web1', settings(), 'sesam');
    expect(await service.set('web1', { ...settings(), networkBoot: 'http' }, undefined)).toMatchObject({
      done: true,
    });
    expect(await service.act('web1', 'on')).toMatchObject({ done: true, state: 'on' });
    expect(await service.set('web1', { ...settings(), url: 'http://127.0.0.1:9' }, undefined)).toMatchObject({
      done: false,
      no: 'bad configuration',
      because: expect.stringContaining('needs a secret'),
    });
    expect((await service.ofMachine(WEB.id))?.settings).toMatchObject({ url: bmc.url, networkBoot: 'http' });
  });

  test('is not asked for where the settings are none: that is told first', async () => {
    await service.set('web1', settings(), 'sesam');
    for (const url of ['nonsense', 'ftp://bmc'])
      expect(await service.set('web1', { ...settings(), url }, undefined)).toMatchObject({
        done: false,
        no: 'bad configuration',
        because: expect.stringContaining('the URL of the BMC is'),
      });
  });
});

describe('actions', () => {
  test('are told in the timeline, and the state that was read is kept', async () => {
    await service.set('web1', settings(), 'sesam');
    expect(await service.objectionToCut(WEB)).toBeUndefined();
    nowMs += 5000;
    expect(await service.act('web1', 'boot-network')).toMatchObject({
      done: true,
      plan: { steps: ['pxe-next', 'on'] },
      state: 'on',
    });
    expect(await service.ofMachine(WEB.id)).toMatchObject({ seen: { state: 'on', atMs: nowMs } });
    expect(await service.objectionToCut(WEB)).toBe(
      'web1 is on, and would be switched off in the middle of its work',
    );
    expect(await service.act('web1', 'reset')).toMatchObject({ done: true });
    expect(await service.act('web1', 'off')).toMatchObject({ done: true });
    expect(await service.act('web1', 'reset')).toMatchObject({
      done: false,
      because: expect.stringContaining('it is off'),
    });
    expect(await told()).toEqual([
      'power.state: web1 is on',
      'power.done: Power of web1: boot-network was done by redfish',
      'power.done: Power of web1: reset was done by redfish',
      'power.state: web1 is off; it was on when it was last read',
      'power.done: Power of web1: off was done by redfish',
      'power.failed: Power of web1: reset was not done (it is off, and what is off cannot be reset: switch it on)',
    ]);
  });

  test('on one machine come one at a time; the second is refused and says what is under way', async () => {
    await service.set('web1', settings(), 'sesam');
    const [first, second] = await Promise.all([service.act('web1', 'on'), service.act('web1', 'off')]);
    expect(first).toMatchObject({ done: true, state: 'on' });
    expect(second).toEqual({
      done: false,
      no: 'refused',
      because: '"on" is under way for web1: wait until it is over',
    });
    expect(bmc.resets).toEqual(['On']);
    expect(await service.act('web1', 'off')).toMatchObject({ done: true });
  });

  test(`on many machines come at most ${MAX_ACTIONS} at a time, and all come to their end`, async () => {
    const many = Array.from({ length: MAX_ACTIONS * 2 + 3 }, (_, at) => machineNumber(at + 10));
    const chassis = await RedfishEmulator.start({ systems: many.map(({ id }) => ({ id, uuid: id })) });
    let atOnce = 0;
    let most = 0;
    const crowd = new PowerService({
      power: stores.power,
      machines: { find: (name) => stores.machines.byName(name) },
      open: async (target, enough) => {
        atOnce += 1;
        most = Math.max(most, atOnce);
        const drivers = powerDrivers({
          interfaces: () => [],
          commandsFolder: undefined,
          dispatcher: new EnvHttpProxyAgent(),
          clock: { nowMs: () => nowMs },
        });
        const link = await drivers(target, enough);
        const close = async (): Promise<void> => {
          await link.close();
          atOnce -= 1;
        };
        return {
          can: link.can,
          readState: () => link.readState(),
          perform: (step) => link.perform(step),
          close,
        };
      },
      events,
      clock: { nowMs: () => nowMs },
    });
    for (const machine of many) {
      await stores.machines.put(machine);
      await crowd.set(machine.name, { ...settings(), url: chassis.url, system: machine.id }, 'sesam');
    }
    const results = await Promise.all(many.map(({ name }) => crowd.act(name, 'pxe-next')));
    expect(results.filter(({ done }) => !done)).toEqual([]);
    expect(most).toBe(MAX_ACTIONS);
    await crowd.close();
    await chassis.close();
  });

  test('of what is not set, and of nobody, are refused with what to do', async () => {
    expect(await service.act('web1', 'on')).toMatchObject({
      no: 'not found',
      because: expect.stringContaining('muster power set'),
    });
    expect(await service.act('web9', 'on')).toMatchObject({
      no: 'not found',
      because: 'there is no machine "web9"',
    });
    expect(await service.bootFromNetwork(WEB)).toMatchObject({ done: false });
  });
});

describe('the watch', () => {
  const watch = (): PowerWatch =>
    new PowerWatch({ power: service, machines: stores.machines, failed: (error) => failures.push(error) });

  test('tells of what changed, once, and of trouble, once, and of its end', async () => {
    await service.set('web1', settings(), 'sesam');
    const rounds = watch();
    for (const power of ['Off', 'Off', 'On', 'On']) {
      bmc.system.power = power;
      await rounds.round();
    }
    for (const _ of [1, 2]) {
      bmc.next.push({ status: 503 });
      await rounds.round();
    }
    expect(await service.ofMachine(WEB.id)).toMatchObject({
      seen: { state: 'on' },
      trouble: { kind: 'refused' },
    });
    await rounds.round();
    expect(await told()).toEqual([
      'power.state: web1 is off',
      'power.state: web1 is on; it was off when it was last read',
      'power.unreachable: The power of web1 cannot be reached by redfish (the BMC answers GET /redfish/v1/ with 503)',
      'power.reachable: The power of web1 can be reached again by redfish',
    ]);
    expect(await service.ofMachine(WEB.id)).not.toHaveProperty('trouble');
  });

  test('asks no BMC again that refused the password, until a person does', async () => {
    await service.set('web1', settings(), 'wrong');
    const rounds = watch();
    for (const _ of [1, 2, 3]) await rounds.round();
    expect(bmc.failedLogins).toBe(1);
    expect(await service.read('web1')).toMatchObject({
      done: false,
      because: expect.stringContaining('does not let this user in'),
    });
    expect(bmc.failedLogins).toBe(2);
    await service.set('web1', settings(), 'sesam');
    await rounds.round();
    expect(await service.ofMachine(WEB.id)).toMatchObject({ seen: { state: 'off' } });
  });
});
