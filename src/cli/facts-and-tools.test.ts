import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listenApi, type ListeningApi } from '../api/listen-api.ts';
import { type ApiWorld, openApiWorld, START_MS } from '../api/suite/api-world.ts';
import type { FactReport } from '../core/machines/facts.ts';
import { parseMac } from '../lib/addresses.ts';
import { EXIT } from './exit-codes.ts';
import { type CliResult, runCaptured } from './suite/captured-terminal.ts';

/** What is known of machines, and what is done with those that are not, by real commands against a real API. */

let world: ApiWorld;
let api: ListeningApi;
let folder: string;
beforeAll(async () => {
  process.env['TZ'] = 'UTC';
  world = await openApiWorld();
  api = await listenApi(world.needs, { address: '127.0.0.1', port: 0 });
  folder = await mkdtemp(join(tmpdir(), 'muster-cli-'));
});
afterAll(async () => {
  await api.close();
  expect(world.mistakes).toEqual([]);
  await world.close();
  await rm(folder, { recursive: true });
});

async function muster(line: string): Promise<CliResult> {
  const words = line.split(' ').filter((word) => word !== '');
  return await runCaptured(words, { environment: { MUSTER_SERVER: api.url }, workingFolder: folder });
}

const MEASURED: FactReport = {
  source: 'installer',
  atMs: START_MS,
  facts: {
    vendor: 'Dell\u009b31m Inc.',
    product: 'R640',
    cpu: { model: 'Xeon', cores: 8, threads: 16 },
    memoryMegabytes: 65_536,
    disks: [
      { name: 'sda', bytes: 1e12, rotational: true, holdsData: true, holds: 'a file system (XFS)' },
      { name: 'sdb', bytes: 5e11, serial: 'S1', rotational: false, holdsData: false },
      { name: 'sdc', bytes: 5e11 },
    ],
    nics: [
      {
        mac: parseMac('525400123456'),
        name: 'eth0',
        driver: 'ixgbe',
        speedMegabits: 10_000,
        lldp: { chassis: 'aa:bb', system: 'sw1', port: 'Gi1/0/7' },
      },
    ],
  },
};

describe('facts', () => {
  test('of a machine that told nothing, say when it will', async () => {
    await muster('machine add web1 --mac 525400123456');
    const shown = await muster('machine facts web1');
    expect(shown).toMatchObject({ exitCode: EXIT.ok, out: '' });
    expect(shown.err).toMatch(/^Nothing is known of web1: it tells when it boots from the network/);
    expect((await muster('machine show web1')).out).not.toMatch(/hardware/);
  });

  test('are told with who said them, and no byte of a machine reaches the terminal', async () => {
    await world.stores.facts.put('m-000000000001', MEASURED);
    const dhcp: FactReport = { source: 'dhcp', atMs: START_MS, facts: { firmware: 'UEFI' } };
    await world.stores.facts.put('m-000000000001', dhcp);
    expect((await muster('machine facts web1')).out).toBe(
      [
        'vendor         Dell\\u{9b}31m Inc. (installer, 2026-11-23 13:00:00)',
        'product        R640 (installer, 2026-11-23 13:00:00)',
        'firmware       UEFI (dhcp, 2026-11-23 13:00:00)',
        'processor      Xeon, 8 cores, 16 threads (installer, 2026-11-23 13:00:00)',
        'memory         65536 MiB (installer, 2026-11-23 13:00:00)',
        'disks          sda, 1 TB, spins, holds a file system (XFS)',
        '               sdb, 500 GB, serial S1, is blank',
        '               sdc, 500 GB',
        '               (installer, 2026-11-23 13:00:00)',
        'network cards  52:54:00:12:34:56, eth0, ixgbe, 10000 Mbit/s, plugged into sw1 Gi1/0/7 (installer, 2026-11-23 13:00:00)',
        '',
      ].join('\n'),
    );
    expect((await muster('machine show web1')).out).toMatch(
      /\nhardware +Dell\\u\{9b\}31m Inc\. R640, Xeon, 8 cores, 16 threads, 65536 MiB, 3 disks, 1 network card\n$/,
    );
    const json = JSON.parse((await muster('machine facts web1 -o json')).out);
    expect(json).toMatchObject({ machine: 'web1', origins: { firmware: { source: 'dhcp' } } });
  });

  test('of no machine are refused', async () => {
    expect(await muster('machine facts web9')).toMatchObject({
      exitCode: EXIT.failed,
      err: 'muster: There is no machine "web9"\n',
    });
  });
});
