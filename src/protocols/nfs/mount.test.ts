import { describe, expect, test } from 'vitest';
import { AskedEngine, exportOf, PEER } from './suite/asked-engine.ts';
import { LinkTo, MemoryTree } from './suite/memory-tree.ts';
import { callBytes, MessageReader } from './suite/rpc-messages.ts';

const tree = new MemoryTree({
  casper: { 'filesystem.squashfs': new Uint8Array(10) },
  'debian.iso': new Uint8Array(10),
  live: new LinkTo('casper'),
});
const NOENT = 2;
const IO = 5;
const ACCES = 13;
const NOTDIR = 20;
const NAMETOOLONG = 63;

const asked = (): AskedEngine => new AskedEngine(exportOf(tree));

describe('MNT', () => {
  for (const [path, status, told] of [
    ['/images/debian', 0, 'mounted /images/debian by web01'],
    ['/images/debian/', 0, 'mounted /images/debian/ by web01'],
    ['/images/debian/casper', 0, 'mounted /images/debian/casper by web01'],
    ['/images/debian/live', 0, 'mounted /images/debian/live by web01'],
    [
      '/images/debian/debian.iso',
      NOTDIR,
      'refused /images/debian/debian.iso: it is a file, and only folders can be mounted',
    ],
    ['/images/debian/nothing', NOENT, 'refused /images/debian/nothing: no such file or folder'],
    ['/images/other', NOENT, 'refused /images/other: nothing of that name is shared'],
    ['/', NOENT, 'refused /: nothing of that name is shared'],
    ['', NOENT, 'refused : nothing of that name is shared'],
  ] as const) {
    test(`"${path}" comes to ${status}`, async () => {
      const engine = asked();
      expect((await engine.mount(1, path)).uint32()).toBe(status);
      expect(engine.told).toEqual([told]);
    });
  }

  test('gives a handle, and AUTH_SYS as the way to authenticate', async () => {
    const reply = await asked().mount(1, '/images/debian');
    expect(reply.uint32()).toBe(0);
    expect(reply.opaque()).toHaveLength(32);
    expect([reply.uint32(), reply.uint32()]).toEqual([1, 1]);
    expect(reply.remaining).toBe(0);
  });

  test('of version 1 gives the same handle in its own form, for older U-Boot', async () => {
    const engine = asked();
    const reply = await engine.reply(
      callBytes({ program: 100_005, version: 1, procedure: 1 }, '/images/debian'),
    );
    const result = new MessageReader(reply!).result();
    expect(result.uint32()).toBe(0);
    expect(Buffer.from(result.fixed(32))).toEqual(Buffer.from(await engine.mounted('/images/debian')));
    expect(result.remaining).toBe(0);
  });

  test('of a client that may not is ACCES, with the reason for the timeline', async () => {
    const engine = asked();
    engine.exports.admission = { may: false, because: 'it installs another image' };
    expect((await engine.mount(1, '/images/debian')).uint32()).toBe(ACCES);
    expect(engine.told).toEqual(['refused /images/debian: it installs another image']);
  });

  test('of a path of more than 1024 bytes is NAMETOOLONG, and only its beginning is told', async () => {
    const engine = asked();
    expect((await engine.mount(1, 'x'.repeat(1024))).uint32()).toBe(NOENT);
    expect((await engine.mount(1, 'x'.repeat(1028))).uint32()).toBe(NAMETOOLONG);
    expect(engine.told[1]?.length).toBeLessThan(1100);
  });

  test('of a folder that cannot be read is IO, and reported', async () => {
    const engine = asked();
    engine.exports.names = () => Promise.reject(new Error('the disk is gone'));
    expect((await engine.mount(1, '/images/debian')).uint32()).toBe(IO);
    expect(engine.faults).toHaveLength(1);
  });
});

async function mounts(engine: AskedEngine): Promise<readonly string[]> {
  const reply = await engine.mount(2);
  const lines: string[] = [];
  while (reply.uint32() === 1) lines.push(`${reply.text()}:${reply.text()}`);
  expect(reply.remaining).toBe(0);
  return lines;
}

async function exportNames(engine: AskedEngine): Promise<readonly string[]> {
  const reply = await engine.mount(5);
  const names: string[] = [];
  while (reply.uint32() === 1) {
    names.push(reply.text());
    expect(reply.uint32()).toBe(0); // no groups
  }
  expect(reply.remaining).toBe(0);
  return names;
}

describe('lists for showmount', () => {
  test('DUMP has what is mounted until it is unmounted', async () => {
    const engine = asked();
    await engine.mounted('/images/debian');
    await engine.mounted('/images/debian');
    await engine.mounted('/images/debian/casper');
    expect(await mounts(engine)).toEqual(['192.0.2.7:/images/debian', '192.0.2.7:/images/debian/casper']);
    expect((await engine.mount(3, '/images/debian')).remaining).toBe(0);
    expect(await mounts(engine)).toEqual(['192.0.2.7:/images/debian/casper']);
    expect((await engine.mount(4)).remaining).toBe(0);
    expect(await mounts(engine)).toEqual([]);
  });

  test('UMNT of what was never mounted is fine', async () =>
    expect((await asked().mount(3, '/nothing')).remaining).toBe(0));

  test('DUMP remembers a thousand, whoever made them up', async () => {
    const engine = asked();
    for (let count = 0; count < 1100; count += 1)
      await engine.mounted(`/images/debian${'/'.repeat(count % 1000)}`);
    expect((await mounts(engine)).length).toBeLessThanOrEqual(1024);
  });

  test('EXPORT has all names, for everybody', async () =>
    expect(await exportNames(asked())).toEqual(['/images/debian']));

  test('over UDP a list is cut to one packet, over TCP it is whole', async () => {
    const many = Array.from({ length: 300 }, (_, number) =>
      exportOf(tree, `/images/number-${number}`, number),
    );
    const engine = new AskedEngine(...many);
    expect(await exportNames(engine)).toHaveLength(300);
    engine.peer = { ...PEER, transport: 'udp' };
    const { length } = await exportNames(engine);
    expect(length).toBeGreaterThan(10);
    const bytes = (await engine.reply(callBytes({ program: 100_005, version: 3, procedure: 5 })))!.length;
    expect(bytes).toBeLessThanOrEqual(1472);
  });
});
