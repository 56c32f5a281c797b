import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BENCH_NETWORK } from '../bench-network.ts';
import type { BenchRow } from '../bench-row.ts';
import { type BenchStage, PROCESSORS } from '../bench-stage.ts';
import { type CaseFiles, FOLDER_PATH } from '../files/case-files.ts';
import type { FileCase } from '../files/file-case.ts';
import { decodeFileReport, type FileDoor, type FilePeer } from '../files/file-door.ts';
import { runFileCase } from '../files/run-file-case.ts';
import { MeasuredServer } from '../measured-server.ts';
import { TYPESCRIPT_NODE } from '../typescript-node.ts';
import type { FtpClients } from './ftp-cases.ts';
import type { FtpLoad } from './ftp-load-wish.ts';
import { vsftpdConfiguration } from './vsftpd-configuration.ts';

const PORT = 21;
const VSFTPD_PORT = 2121;
const LOAD_PROGRAM = fileURLToPath(new URL('./ftp-load.ts', import.meta.url));

interface At {
  readonly port: number;
  readonly folder: string;
}

/** Both have the files at the same path. */
const FTP_DOOR: FileDoor<FtpClients, At> = {
  name: 'ftp',
  port: PORT,
  settings: { MUSTER_MACHINE_HTTP_PORT: 'off', MUSTER_NFS_PORT: 'off' },
  at: (folder) => ({ port: PORT, folder }),
  peer: 'vsftpd',
  preparePeer: prepareVsftpd,
  copy: ({ port, folder }, fileName) => [
    'curl',
    '-sSf',
    `ftp://${BENCH_NETWORK.server}:${port}${folder}/${fileName}`,
  ],
  makeLoad: ({ load, at, files, seconds }) => {
    const { server } = BENCH_NETWORK;
    const wish: FtpLoad = { server, ...at, count: files.count, ...load, seconds };
    return { command: [...TYPESCRIPT_NODE, LOAD_PROGRAM, JSON.stringify(wish)], decode: decodeFileReport };
  },
};

/** Files of an image over FTP, beside vsftpd with the same files at the same path, or from a folder. */
export async function runFtpCase(
  testCase: FileCase<FtpClients>,
  stage: BenchStage,
): Promise<readonly BenchRow[]> {
  return await runFileCase(testCase, FTP_DOOR, stage);
}

async function prepareVsftpd(stage: BenchStage, { root }: CaseFiles): Promise<FilePeer<At> | undefined> {
  const vsftpd = stage.peers.find('vsftpd');
  if (vsftpd === undefined) return undefined;
  const folder = join(stage.folder, 'vsftpd-empty');
  mkdirSync(folder, { recursive: true });
  const configuration = join(stage.folder, 'vsftpd.conf');
  writeFileSync(configuration, vsftpdConfiguration({ folder, root, port: VSFTPD_PORT }));
  return {
    at: { port: VSFTPD_PORT, folder: FOLDER_PATH },
    start: () =>
      MeasuredServer.start({
        name: 'vsftpd',
        command: [vsftpd.path, configuration],
        environment: vsftpd.environment,
        port: VSFTPD_PORT,
        protocol: 'tcp',
        logPath: join(stage.folder, 'vsftpd.log'),
        processors: PROCESSORS.server,
      }),
  };
}
