import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { VERSION } from '../../src/daemon/version.ts';
import { READ_SUM_LIMITS } from '../../src/protocols/nfs/read-sums.ts';
import { Udhcpc } from './dhcp-client-programs.ts';
import {
  CLASSIC_SUBNET,
  EVENT_WAIT,
  MusterInNamespace,
  SERVER_ADDRESS,
  Segment,
} from './muster-in-namespace.ts';
import { describeInNamespace } from './namespace.ts';

/** Reads the page with Prometheus' own library for Python, which refuses what is not of its format. */
const READ_PAGE = `
import json, sys
from prometheus_client.parser import text_string_to_metric_families
samples = {}
for family in text_string_to_metric_families(sys.stdin.read()):
    assert family.documentation, family.name
    for sample in family.samples:
        labels = ",".join(f"{name}={text}" for name, text in sorted(sample.labels.items()))
        key = f"{sample.name}{{{labels}}}" if labels else sample.name
        assert key not in samples, key
        samples[key] = sample.value
print(json.dumps(samples))
`;

const API = 'http://127.0.0.1:8067';
const FILE_BYTES = 100_000;

describeInNamespace('what programs that watch over muster up are told', () => {
  let segment: Segment;
  let muster: MusterInNamespace;
  let kernel: string;

  beforeAll(async () => {
    segment = await Segment.make();
    muster = new MusterInNamespace(segment.server);
    const root = join(muster.folder, 'files');
    const uploads = join(muster.folder, 'uploads');
    for (const folder of [root, uploads]) mkdirSync(folder);
    kernel = join(root, 'kernel');
    writeFileSync(kernel, new Uint8Array(FILE_BYTES));
    writeFileSync(muster.settingsFile, `tftp:\n  root: ${root}\n  uploads:\n    folder: ${uploads}\n`);
    await muster.up();
  });
  afterAll(async () => {
    await muster.close();
    await segment.close();
  });

  const ask = async (path: string) => {
    const { stdout } = await segment.server.run('curl', ['-sS', '-w', '\\n%{http_code}', `${API}${path}`]);
    const [, body = '', status = ''] = /^([^]*)\n(\d+)$/.exec(stdout) ?? [];
    return { body, status: Number(status) };
  };
  const scrape = async (): Promise<Record<string, number>> => {
    const { body: input } = await ask('/metrics');
    const { stdout } = await segment.server.run('/usr/bin/python3', ['-c', READ_PAGE], { input });
    return JSON.parse(stdout) as Record<string, number>;
  };
  /** Waits until the metrics have these numbers, and all of them at once. */
  const expectMetrics = (expected: Readonly<Record<string, unknown>>) =>
    expect.poll(scrape, EVENT_WAIT).toMatchObject(expected);

  test('DHCP: requests and replies by type, silences, leases, and what is no DHCP', async ({
    onTestFinished,
  }) => {
    expect(await scrape()).toMatchObject({ muster_interfaces: 1, muster_dhcp_answer_seconds_count: 0 });
    const machine = await segment.plugIn('52:54:00:00:00:01');
    const udhcpc = new Udhcpc(machine);
    onTestFinished(() => udhcpc.close());
    udhcpc.start();
    // Nobody gets an address yet.
    await expectMetrics({
      'muster_dhcp_unanswered_total{type=DHCPDISCOVER}': expect.toSatisfy(isPositive),
      'muster_dhcp_silences_total{reason=noSubnet}': expect.toSatisfy(isPositive),
    });
    await muster.run('subnet', 'add', 'lab', ...CLASSIC_SUBNET);
    await udhcpc.told('bound');
    expect(await scrape()).toMatchObject({
      'muster_dhcp_leases{state=held,subnet=lab}': 1,
      'muster_dhcp_range_used{subnet=lab}': 1,
    });
    udhcpc.program.signal('SIGUSR2');
    // It takes all addresses away when it has given its own back.
    await udhcpc.program.waitFor(/^<< bound\n[^]*^<< deconfig\n[^]*?\n>>$/m, EVENT_WAIT.timeout);
    await machine.ip('address add 192.168.122.77/24 dev eth0');
    await machine.run('sh', ['-c', `echo nonsense | socat -u - UDP4-SENDTO:${SERVER_ADDRESS}:67`]);
    await expectMetrics({
      'muster_dhcp_received_total{type=DHCPREQUEST}': 1,
      'muster_dhcp_received_total{type=DHCPRELEASE}': 1,
      'muster_dhcp_sent_total{type=DHCPOFFER}': 1,
      'muster_dhcp_sent_total{type=DHCPACK}': 1,
      'muster_dhcp_datagrams_total{outcome=answered}': 2,
      'muster_dhcp_datagrams_total{outcome=dropped}': 1,
      muster_dhcp_answer_seconds_count: 2,
      'muster_dhcp_answer_seconds_bucket{le=+Inf}': 2,
      'muster_dhcp_leases{state=released,subnet=lab}': 1,
      'muster_dhcp_leases{state=held,subnet=lab}': 0,
      'muster_dhcp_range_addresses{subnet=lab}': 101,
      'muster_dhcp_range_used{subnet=lab}': 0,
      'muster_dhcp_lease_groups_total{outcome=written}': 2,
      muster_dhcp_lease_group_size_sum: 2,
      'muster_events_total{kind=dhcp.acknowledged}': 1,
      'muster_events_total{kind=dhcp.released}': 1,
    });
    const { muster_dhcp_answer_seconds_sum: seconds } = await scrape();
    expect(seconds).toSatisfy(isPositive);
  });

  test('TFTP: transfers by outcome, bytes, refusals', async () => {
    const machine = await segment.plugIn('52:54:00:00:00:02');
    await machine.ip('address add 192.168.122.78/24 dev eth0');
    const fetchFile = (name: string) =>
      machine.tryRun('curl', ['-sS', '-o', '/dev/null', `tftp://${SERVER_ADDRESS}/${name}`]);
    expect((await fetchFile('kernel')).code).toBe(0);
    expect((await fetchFile('missing')).code).toBe(68);
    await machine.run('curl', ['-sS', '-T', kernel, `tftp://${SERVER_ADDRESS}/dump`]);
    await expectMetrics({
      'muster_tftp_transfers_total{outcome=sent}': 1,
      muster_tftp_sent_bytes_total: FILE_BYTES,
      'muster_tftp_refused_total{answer=fileNotFound}': 1,
      'muster_tftp_uploads_total{outcome=received}': 1,
      muster_tftp_received_bytes_total: FILE_BYTES,
      'muster_tftp_way{way=plane}': 1,
      muster_tftp_plane_restarts_total: 0,
      muster_tftp_transfers_under_way: 0,
      muster_tftp_transfer_seconds_count: 1,
      'muster_events_total{kind=tftp.sent}': 1,
    });
  });

  test('files of images: how many, over what, and how they ended', async () => {
    await muster.run('image', 'add', dirname(kernel), '--as', 'files', '--name', 'plain');
    const machine = await segment.plugIn('52:54:00:00:00:03');
    await machine.ip('address add 192.168.122.79/24 dev eth0');
    const fetchFile = (url: string) => machine.tryRun('curl', ['-sSf', '-o', '/dev/null', url]);
    for (const protocol of ['http', 'ftp'] as const) {
      const place = `${protocol}://${SERVER_ADDRESS}${protocol === 'http' ? ':8080' : ''}/images/plain`;
      expect((await fetchFile(`${place}/kernel`)).code).toBe(0);
      expect((await fetchFile(`${place}/missing`)).code).not.toBe(0);
    }
    await machine.run('nfs-cp', [`nfs://${SERVER_ADDRESS}/images/plain/kernel`, join(muster.folder, 'copy')]);
    await expectMetrics({
      'muster_files_total{outcome=sent,protocol=http}': 1,
      'muster_files_total{outcome=missing,protocol=http}': 1,
      'muster_file_bytes_total{protocol=http}': FILE_BYTES,
      'muster_files_total{outcome=sent,protocol=ftp}': 1,
      'muster_file_bytes_total{protocol=ftp}': FILE_BYTES,
    });
    // What an NFS client read is summed up until it is quiet for a while.
    await expect.poll(scrape, { timeout: 2 * READ_SUM_LIMITS.quietMs, interval: 500 }).toMatchObject({
      'muster_files_total{outcome=sent,protocol=nfs}': 1,
      'muster_file_bytes_total{protocol=nfs}': FILE_BYTES,
    });
  });

  test('the process: its version, its memory, its time', async () => {
    const metrics = await scrape();
    expect(metrics['process_resident_memory_bytes']).toBeGreaterThan(10_000_000);
    expect(metrics['process_cpu_seconds_total']).toSatisfy(isPositive);
    expect(metrics['process_open_fds']).toBeGreaterThan(3);
    expect(metrics['process_start_time_seconds']).toBeGreaterThan(Date.now() / 1000 - 300);
    expect(metrics[`muster_info{node=${process.versions.node},version=${VERSION}}`]).toBe(1);
  });

  test('it is ready while an interface is served, and says so when none is', async () => {
    expect(await ask('/readyz')).toEqual({ status: 200, body: '{"status":"ready"}' });
    await segment.server.ip(`address del ${SERVER_ADDRESS}/24 dev br0`);
    await expect
      .poll(() => ask('/readyz'), EVENT_WAIT)
      .toEqual({
        status: 503,
        body: '{"status":"not ready","because":"no network interface is served"}',
      });
    await segment.server.ip(`address add ${SERVER_ADDRESS}/24 dev br0`);
    await expect.poll(() => ask('/readyz'), EVENT_WAIT).toMatchObject({ status: 200 });
  });
});

function isPositive(value: unknown): boolean {
  return typeof value === 'number' && value > 0;
}
