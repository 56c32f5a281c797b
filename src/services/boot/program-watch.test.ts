import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { GOES_ON_WITHIN_MS } from '../../core/boot/program-follow.ts';
import { makePeProgram } from '../../formats/pe/suite/make-pe-program.ts';
import { answerImages } from '../../servers/machine-http-files.ts';
import { listInsideFolder } from '../images/folder-listing.ts';
import { openInsideFolder } from '../images/folder-tree.ts';
import { answerBoot } from '../../servers/machine-http-boot.ts';
import { makeMachineWorld, type MachineWorld, SERVER, WEB01 } from '../../servers/suite/machine-world.ts';
import { serveTftpDoor } from '../../servers/tftp.ts';
import { TftpCounts } from '../../servers/tftp-counts.ts';
import { parseRequestPath } from '../../protocols/http/request-path.ts';
import type { TftpServer, TftpServerOptions } from '../../protocols/tftp/server-options.ts';

/** What the door hands to its server: the test plays what comes in there. */
type Door = Pick<TftpServerOptions, 'open' | 'onEnd' | 'onRefused'>;

const UEFI = 'PXEClient:Arch:00007:UNDI:003000';
const REQUEST = {
  method: 'GET',
  clientAddress: WEB01,
  localAddress: SERVER,
  contentType: '',
  readBody: () => Promise.resolve(''),
} as const;
const WHOLE = { status: 200, bytes: 400, isComplete: true, milliseconds: 1 };
const client = { address: WEB01, port: 1024 };

let world: MachineWorld;
let door: Door;
let server: Pick<TftpServer, 'close'>;

beforeEach(async () => {
  world = await makeMachineWorld();
  world.write(join(world.systemRoot, 'usr/lib/ipxe/snponly.efi'), makePeProgram({}));
  world.write(join(world.tftpRoot, 'own.efi'), makePeProgram({ signed: true }));
  await world.lease(WEB01, world.web01.macs[0]!, { vendorClass: UEFI });
  server = await serveTftpDoor({
    ...world,
    address: SERVER,
    port: 0,
    counts: new TftpCounts(),
    report: () => undefined,
    serve: (options) => {
      door = options;
      return Promise.resolve({
        address: SERVER,
        port: 0,
        transfers: 0,
        overRate: 0,
        close: () => Promise.resolve(),
      });
    },
  });
});
afterEach(async () => {
  // What its transfers came to is told by then.
  await server.close({ drainMs: 0 });
  await world.events.settled();
  await world.close();
});

async function fetchOverTftp(name: string, outcome: 'sent' | 'failed' = 'sent'): Promise<void> {
  const request = { name, mode: 'octet', client, localAddress: SERVER } as const;
  const opened = await door.open(request);
  if (opened.open) await opened.source.close();
  door.onEnd({
    ...request,
    outcome,
    bytes: 400,
    milliseconds: 1,
    retransmissions: 0,
    options: [],
    blockBytes: 512,
    windowBlocks: 1,
    firmware: [],
  });
}

async function fetchFromImage(path: string): Promise<void> {
  const answer = await answerImages(
    {
      ...world,
      images: world.stores.images,
      openInsideFolder,
      listInside: listInsideFolder,
      timeline: { fileSent: () => undefined, treeFile: () => undefined, refused: () => undefined },
    },
    { ...REQUEST, query: new Map(), path: parseRequestPath(path) },
  );
  if (answer.send !== 'file') return;
  await answer.source.close();
  answer.onSent(WHOLE);
}

async function fetchOverHttp(path: string): Promise<void> {
  const answer = await answerBoot(
    { ...world, timeline: { fileSent: () => undefined, refused: () => undefined } },
    { ...REQUEST, query: new Map(), path: parseRequestPath(path) },
  );
  if (answer.send !== 'file') throw new Error(String(answer.text));
  await answer.source.close();
  answer.onSent(WHOLE);
}

const notStarted = async (): Promise<readonly string[]> => {
  await world.events.settled();
  return world.told
    .filter(({ kind }) => kind === 'boot.notStarted')
    .map(({ text, because }) => `${text}: ${because}`);
};
const fallSilent = (): void => {
  world.pass(GOES_ON_WITHIN_MS);
  world.programs.tellSilent();
};

describe('an unsigned program that firmware does not start is named', () => {
  for (const [how, fetch] of [
    ['TFTP', () => fetchOverTftp('snponly.efi')],
    ['HTTP', () => fetchOverHttp('/boot/snponly.efi')],
  ] as const) {
    test(`where it came over ${how} and its firmware starts over`, async () => {
      await fetch();
      world.programs.dhcpAsked(world.web01.macs[0]!, 'firmware');
      expect(await notStarted()).toEqual([
        expect.stringMatching(
          /^The firmware fetched snponly.efi and did not go on: .*unsigned: muster machine set web01 --loader grub/,
        ),
      ]);
    });

    test(`where it came over ${how} and its machine falls silent`, async () => {
      await fetch();
      fallSilent();
      expect(await notStarted()).toHaveLength(1);
    });
  }

  test('and one of an image, over HTTP', async () => {
    world.write(join(world.imageFolder, 'own.efi'), makePeProgram({}));
    await fetchFromImage('/images/debian/own.efi');
    fallSilent();
    expect(await notStarted()).toEqual([expect.stringContaining('The firmware fetched debian/own.efi')]);
  });

  test('and one that is signed, of the tree', async () => {
    await fetchOverTftp('own.efi');
    fallSilent();
    expect(await notStarted()).toEqual([expect.stringContaining('its signature is by somebody')]);
  });
});

describe('nothing is told', () => {
  for (const [what, goOn] of [
    ['of a program that asks for a file', () => fetchOverTftp('autoexec.ipxe')],
    ['of a program that asks for a file that is not there', () => fetchOverTftp('nowhere')],
    ['of a program that asks over HTTP', () => fetchOverHttp('/boot/boot.ipxe')],
    ['of a program that asks for a file of an image', () => fetchFromImage('/images/debian/nowhere')],
    [
      'of a program that asks DHCP itself',
      () => Promise.resolve(world.programs.dhcpAsked(world.web01.macs[0]!, 'ipxe')),
    ],
  ] as const) {
    test(what, async () => {
      await fetchOverTftp('snponly.efi');
      await goOn();
      world.programs.dhcpAsked(world.web01.macs[0]!, 'firmware');
      fallSilent();
      expect(await notStarted()).toEqual([]);
    });
  }

  test('of one that did not arrive whole', async () => {
    await fetchOverTftp('snponly.efi', 'failed');
    fallSilent();
    expect(await notStarted()).toEqual([]);
  });

  test('of a file that is no program, and of firmware that looks at no signature', async () => {
    world.write(join(world.tftpRoot, 'text.efi'), 'no program');
    await fetchOverTftp('text.efi');
    fallSilent();
    await world.lease(WEB01, world.web01.macs[0]!, { vendorClass: 'PXEClient:Arch:00000:UNDI:002001' });
    await fetchOverTftp('snponly.efi');
    fallSilent();
    expect(await notStarted()).toEqual([]);
  });
});
