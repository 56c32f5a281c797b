import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseRequestPath } from '../protocols/http/request-path.ts';
import type { HttpAnswer, HttpRequest } from './http-answer.ts';
import { answerBoot } from './machine-http-boot.ts';
import { makeMachineWorld, type MachineWorld, SERVER, STRANGER } from './suite/machine-world.ts';

let world: MachineWorld;
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

const ask = (path: string, method: HttpRequest['method'] = 'GET'): Promise<HttpAnswer> =>
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
      clientAddress: STRANGER,
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
