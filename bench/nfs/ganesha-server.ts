import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { mustRun } from '../../src/lab/run-program.ts';
import { portOwner } from '../../src/os/port-owner.ts';
import { BENCH_NETWORK } from '../bench-network.ts';
import { type BenchStage, PROCESSORS } from '../bench-stage.ts';
import { MeasuredServer } from '../measured-server.ts';
import type { PeerProgram } from '../peer-packages.ts';

/**
 * nfs-ganesha with a folder of this computer, NFS 3 alone, in the foreground. Without rpcbind it serves no NFS 3, so that runs
 * beside it; its work is done once ganesha has started.
 */

/** That of NFS is Muster's at the same time. */
export const GANESHA_PORTS = { nfs: 2050, mount: 20_048, portmap: 111 } as const;

/** The user that Debian's rpcbind becomes, whose package would make it. */
const RPCBIND_USER = '_rpc:x:64999:65534::/nonexistent:/usr/sbin/nologin\n';
const RPCBIND_TIMEOUT_MS = 10_000;

export function ganeshaConfiguration(share: string, plugins: string): string {
  return `NFS_CORE_PARAM {
  Protocols = 3;
  NFS_Port = ${GANESHA_PORTS.nfs};
  MNT_Port = ${GANESHA_PORTS.mount};
  Enable_NLM = false;
  Enable_RQUOTA = false;
  Bind_addr = ${BENCH_NETWORK.server};
  Plugins_Dir = "${plugins}";
}
NFSV4 { UseGetpwnam = true; }
EXPORT_DEFAULTS { Access_Type = RO; Squash = None; SecType = sys; Protocols = 3; Transports = TCP; }
EXPORT {
  Export_Id = 1;
  Path = "${share}";
  Pseudo = "/share";
  MaxRead = 1048576;
  PrefRead = 1048576;
  FSAL { Name = VFS; }
}
LOG { Default_Log_Level = CRIT; }
`;
}

export class Ganesha {
  readonly #stage: BenchStage;
  readonly #program: PeerProgram;
  readonly #rpcbind: ChildProcess;

  private constructor(stage: BenchStage, program: PeerProgram, rpcbind: ChildProcess) {
    this.#stage = stage;
    this.#program = program;
    this.#rpcbind = rpcbind;
  }

  /** Undefined where it is not there. @throws Error when its port mapper does not start. */
  static async prepare(stage: BenchStage): Promise<Ganesha | undefined> {
    const program = stage.peers.find('nfs-ganesha');
    const rpcbind = stage.peers.find('rpcbind');
    if (program === undefined || rpcbind === undefined) return undefined;
    await mustRun(['mount', '-t', 'tmpfs', 'muster-bench-run', '/run']);
    mkdirSync('/run/rpcbind');
    const users = join(stage.folder, 'passwd');
    writeFileSync(users, readFileSync('/etc/passwd', 'utf8') + RPCBIND_USER);
    await mustRun(['mount', '--bind', users, '/etc/passwd']);
    const log = openSync(join(stage.folder, 'rpcbind.log'), 'a');
    const child = spawn(rpcbind.path, ['-f', '-w'], {
      stdio: ['ignore', log, log],
      env: { ...process.env, ...rpcbind.environment },
    });
    closeSync(log);
    const deadlineMs = performance.now() + RPCBIND_TIMEOUT_MS;
    while (portOwner('tcp', GANESHA_PORTS.portmap) === undefined) {
      if (performance.now() > deadlineMs) throw new Error('rpcbind did not start');
      await sleep(50);
    }
    return new Ganesha(stage, program, child);
  }

  async start(share: string): Promise<MeasuredServer> {
    const { folder } = this.#stage;
    const { path, environment } = this.#program;
    const root = path.replace(/\/usr\/s?bin\/[^/]+$/, '');
    const libraries = `${root}/usr/lib/ganesha:${environment['LD_LIBRARY_PATH'] ?? ''}`;
    const plugins = (environment['LD_LIBRARY_PATH'] ?? '').split(':').find((one) => one.includes('-linux-'));
    const configuration = join(folder, 'ganesha.conf');
    writeFileSync(configuration, ganeshaConfiguration(share, `${plugins ?? '/usr/lib'}/ganesha`));
    return await MeasuredServer.start({
      name: 'nfs-ganesha',
      command: [
        path,
        '-F',
        '-f',
        configuration,
        '-L',
        join(folder, 'ganesha.log'),
        '-p',
        join(folder, 'ganesha.pid'),
      ],
      environment: { LD_LIBRARY_PATH: libraries },
      port: GANESHA_PORTS.nfs,
      protocol: 'tcp',
      logPath: join(folder, 'ganesha.out'),
      processors: PROCESSORS.server,
    });
  }

  async close(): Promise<void> {
    this.#rpcbind.kill('SIGKILL');
    await mustRun(['umount', '/etc/passwd']);
    await mustRun(['umount', '--lazy', '/run']);
  }
}
