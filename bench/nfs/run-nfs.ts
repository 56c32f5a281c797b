import { fileURLToPath } from 'node:url';
import { BENCH_NETWORK } from '../bench-network.ts';
import type { BenchRow } from '../bench-row.ts';
import type { BenchStage } from '../bench-stage.ts';
import type { CaseFiles } from '../files/case-files.ts';
import type { FileCase } from '../files/file-case.ts';
import { decodeFileReport, type FileDoor, type FilePeer } from '../files/file-door.ts';
import { runFileCase } from '../files/run-file-case.ts';
import { TYPESCRIPT_NODE } from '../typescript-node.ts';
import { Ganesha, GANESHA_PORTS } from './ganesha-server.ts';
import type { NfsLoad, NfsReads } from './nfs-load-wish.ts';

const PORT = 2049;
const LOAD_PROGRAM = fileURLToPath(new URL('./nfs-load.ts', import.meta.url));

/** Muster answers MOUNT on the port of NFS, other servers on one of its own. */
type Share = Pick<NfsLoad, 'share' | 'nfsPort' | 'mountPort'>;

const NFS_DOOR: FileDoor<NfsReads, Share> = {
  name: 'nfs',
  port: PORT,
  settings: { MUSTER_NFS_PORTMAP: 'off' },
  at: (share) => ({ share, nfsPort: PORT, mountPort: PORT }),
  peer: 'nfs-ganesha',
  preparePeer: prepareGanesha,
  copy: ({ share, nfsPort, mountPort }, fileName) => [
    'nfs-cat',
    `nfs://${BENCH_NETWORK.server}${share}/${fileName}?nfsport=${nfsPort}&mountport=${mountPort}`,
  ],
  makeLoad: ({ load, at, files, seconds }) => {
    const { server } = BENCH_NETWORK;
    const file = { fileName: 'file-0', fileBytes: files.bytes };
    const wish: NfsLoad = { ...load, ...at, ...file, server, seconds };
    return { command: [...TYPESCRIPT_NODE, LOAD_PROGRAM, JSON.stringify(wish)], decode: decodeFileReport };
  },
};

/** READs of one large file over TCP, beside nfs-ganesha with the same file, or beside the file outside of a disc image. */
export async function runNfsCase(
  testCase: FileCase<NfsReads>,
  stage: BenchStage,
): Promise<readonly BenchRow[]> {
  return await runFileCase(testCase, NFS_DOOR, stage);
}

async function prepareGanesha(
  stage: BenchStage,
  { folder }: CaseFiles,
): Promise<FilePeer<Share> | undefined> {
  const ganesha = await Ganesha.prepare(stage);
  return (
    ganesha && {
      at: { share: folder, nfsPort: GANESHA_PORTS.nfs, mountPort: GANESHA_PORTS.mount },
      start: () => ganesha.start(folder),
      close: () => ganesha.close(),
    }
  );
}
