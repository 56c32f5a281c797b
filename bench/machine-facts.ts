import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { runProgram } from '../src/lab/run-program.ts';
import { PEERS, type PeerName, type PeerPackages } from './peer-packages.ts';

/** What the numbers of a run depend on. */
export function machineFacts(): Readonly<Record<string, string | number>> {
  const governor = tryRead('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor');
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    processors: cpus().length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    virtualised: /^flags\s*:.*\bhypervisor\b/m.test(tryRead('/proc/cpuinfo') ?? '') ? 'yes' : 'no',
    ...(governor === undefined ? {} : { governor }),
  };
}

const VERSION_FLAGS: Readonly<Record<PeerName, readonly string[]>> = {
  dnsmasq: ['--version'],
  'tftpd-hpa': ['--version'],
  atftpd: ['--version'],
  kea: ['-v'],
  perfdhcp: ['-v'],
  'isc-dhcpd': ['--version'],
  nginx: ['-v'],
  vsftpd: ['-v'],
  wrk: ['--version'],
  'nfs-ganesha': ['-v'],
  rpcbind: ['-v'],
};

/** vsftpd writes it where others read. */
const SAY_VERSION = 'exec "$0" "$@" 0>&1';

/** What each program says of itself. */
export async function versionsOf(
  names: readonly PeerName[],
  peers: PeerPackages,
): Promise<Readonly<Record<string, string>>> {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    readonly version: string;
  };
  const versions: Record<string, string> = { muster: version, node: process.versions.node };
  for (const name of names) {
    const program = peers.find(name);
    if (program === undefined) continue;
    const result = await runProgram(['sh', '-c', SAY_VERSION, program.path, ...VERSION_FLAGS[name]], {
      environment: { ...process.env, ...program.environment },
    });
    const said = `${result.stdout.toString('utf8')}\n${result.stderr}`;
    versions[name] = /\d+\.\d+[\w.-]*/.exec(said)?.[0] ?? PEERS[name].debianPackage;
  }
  return versions;
}

function tryRead(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
