import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { netmaskOf } from '../../src/lib/addresses.ts';
import { BENCH_NETWORK } from '../bench-network.ts';
import { type BenchStage, PROCESSORS } from '../bench-stage.ts';
import { MeasuredServer } from '../measured-server.ts';
import { MusterUnderTest } from '../muster-under-test.ts';
import type { PeerName, PeerProgram } from '../peer-packages.ts';

export const DHCP_PORT = 67;
export const LEASE_SECONDS = 21_600;

const { network, serverInterface, server, client, firstLease, lastLease } = BENCH_NETWORK;
const CIDR = `${network.address}/${network.prefixLength}`;
/** ISC dhcpd makes a record of every address before it serves; with more it would still be at that. */
const ISC_LAST_LEASE = '10.96.127.254';

interface DhcpPeer {
  readonly name: PeerName;
  /** Writes its configuration into the folder. @returns how it is started in the foreground. */
  readonly prepare: (
    program: PeerProgram,
    folder: string,
  ) => Pick<Parameters<typeof MeasuredServer.start>[0], 'command' | 'environment'>;
}

export const DHCP_PEERS = {
  kea: { name: 'kea', prepare: prepareKea },
  'isc-dhcpd': { name: 'isc-dhcpd', prepare: prepareIsc },
} as const satisfies Record<string, DhcpPeer>;

export type DhcpPeerName = keyof typeof DHCP_PEERS;

/** As its documentation recommends for speed: leases in memory and a file, several threads. */
function prepareKea({ path, environment }: PeerProgram, folder: string): ReturnType<DhcpPeer['prepare']> {
  const configuration = {
    Dhcp4: {
      'interfaces-config': { interfaces: [`${serverInterface}/${server}`], 'dhcp-socket-type': 'udp' },
      'lease-database': {
        type: 'memfile',
        persist: true,
        name: join(folder, 'kea-leases.csv'),
        'lfc-interval': 0,
      },
      'valid-lifetime': LEASE_SECONDS,
      'multi-threading': { 'enable-multi-threading': true, 'thread-pool-size': 2, 'packet-queue-size': 64 },
      subnet4: [{ id: 1, subnet: CIDR, pools: [{ pool: `${firstLease}-${lastLease}` }] }],
      loggers: [{ name: 'kea-dhcp4', output_options: [{ output: 'stdout' }], severity: 'ERROR' }],
    },
  };
  const file = join(folder, 'kea.json');
  writeFileSync(file, JSON.stringify(configuration));
  return {
    command: [path, '-c', file],
    environment: { ...environment, KEA_PIDFILE_DIR: folder, KEA_LOCKFILE_DIR: folder },
  };
}

function prepareIsc({ path, environment }: PeerProgram, folder: string): ReturnType<DhcpPeer['prepare']> {
  const [file, leases] = [join(folder, 'dhcpd.conf'), join(folder, 'dhcpd.leases')];
  writeFileSync(
    file,
    [
      'authoritative;',
      `default-lease-time ${LEASE_SECONDS};`,
      'ping-check false;',
      `subnet ${network.address} netmask ${netmaskOf(network)} { range ${firstLease} ${ISC_LAST_LEASE}; }`,
      '',
    ].join('\n'),
  );
  writeFileSync(leases, '');
  const own = [
    '-user',
    'root',
    '-group',
    'root',
    '-cf',
    file,
    '-lf',
    leases,
    '-pf',
    join(folder, 'dhcpd.pid'),
  ];
  return { command: [path, '-4', '-f', '-q', ...own, serverInterface], environment };
}

/** A peer on a folder of its own; undefined when it is not there. @throws Error when it does not serve. */
export async function startDhcpPeer(
  name: DhcpPeerName,
  stage: BenchStage,
  folder: string,
): Promise<MeasuredServer | undefined> {
  const peer: DhcpPeer = DHCP_PEERS[name];
  const program = stage.peers.find(peer.name);
  if (program === undefined) return undefined;
  mkdirSync(folder, { recursive: true });
  return await MeasuredServer.start({
    name: peer.name,
    ...peer.prepare(program, folder),
    port: DHCP_PORT,
    logPath: join(folder, `${peer.name}.log`),
    processors: PROCESSORS.server,
  });
}

/** More than a ladder has; the guard against floods of made-up clients would keep most of them out. */
const LADDER_CLIENTS = 1_000_000;

/**
 * Muster with a subnet that is configured by its command line, as a user does it.
 *
 * @param crowd `ladder` lifts the limit of new clients, which Kea and ISC dhcpd do not have.
 */
export async function startDhcpMuster(folder: string, crowd: 'hall' | 'ladder'): Promise<MusterUnderTest> {
  const muster = await MusterUnderTest.start({ folder, port: DHCP_PORT, processors: PROCESSORS.server });
  const range = `${firstLease}-${lastLease}`;
  const words = [
    '--network',
    CIDR,
    '--range',
    range,
    '--lease-time',
    String(LEASE_SECONDS),
    '--router',
    client,
  ];
  await muster.command(['subnet', 'add', 'bench', ...words]);
  if (crowd === 'ladder') await muster.command(['policy', 'set', '--new-clients', String(LADDER_CLIENTS)]);
  return muster;
}
