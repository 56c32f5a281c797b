import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseMac, parseUuid } from '../lib/addresses.ts';
import { parseQuery } from '../protocols/http/request-query.ts';
import { parseRequestPath } from '../protocols/http/request-path.ts';
import type { HttpAnswer, HttpRequest } from './http-answer.ts';
import { answerBoot } from './machine-http-boot.ts';
import { makeMachineWorld, type MachineWorld, SERVER, STRANGER, WEB02 } from './suite/machine-world.ts';

let world: MachineWorld;
const UUID = parseUuid('4c4c4544-0044-4810-8031-b4c04f564231');
const sent: string[] = [];
const refused: string[] = [];

beforeEach(async () => {
  world = await makeMachineWorld();
  sent.length = 0;
  refused.length = 0;
});
afterEach(async () => {
  await world.events.settled();
  await world.close();
});

const ask = (path: string, method: HttpRequest['method'] = 'GET', from = STRANGER): Promise<HttpAnswer> =>
  answerBoot(
    {
      bootFiles: world.bootFiles,
      programs: world.programs,
      timeline: {
        fileSent: (_, label) => sent.push(label),
        refused: (_, what, because) => refused.push(`${what}: ${because}`),
      },
    },
    {
      method,
      path: parseRequestPath(path),
      query: parseQuery(path),
      clientAddress: from,
      localAddress: SERVER,
      contentType: '',
      readBody: () => Promise.resolve(''),
    },
  );

const SENT = { status: 200, bytes: 1, isComplete: true, milliseconds: 1 };

test('a script is text that nobody keeps', async () => {
  const answer = await ask('/boot/boot.ipxe');
  expect(answer).toMatchObject({
    send: 'file',
    cache: 'never',
    contentType: 'text/plain; charset=utf-8',
  });
  if (answer.send !== 'file') return;
  await answer.source.close();
  answer.onSent(SENT);
  expect(sent).toEqual(['boot.ipxe (menu)']);
});

test('a loader has the type that firmware boots, also behind two slashes', async () => {
  const answer = await ask('/boot//pxelinux.0', 'HEAD');
  expect(answer).toMatchObject({ send: 'file' });
  if (answer.send !== 'file') return;
  await answer.source.close();
  answer.onSent(SENT);
  expect(sent).toEqual([]);
});

test('what is missing is 404 with its reason, and told unless loaders ask for it in vain as a rule', async () => {
  expect(await ask('/boot/grubx64.efi')).toMatchObject({
    status: 404,
    text: expect.stringContaining('muster loaders install'),
  });
  expect(await ask('/boot/revocations_sku.efi')).toMatchObject({ status: 404 });
  expect(refused).toEqual([expect.stringMatching(/^\/boot\/grubx64.efi: the loader/)]);
});

test('only GET and HEAD', async () => {
  expect(await ask('/boot/boot.ipxe', 'POST')).toMatchObject({ status: 405 });
});

describe('while a machine was not met yet, of which its serial number is known', () => {
  const CARD = parseMac('52:54:00:77:00:01');
  const textOf = async (answer: HttpAnswer): Promise<string> => {
    if (answer.send === 'text') return String(answer.text);
    const text = Buffer.from(await answer.source.read(0, answer.source.size)).toString();
    await answer.source.close();
    return text;
  };
  const fetched = async (query: string): Promise<string> =>
    await textOf(await ask(`/boot/boot.ipxe${query}`, 'GET', WEB02));

  beforeEach(async () => {
    await world.stores.machines.put({
      ...world.web01,
      id: 'm-77',
      name: 'rack7',
      macs: [],
      serial: 'S 77',
      uuid: UUID,
    });
    await world.lease(WEB02, CARD);
  });

  for (const unknownMachines of ['menu', 'ignore'] as const) {
    test(`iPXE is asked who it is, and is met by its answer (${unknownMachines})`, async () => {
      await world.stores.policy.put({ ...(await world.stores.policy.get()), unknownMachines });
      const question = await fetched('');
      const [, url = ''] = /^chain --autofree --replace (\S+) \|\|$/m.exec(question) ?? [];
      expect(url).toBe(
        'http://192.168.122.1:8080/boot/boot.ipxe?uuid=${uuid}&serial=${serial:uristring}&asset=${asset:uristring}',
      );
      const answer = await fetched(`?uuid=${UUID}&serial=s%2077&asset=`);
      expect(answer).toContain('no install was ever armed for rack7');
      expect(await world.stores.machines.byMac(CARD)).toMatchObject({ name: 'rack7' });
      expect(await fetched('')).toContain('no install was ever armed for rack7');
      await world.events.settled();
      expect(world.told.map(({ kind, text }) => `${kind}: ${text}`)).toEqual([
        `boot.decided: The unknown machine ${CARD} is asked who it is`,
        `machine.learned: rack7 is here for the first time: its MAC address is ${CARD}`,
        'boot.decided: rack7 boots its own disk',
      ]);
    });

    test(`whoever has another number gets what unknown machines get (${unknownMachines})`, async () => {
      await world.stores.policy.put({ ...(await world.stores.policy.get()), unknownMachines });
      const answer = await fetched('?uuid=&serial=S78&asset=');
      expect(answer).toContain(unknownMachines === 'menu' ? '\nmenu ' : '\nsanboot ');
      expect(answer).not.toContain('--replace');
      expect(await world.stores.machines.byMac(CARD)).toBeUndefined();
    });
  }

  test('an address without a lease is not asked, and not believed', async () => {
    expect(await textOf(await ask('/boot/boot.ipxe'))).not.toContain('--replace');
    await ask('/boot/boot.ipxe?serial=S%2077');
    expect(await world.stores.machines.unmet()).toHaveLength(1);
  });

  test('a machine that is armed before it was ever met gets its installer in the boot in which it is met', async () => {
    const rack7 = await world.stores.machines.byName('rack7');
    await world.arm(rack7);
    expect(await fetched('?uuid=&serial=S%2077&asset=')).toContain('starting the installer');
  });
});
