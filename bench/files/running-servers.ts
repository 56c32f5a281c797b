import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Image } from '../../src/contract/image-schemas.ts';
import { type BenchStage, PROCESSORS } from '../bench-stage.ts';
import type { MeasuredServer } from '../measured-server.ts';
import { MusterUnderTest } from '../muster-under-test.ts';
import { MUSTER } from '../turns.ts';
import { type CaseFiles, FOLDER_PATH, IMAGES } from './case-files.ts';
import { PLAIN_FILE } from './file-case.ts';
import type { FileDoor } from './file-door.ts';

const CHECKSUM_TIMEOUT_MS = 120_000;
const CHECKSUM_LOOK_MS = 500;
/** Of every benchmark of files. */
const SETTINGS = { MUSTER_DHCP_PORT: 'off', MUSTER_TFTP_PORT: 'off' } as const;

/** A server that is there, and where it has the files. */
export interface FileContender<At> {
  readonly name: string;
  readonly server: MeasuredServer;
  readonly at: At;
}

/**
 * The servers that a case compares, all of them there at the same time: one computer is faster in one minute than in the next, by a third here, so
 * they take turns that follow closely. None does anything while it is not asked.
 */
export class RunningServers<At> {
  readonly contenders: readonly FileContender<At>[];
  readonly #closings: readonly (() => Promise<void>)[];

  private constructor(contenders: readonly FileContender<At>[], closings: readonly (() => Promise<void>)[]) {
    this.contenders = contenders;
    this.#closings = closings;
  }

  /** @throws Error when one of them does not serve; none is left then. */
  static async start<Load, At>(
    door: FileDoor<Load, At>,
    stage: BenchStage,
    { caseName, files }: { readonly caseName: string; readonly files: CaseFiles },
  ): Promise<RunningServers<At>> {
    const closings: (() => Promise<void>)[] = [];
    try {
      const server = await startMuster(door, stage, { caseName, files });
      closings.push(() => server.stop());
      const muster = (name: string, path: string) => ({ name, server, at: door.at(path) });
      if (files.disc !== undefined) {
        const both = [muster(MUSTER, IMAGES.disc.path), muster(PLAIN_FILE, FOLDER_PATH)];
        return new RunningServers(both, closings);
      }
      const ours = muster(MUSTER, FOLDER_PATH);
      const peer = await door.preparePeer(stage, files);
      if (peer === undefined) {
        stage.leaveOut(`${caseName} on ${door.peer}: it is not there`);
        return new RunningServers([ours], closings);
      }
      closings.push(async () => await peer.close?.());
      const theirs = await peer.start();
      closings.push(() => theirs.stop());
      return new RunningServers([ours, { name: door.peer, server: theirs, at: peer.at }], closings);
    } catch (error) {
      await closeAll(closings);
      throw error;
    }
  }

  async close(): Promise<void> {
    await closeAll(this.#closings);
  }
}

/** The last that was begun is ended first. */
async function closeAll(closings: readonly (() => Promise<void>)[]): Promise<void> {
  for (const close of closings.toReversed()) await close();
}

async function startMuster<Load, At>(
  door: FileDoor<Load, At>,
  stage: BenchStage,
  { caseName, files }: { readonly caseName: string; readonly files: CaseFiles },
): Promise<MeasuredServer> {
  const muster = await MusterUnderTest.start({
    folder: join(stage.folder, `data-${door.name}-${caseName}`),
    port: door.port,
    protocol: 'tcp',
    processors: PROCESSORS.server,
    settings: { ...SETTINGS, ...door.settings },
  });
  try {
    await addImage(muster, IMAGES.folder.name, files.folder);
    if (files.disc !== undefined) await addImage(muster, IMAGES.disc.name, files.disc);
    return muster.server;
  } catch (error) {
    await muster.server.stop();
    throw error;
  }
}

/** The checksum is computed in the background, by the server's own processor, and is no cost of reading: until it is known. */
async function addImage(muster: MusterUnderTest, name: string, source: string): Promise<void> {
  await muster.command(['image', 'add', source, '--as', 'files', '--name', name]);
  const deadlineMs = performance.now() + CHECKSUM_TIMEOUT_MS;
  for (;;) {
    const image = Image.parse(JSON.parse(await muster.command(['image', 'show', name, '-o', 'json'])));
    if (image.checksum.state !== 'waiting') return;
    if (performance.now() > deadlineMs)
      throw new Error(`The checksum of the image ${name} is not computed in time`);
    await sleep(CHECKSUM_LOOK_MS);
  }
}
