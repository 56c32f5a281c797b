import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BENCH_NETWORK } from '../bench-network.ts';
import type { BenchRow } from '../bench-row.ts';
import { type BenchStage, PROCESSORS } from '../bench-stage.ts';
import { type CaseFiles, FOLDER_PATH } from '../files/case-files.ts';
import type { FileCase } from '../files/file-case.ts';
import type { FileDoor, FileLoadWish, FilePeer, LoadProgram } from '../files/file-door.ts';
import { runFileCase } from '../files/run-file-case.ts';
import { MeasuredServer } from '../measured-server.ts';
import type { PeerProgram } from '../peer-packages.ts';
import type { HttpLoad } from './http-cases.ts';
import { nginxConfiguration } from './nginx-configuration.ts';
import { decodeWrk, wrkScript } from './wrk.ts';

const PORT = 8080;
/** Of a request: 32 large files at once take some seconds each, and wrk would count those above two as failed. */
const TIMEOUT_SECONDS = 60;
const NGINX_PORT = 8081;

/** Files of an image over HTTP, beside nginx with the same files at the same path. */
export async function runHttpCase(
  testCase: FileCase<HttpLoad>,
  stage: BenchStage,
): Promise<readonly BenchRow[]> {
  const wrk = stage.peers.find('wrk');
  if (wrk !== undefined) return await runFileCase(testCase, httpDoor(wrk), stage);
  stage.leaveOut(`${testCase.name}: the load program wrk is not there`);
  return [];
}

/** Both have the files at the same path. */
function httpDoor(wrk: PeerProgram): FileDoor<HttpLoad, URL> {
  return {
    name: 'http',
    port: PORT,
    settings: {},
    at: (path) => urlOf(PORT, path),
    peer: 'nginx',
    preparePeer: prepareNginx,
    copy: (at, fileName) => ['curl', '-sSf', `${at.href}/${fileName}`],
    makeLoad: (wish, stage) => wrkLoad(wrk, wish, stage),
  };
}

function urlOf(port: number, path: string): URL {
  return new URL(path, `http://${BENCH_NETWORK.server}:${port}`);
}

function wrkLoad(
  { path, environment }: PeerProgram,
  { load, at, files, seconds }: FileLoadWish<HttpLoad, URL>,
  stage: BenchStage,
): LoadProgram {
  const script = join(stage.folder, 'wrk.lua');
  writeFileSync(script, wrkScript(at.pathname, files.count));
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const flags = [
    '-t1',
    `-c${load.connections}`,
    `-d${seconds}s`,
    `--timeout=${TIMEOUT_SECONDS}s`,
    '-s',
    script,
  ];
  return { command: ['env', ...variables, path, ...flags, at.origin], decode: decodeWrk };
}

async function prepareNginx(stage: BenchStage, { root }: CaseFiles): Promise<FilePeer<URL> | undefined> {
  const nginx = stage.peers.find('nginx');
  if (nginx === undefined) return undefined;
  const folder = join(stage.folder, 'nginx');
  mkdirSync(folder, { recursive: true });
  const configuration = join(folder, 'nginx.conf');
  writeFileSync(configuration, nginxConfiguration({ folder, root, port: NGINX_PORT }));
  return {
    at: urlOf(NGINX_PORT, FOLDER_PATH),
    start: () =>
      MeasuredServer.start({
        name: 'nginx',
        command: [nginx.path, '-p', folder, '-c', configuration],
        environment: nginx.environment,
        port: NGINX_PORT,
        protocol: 'tcp',
        logPath: join(stage.folder, 'nginx.log'),
        processors: PROCESSORS.server,
      }),
  };
}
