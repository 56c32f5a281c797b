import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { mustRun, runProgram } from '../../../src/lab/run-program.ts';

/** Signs one mirror and is thrown away. */
export interface MirrorKey {
  /** Its public half, armoured. */
  readonly armoured: string;
  /** Writes `InRelease` and `Release.gpg` beside the `Release` of this suite. */
  sign(suite: string): Promise<void>;
  /** Ends gpg's agent, which would hold the folder. */
  close(): Promise<void>;
}

const OWNER = 'Mirror of a Muster test <nobody@localhost>';

/** The mirror is signed, since debootstrap in the installer stops where `InRelease` is missing. */
export async function makeMirrorKey(home: string): Promise<MirrorKey> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  const gpg = ['gpg', '--homedir', home, '--batch', '-q', '--yes'];
  await mustRun([...gpg, '--passphrase', '', '--quick-gen-key', OWNER, 'rsa2048', 'sign', 'never']);
  const exported = await mustRun([...gpg, '--armor', '--export']);
  return {
    armoured: exported.toString('utf8'),
    async sign(suite) {
      await mustRun([...gpg, '--clearsign', '-o', join(suite, 'InRelease'), join(suite, 'Release')]);
      await mustRun([...gpg, '-abs', '-o', join(suite, 'Release.gpg'), join(suite, 'Release')]);
    },
    async close() {
      await runProgram(['gpgconf', '--homedir', home, '--kill', 'all']);
    },
  };
}
