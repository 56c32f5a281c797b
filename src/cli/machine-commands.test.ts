import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listenApi, type ListeningApi } from '../api/listen-api.ts';
import { type ApiWorld, openApiWorld } from '../api/suite/api-world.ts';
import { EXIT } from './exit-codes.ts';
import { type CliResult, runCaptured } from './suite/captured-terminal.ts';

/** What machines are known by, and many of them at once, against a real API on a real port. */

let world: ApiWorld;
let api: ListeningApi;
beforeAll(async () => {
  world = await openApiWorld();
  api = await listenApi(world.needs, { address: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await api.close();
  expect(world.mistakes).toEqual([]);
  await world.close();
});

async function muster(words: string | readonly string[]): Promise<CliResult> {
  const list = typeof words === 'string' ? words.split(' ').filter((word) => word !== '') : words;
  return await runCaptured(list, {
    environment: { MUSTER_SERVER: api.url },
    workingFolder: world.folder,
  });
}

/** @returns what it writes to standard output. */
async function done(words: string | readonly string[]): Promise<string> {
  const result = await muster(words);
  expect(result.exitCode, result.err).toBe(EXIT.ok);
  return result.out;
}

describe('what a machine is known by', () => {
  test('may be a serial number, an asset tag and a port, and is changed as all else', async () => {
    const added = await muster(
      'machine add slot7 --port 0x657468302f37@rack1 --serial 7CX00 --asset-tag T-7',
    );
    expect(added.err).toBe(
      'Machine slot7 is known by its serial number 7CX00, its asset tag T-7, its port eth0/7@rack1\n',
    );
    expect(JSON.parse(await done('machine show slot7 -o json'))).toMatchObject({
      macs: [],
      serial: '7CX00',
      assetTag: 'T-7',
      port: { circuitId: 'eth0/7', remoteId: 'rack1' },
    });
    await done('machine set slot7 --serial= --port eth0/8');
    expect(await done('machine show slot7')).toMatch(
      /\nMAC addresses +not met yet\nUUID +not known\nserial number *\nasset tag +T-7\nport +eth0\/8\n/,
    );
    await done('machine set slot7 --mac 020000000007 --asset-tag= --port=');
    expect(JSON.parse(await done('machine show slot7 -o json'))).not.toHaveProperty('port');
  });

  for (const [line, exitCode, err] of [
    ['machine add x', EXIT.usage, /MAC addresses with --mac, or its --uuid, --serial/],
    ['machine add x --serial=', EXIT.usage, /MAC addresses with --mac/],
    ['machine add x --serial To\u00a0Be', EXIT.usage, /is no serial number and no asset tag/],
    ['machine add x --asset-tag 0000000', EXIT.failed, /"0000000" is what makers leave on many boards/],
    ['machine add x --port a@b@c', EXIT.usage, /"a@b@c" is not a port/],
    ['machine add x --port 0x0', EXIT.badConfiguration, /"0x0" is not the identifier of a port/],
    ['machine set slot7 --mac=', EXIT.failed, /slot7 has nothing to be known by: a MAC address, a UUID/],
    [
      'machine add x --uuid 03000200-0400-0500-0006-000700080009',
      EXIT.failed,
      /^muster: Machine x has nothing to be known by: a MAC address, a UUID that no other board has/,
    ],
  ] as const) {
    test(`${line}: exit ${exitCode}`, async () => {
      expect(await muster(line)).toMatchObject({ exitCode, err: expect.stringMatching(err) });
    });
  }
});

test('who is not known is explained to be asked, while somebody was not met yet', async () => {
  await done('machine add unmet --serial U-1');
  expect(await done('explain unmet')).toMatch(
    /^unmet boots its own disk\n {2}because no install was ever armed for unmet\n/,
  );
  expect(await done('explain 020000000099')).toMatch(
    /^020000000099 \(not known\) gets the menu\n {2}because .*, but for unmet, which has no MAC address yet: iPXE asks who it is\n/,
  );
  await done('machine rm unmet -yq');
});

describe('records of machines', () => {
  test('are merged: what belongs to the other is its own, and what is lost is told', async () => {
    await done('machine add a --mac 020000000001 --label rack=a --label env=lab --var x=1');
    await done('machine add b --mac 020000000002 --label rack=b --var y=2 --serial S-B --memory 2G');
    const merged = await muster('machine merge a b -y');
    expect(merged.err).toBe('Machine b is merged into a\n  label rack stays "a", and "b" is gone\n');
    expect(JSON.parse(await done('machine show a -o json'))).toMatchObject({
      macs: ['02:00:00:00:00:01', '02:00:00:00:00:02'],
      serial: 'S-B',
      labels: { rack: 'a', env: 'lab' },
      variables: { x: '1', y: '2' },
      memoryMegabytes: 2048,
    });
    expect(await muster('machine show b')).toMatchObject({ exitCode: EXIT.failed });
    expect(await done('events a -o json')).toContain('b is merged into a, and all that was its is that one');
  });

  test('are split, and both timelines tell', async () => {
    const split = await muster('machine split a --mac 02-00-00-00-00-02 --name c');
    expect(split).toMatchObject({ exitCode: EXIT.ok, err: 'Machine c is split off a\n' });
    expect(await done('machine show 020000000002 -o name')).toBe('c\n');
    expect(await done('machine show 020000000001 -o name')).toBe('a\n');
    for (const name of ['a', 'c']) expect(await done(`events ${name} -o json`)).toContain('c is split off a');
  });

  for (const [line, exitCode, err] of [
    ['machine merge a c', EXIT.usage, /^muster: Nothing was done: there is no terminal/],
    ['machine merge a nobody -y', EXIT.failed, /no machine "nobody"/],
    ['machine split a --name d', EXIT.usage, /required option '--mac/],
    ['machine split a --mac 020000000001 --name c', EXIT.failed, /name "c" belongs to machine/],
  ] as const) {
    test(`${line}: exit ${exitCode}`, async () => {
      expect(await muster(line)).toMatchObject({ exitCode, err: expect.stringMatching(err) });
    });
  }
});

describe('files of machines', () => {
  const write = (name: string, text: string): Promise<void> => writeFile(join(world.folder, name), text);

  test('are written, and change nothing when they are read again', async () => {
    await done(['machine', 'set', 'a', '--var', 'motd=say "hi",\n bye', '--label', 'gpu=']);
    for (const format of ['csv', 'json']) {
      const text = await done(`machine export --format ${format}`);
      await write(`all.${format}`, text);
      const { err } = await muster(`machine import all.${format}`);
      expect(err).toBe('0 machines added, 0 changed, 3 as they were\n');
    }
    expect(await done('machine export -l rack=a')).toBe(
      [
        'name,mac,uuid,serial,asset_tag,port,loader,source,memory,memory_check,label.env,label.gpu,label.rack,var.motd,var.x,var.y\r\n',
        'a,02:00:00:00:00:01,,S-B,,,,,2048,,lab,"",a,"say ""hi"",\n bye",1,2\r\n',
      ].join(''),
    );
  });

  test('add and change machines, which a dry run tells before', async () => {
    await write('more.csv', 'name,mac,label.rack\r\na,02:00:00:00:00:01,b\r\nd,02-00-00-00-00-0d,\r\n');
    expect(await muster('machine import more.csv --dry-run')).toMatchObject({
      exitCode: EXIT.ok,
      out: 'NAME  WHAT     FIELDS\na     changed  labels.rack\nd     added\n',
      err: '1 machine would be added, 1 changed, 0 as they were (--dry-run)\n',
    });
    expect(await muster('machine show d')).toMatchObject({ exitCode: EXIT.failed });
    const imported = await muster('machine import more.csv -o json');
    expect(imported.err).toBe('1 machine added, 1 changed, 0 as they were\n');
    expect(JSON.parse(imported.out)).toHaveLength(2);
    expect(await done('machine ls -l rack=b -o name')).toBe('a\n');
    expect(await done('events -o json')).toContain('"Machines came from a file: 1 added, 1 changed"');
  });

  test('may come from standard input, in either form', async () => {
    for (const [text, name] of [
      ['[{"name": "e", "serial": "E1"}]', 'e'],
      ['name,serial\nf,F1\n', 'f'],
    ] as const) {
      const { exitCode } = await runCaptured(['machine', 'import', '-'], {
        environment: { MUSTER_SERVER: api.url },
        readInput: () => Promise.resolve(text),
      });
      expect(exitCode).toBe(EXIT.ok);
      expect(await done(`machine show ${name} -o name`)).toBe(`${name}\n`);
    }
  });

  test('that are wrong change nothing, and every error is told at its place, whoever found it', async () => {
    const before = await done('machine export');
    await write('bad.csv', 'name,mac,serial,labels.x\ng,02000000000g,,\nh,,,\nd,020000000001,,\ni,,I1,\n');
    const { exitCode, out, err } = await muster('machine import bad.csv');
    expect([exitCode, out]).toEqual([EXIT.failed, '']);
    expect(err.split('\n')).toEqual([
      expect.stringMatching(/^bad.csv:1:17: there is no column "labels.x": there are name, mac/),
      expect.stringMatching(/^bad.csv:2:3: macs\[0\]: "02000000000g" is not a MAC address/),
      expect.stringMatching(/^bad.csv:3:1: machine h has nothing to be known by/),
      'bad.csv:4:1: the MAC address 02:00:00:00:00:01 belongs to machine "a"',
      'muster: Nothing was changed: 4 errors',
      '',
    ]);
    expect(await done('machine export')).toBe(before);
  });

  test('are told a hundred errors of, and how many more there are', async () => {
    await write('long.csv', `name,mac\n${'x,y\n'.repeat(150)}`);
    const { err } = await muster('machine import long.csv');
    expect(err.trim().split('\n')).toHaveLength(101);
    expect(err).toMatch(/\nmuster: Nothing was changed: 150 errors, of which 50 are not told here\n$/);
  });

  for (const [line, exitCode, err] of [
    ['machine import none.csv', EXIT.failed, /^muster: Cannot read none.csv: ENOENT/],
    ['machine import', EXIT.usage, /missing required argument 'file'/],
    ['machine import latin.csv', EXIT.failed, /^muster: latin.csv is not in UTF-8: save it as UTF-8\n$/],
    ['machine export --format xml', EXIT.usage, /Allowed choices are csv, json/],
    ['machine export -l ,', EXIT.failed, /^muster: Selector, column 1/],
  ] as const) {
    test(`${line}: exit ${exitCode}`, async () => {
      await writeFile(join(world.folder, 'latin.csv'), Uint8Array.of(0x6e, 0xe4));
      expect(await muster(line)).toMatchObject({ exitCode, err: expect.stringMatching(err) });
    });
  }
});
