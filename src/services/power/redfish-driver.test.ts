import { type TestContext, describe, expect, test } from 'vitest';
import type { PowerWish } from '../../core/power/plan-power.ts';
import { PowerTrouble } from '../../core/power/power-driver.ts';
import type { RedfishSettings } from '../../core/power/power-settings.ts';
import { parseMac, parseUuid } from '../../lib/addresses.ts';
import { carryOut, type CarryOutResult } from './carry-out.ts';
import { openRedfish } from './redfish-driver.ts';
import { RedfishEmulator, type RedfishEmulatorOptions } from './suite/redfish-emulator.ts';

/** The driver over real HTTP against a BMC that holds it to the rules; over TLS in test/clients/power.test.ts. */

const UUID = parseUuid('38947555-7742-3448-3784-823347823834');
const OTHER_UUID = '4c4c4544-0044-4810-8031-b4c04f564231';
const WAITS = { lookMs: 10, offMs: 1000, confirmMs: 1000 };
const MACHINE = {
  id: 'm-000000000001',
  name: 'web1',
  macs: [parseMac('525400123456')],
  labels: {},
  variables: {},
  createdAtMs: 0,
};

interface Asked extends Partial<Pick<RedfishSettings, 'login' | 'system' | 'networkBoot' | 'bootMode'>> {
  readonly uuid?: typeof UUID;
  readonly password?: string;
  readonly enough?: AbortSignal;
}

async function emulator(
  { onTestFinished }: TestContext,
  options: RedfishEmulatorOptions = {},
): Promise<RedfishEmulator> {
  const bmc = await RedfishEmulator.start(options);
  onTestFinished(() => bmc.close());
  return bmc;
}

async function carry(bmc: RedfishEmulator, wish: PowerWish, asked: Asked = {}): Promise<CarryOutResult> {
  const { uuid, password = 'sesam', enough = new AbortController().signal, ...wishes } = asked;
  const settings: RedfishSettings = {
    driver: 'redfish',
    url: bmc.url,
    user: 'root',
    trust: { by: 'nothing' },
    login: 'auto',
    networkBoot: 'pxe',
    ...wishes,
  };
  const target = {
    settings,
    password,
    waits: { taskLookMs: 10, taskMs: 200 },
    ...(uuid === undefined ? {} : { uuid }),
  };
  return await carryOut(
    wish,
    { machine: MACHINE, settings, secret: password },
    { open: (_, signal) => openRedfish(target, signal), waits: WAITS, enough },
  );
}

const trouble = (kind: string, because: RegExp) =>
  expect.objectContaining({ name: 'PowerTrouble', kind, message: expect.stringMatching(because) });

describe('a machine', () => {
  for (const [wish, before, resets, after] of [
    ['on', 'Off', ['On'], 'on'],
    ['on', 'On', [], 'on'],
    ['off', 'On', ['ForceOff'], 'off'],
    ['off', 'Off', [], 'off'],
    ['shutdown', 'On', ['GracefulShutdown'], 'off'],
    ['cycle', 'On', ['PowerCycle'], 'on'],
    ['cycle', 'Off', ['On'], 'on'],
    ['reset', 'On', ['ForceRestart'], 'on'],
  ] as const) {
    test(`that is ${before}, asked for "${wish}", is sent ${resets.join(', ') || 'nothing'}`, async (context) => {
      const bmc = await emulator(context);
      bmc.system.power = before;
      expect(await carry(bmc, wish)).toMatchObject({ done: true, state: after });
      expect(bmc.resets).toEqual(resets);
      expect(bmc.sessions.size, 'sessions left behind').toBe(0);
    });
  }

  test('that is off cannot be reset, and nothing is sent', async (context) => {
    const bmc = await emulator(context);
    expect(await carry(bmc, 'reset')).toEqual({
      done: false,
      because: 'it is off, and what is off cannot be reset: switch it on',
      state: 'off',
    });
    expect(bmc.resets).toEqual([]);
  });

  test('whose BMC has no power cycle goes off, is waited for, and goes on', async (context) => {
    const bmc = await emulator(context, { resetTypes: ['On', 'ForceOff', 'ForceRestart'], powerDelayMs: 60 });
    bmc.system.power = 'On';
    expect(await carry(bmc, 'cycle')).toMatchObject({ done: true, state: 'on' });
    expect(bmc.resets).toEqual(['ForceOff', 'On']);
  });

  test('that does not go off is not switched on, and this is told', async (context) => {
    const bmc = await emulator(context, { resetTypes: ['On', 'ForceOff'], powerDelayMs: 60_000 });
    bmc.system.power = 'On';
    await expect(carry(bmc, 'cycle')).rejects.toEqual(
      trouble('refused', /it was switched off, and is on after 1 s/),
    );
    expect(bmc.resets).toEqual(['ForceOff']);
  });

  test('boots from the network once: the next boot is set before it is switched on', async (context) => {
    const bmc = await emulator(context);
    expect(await carry(bmc, 'boot-network')).toMatchObject({ done: true, state: 'on' });
    expect(bmc.system.boot).toEqual({ enabled: 'Once', target: 'Pxe', mode: 'UEFI' });
    const order = bmc.requests.filter((line) => /^(?:PATCH|POST .*Reset)/.test(line));
    expect(order.map((line) => line.split(' ')[0])).toEqual(['PATCH', 'POST']);
  });

  test('boots over HTTP where that is wished for, and is told so where its BMC cannot', async (context) => {
    const bmc = await emulator(context);
    await carry(bmc, 'pxe-next', { networkBoot: 'http', bootMode: 'legacy' });
    expect(bmc.system.boot).toEqual({ enabled: 'Once', target: 'UefiHttp', mode: 'Legacy' });
    const old = await emulator(context, { bootTargets: ['None', 'Pxe'] });
    await expect(carry(old, 'pxe-next', { networkBoot: 'http' })).rejects.toEqual(
      trouble('unsupported', /it can be told to boot None, Pxe, and not UefiHttp/),
    );
  });
});

describe('a BMC', () => {
  for (const [title, options] of [
    ['that has weak ETags and takes strong ones', { etags: 'weak', ifMatch: 'required' }],
    ['that refuses a PATCH without If-Match', { ifMatch: 'required' }],
    ['that has no ETags', { etags: 'none' }],
    ['that says its reset types in an ActionInfo', { resetTypesIn: 'action info' }],
    ['that says them nowhere', { resetTypesIn: 'nowhere' }],
    ['that has no sessions', { sessions: 'absent' }],
    ['of Supermicro, which forgets a mode that is not said', { vendor: 'Supermicro', bootMode: 'forgotten' }],
    ['of HPE, which refuses a mode', { vendor: 'HPE', bootMode: 'refused' }],
  ] as const satisfies readonly (readonly [string, RedfishEmulatorOptions])[]) {
    test(`${title} boots its machine from the network`, async (context) => {
      const bmc = await emulator(context, options);
      expect(await carry(bmc, 'boot-network', { bootMode: 'uefi' })).toMatchObject({
        done: true,
        state: 'on',
      });
      expect(bmc.system.boot).toEqual({ enabled: 'Once', target: 'Pxe', mode: 'UEFI' });
    });
  }

  test('that changes its system by itself in between is told again, and not without end', async (context) => {
    const bmc = await emulator(context);
    const conflict = { status: 412 };
    const before = (requests: number): readonly { status: number }[] =>
      Array.from({ length: requests }, () => conflict);
    const link = await openRedfish(
      {
        settings: {
          driver: 'redfish',
          url: bmc.url,
          user: 'root',
          trust: { by: 'nothing' },
          login: 'basic',
          networkBoot: 'pxe',
        },
        password: 'sesam',
      },
      new AbortController().signal,
    );
    bmc.onPatch.push(...before(2));
    await link.perform('pxe-next');
    expect(bmc.system.boot).toMatchObject({ enabled: 'Once', target: 'Pxe' });
    bmc.onPatch.push(...before(3));
    await expect(link.perform('pxe-next')).rejects.toEqual(trouble('refused', /the next boot with 412/));
    await link.close();
  });

  for (const found of ['by monitor', 'by task', 'in the body'] as const) {
    test(`whose tasks are found ${found} is waited for before the next step`, async (context) => {
      const bmc = await emulator(context, { tasks: { looks: 2, found } });
      bmc.system.power = 'On';
      expect(await carry(bmc, 'boot-network')).toMatchObject({ done: true, state: 'on' });
      expect(bmc.system.boot).toMatchObject({ enabled: 'Once', target: 'Pxe' });
      expect(bmc.resets).toEqual(['PowerCycle']);
      const changes = bmc.requests.filter((line) => /^(?:PATCH|POST .*Reset|GET .*Task)/.test(line));
      expect(changes.map((line) => line.split(' ')[0])).toEqual(
        'PATCH GET GET GET POST GET GET GET'.split(' '),
      );
    });

    test(`whose task, found ${found}, fails tells why, and the machine is not switched on`, async (context) => {
      const bmc = await emulator(context, { tasks: { looks: 1, found }, bootMode: 'refused' });
      await expect(carry(bmc, 'boot-network', { bootMode: 'legacy' })).rejects.toEqual(
        trouble('refused', /BootSourceOverrideMode is a read only property/),
      );
      expect(bmc.resets).toEqual([]);
    });
  }

  test('whose task does not end is waited for so long and no longer', async (context) => {
    const bmc = await emulator(context, { tasks: { looks: 1e6, found: 'by task' } });
    await expect(carry(bmc, 'on')).rejects.toEqual(
      trouble('refused', /took reset On as a task, which is Running after 0.2 s/),
    );
    expect(bmc.sessions.size).toBe(0);
  });

  for (const login of ['session', 'basic'] as const) {
    test(`that lets a user of ${login} only look has not refused the password, and says what is missing`, async (context) => {
      const bmc = await emulator(context, { role: 'ReadOnly' });
      await expect(carry(bmc, 'on', { login })).rejects.toEqual(
        trouble(
          'refused',
          /knows this user and does not let it do reset On \(403: There are insufficient privileges.*needs the role Operator/,
        ),
      );
    });
  }

  for (const [title, id, kind] of [
    ['for an account that it locked is not asked again', 'AccountLocked', 'login'],
    ['because it has too many sessions has not refused the password', 'SessionLimitExceeded', 'refused'],
  ] as const) {
    test(`that answers 403 to a log-in ${title}`, async (context) => {
      const bmc = await emulator(context);
      const error = { '@Message.ExtendedInfo': [{ MessageId: `Base.1.19.${id}`, Message: 'No' }] };
      bmc.onLogin.push({ status: 403, body: { error } });
      await expect(carry(bmc, 'on')).rejects.toEqual(trouble(kind, /403: No/));
    });
  }

  test('that refuses the password is asked once: a second try counts towards a lock-out', async (context) => {
    const bmc = await emulator(context);
    await expect(carry(bmc, 'on', { password: 'wrong' })).rejects.toEqual(
      trouble('login', /the BMC does not let this user in \(401: While accessing the resource/),
    );
    expect(bmc.failedLogins).toBe(1);
  });

  test('that ends the session in the middle has not refused the password', async (context) => {
    const bmc = await emulator(context);
    const settings = { driver: 'redfish', url: bmc.url, user: 'root', trust: { by: 'nothing' } } as const;
    const link = await openRedfish(
      { settings: { ...settings, login: 'auto', networkBoot: 'pxe' }, password: 'sesam' },
      new AbortController().signal,
    );
    bmc.sessions.clear();
    for (const ask of [() => link.readState(), () => link.perform('on'), () => link.perform('pxe-next')])
      await expect(ask()).rejects.toEqual(trouble('unreachable', /ended the session in the middle of/));
    await link.close();
  });

  test('that is too slow is left with no session', async (context) => {
    const bmc = await emulator(context);
    const enough = new AbortController();
    const settings = { driver: 'redfish', url: bmc.url, user: 'root', trust: { by: 'nothing' } } as const;
    const link = await openRedfish(
      { settings: { ...settings, login: 'auto', networkBoot: 'pxe' }, password: 'sesam' },
      enough.signal,
    );
    expect(bmc.sessions.size).toBe(1);
    enough.abort();
    await link.close();
    expect(bmc.sessions.size).toBe(0);
  });

  test('is given no password where basic is not wished for and it has no sessions', async (context) => {
    const bmc = await emulator(context, { sessions: 'absent' });
    await expect(carry(bmc, 'on', { login: 'session' })).rejects.toBeInstanceOf(PowerTrouble);
    expect(bmc.failedLogins).toBe(0);
  });

  test('that switched the machine on in the meantime has done what was asked', async (context) => {
    const bmc = await emulator(context);
    const open = openRedfish(
      {
        settings: {
          driver: 'redfish',
          url: bmc.url,
          user: 'root',
          trust: { by: 'nothing' },
          login: 'auto',
          networkBoot: 'pxe',
        },
        password: 'sesam',
      },
      new AbortController().signal,
    );
    const link = await open;
    bmc.system.power = 'On';
    await link.perform('on');
    await link.close();
  });

  for (const [title, prepare, kind, because] of [
    ['that never answers', { next: 'hang' }, 'unreachable', /does not answer in time/],
    [
      'that breaks the connection off',
      { next: 'reset connection' },
      'unreachable',
      /cannot be reached: .*(?:SOCKET|ECONNRESET)/,
    ],
    ['that answers no JSON', { next: { status: 200 } }, 'syntax', /its root names none/],
    ['that is busy', { next: { status: 503 } }, 'refused', /answers GET \/redfish\/v1\/ with 503/],
    [
      'that sends on to another host',
      { next: { status: 308, headers: { location: 'http://127.0.0.1:9/' } } },
      'refused',
      /308/,
    ],
    [
      'whose systems are said to be on another host',
      { next: { status: 200, body: { Systems: { '@odata.id': 'http://127.0.0.1:9/redfish/v1/Systems' } } } },
      'syntax',
      /its root names none/,
    ],
    [
      'whose sessions are said to be on another host',
      {
        next: {
          status: 200,
          body: {
            Systems: { '@odata.id': '/redfish/v1/Systems' },
            Links: { Sessions: { '@odata.id': '//evil.example/s' } },
          },
        },
      },
      'done',
      /./,
    ],
  ] as const) {
    test(`${title} is told apart`, async (context) => {
      const bmc = await emulator(context);
      bmc.next.push(prepare.next);
      const result = carry(bmc, 'on', { enough: AbortSignal.timeout(1500) });
      if (kind === 'done') expect(await result).toMatchObject({ done: true });
      else if (kind === 'syntax') await expect(result).rejects.toThrow(SyntaxError);
      else await expect(result).rejects.toEqual(trouble(kind, because));
    });
  }
});

describe('a service with several systems', () => {
  const systems = [
    { id: 'blade1', uuid: OTHER_UUID },
    { id: 'blade2', uuid: UUID },
  ];
  for (const [title, asked, expected] of [
    ['finds the one with the UUID of the machine', { uuid: UUID }, 'blade2'],
    ['takes the one that is named', { system: 'blade1', uuid: UUID }, 'blade1'],
  ] as const) {
    test(title, async (context) => {
      const bmc = await emulator(context, { systems });
      expect(await carry(bmc, 'on', asked)).toMatchObject({ done: true });
      expect(bmc.systems.filter(({ power }) => power === 'On').map(({ id }) => id)).toEqual([expected]);
    });
  }

  for (const [title, asked, because] of [
    ['touches none that it cannot tell', {}, /the service has "blade1", "blade2": say which with --system/],
    [
      'touches none of another UUID',
      { uuid: parseUuid(UUID.replace('38', '39')) },
      /0 of them have the UUID/,
    ],
    [
      'touches none where the named one is not there',
      { system: 'blade3' },
      /no system "blade3", but "blade1", "blade2"/,
    ],
  ] as const) {
    test(title, async (context) => {
      const bmc = await emulator(context, { systems });
      await expect(carry(bmc, 'on', asked)).rejects.toEqual(trouble('refused', because));
      expect(bmc.resets).toEqual([]);
      expect(bmc.sessions.size).toBe(0);
    });
  }
});
