import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { KeptFile } from './mirror-files.ts';
import type { MirrorParts } from './mirror-parts.ts';

/** How far a look through all that is kept is. */
export interface MirrorCheck {
  readonly state: 'running' | 'done';
  readonly files: number;
  readonly checked: number;
  readonly damaged: number;
  readonly endedAtMs?: number;
}

export interface CheckNeeds {
  readonly nowMs: () => number;
  readonly told: (check: MirrorCheck) => void;
  readonly damaged: (path: string, because: string) => void;
}

/** Reads every file that is kept. What is not what it was when it came is thrown away, and fetched when it is asked for. */
export async function checkKept({ kept, files }: MirrorParts, needs: CheckNeeds): Promise<void> {
  const all = [...kept.all()];
  let [checked, damaged] = [0, 0];
  const tell = (state: MirrorCheck['state']): void =>
    needs.told({
      state,
      files: all.length,
      checked,
      damaged,
      ...(state === 'done' ? { endedAtMs: needs.nowMs() } : {}),
    });
  tell('running');
  for (const file of all) {
    const because = await objectionTo(file, files.bodyOf(file.path));
    checked += 1;
    // Another one may have come to its place meanwhile.
    if (because !== undefined && kept.get(file.path)?.sha256 === file.sha256) {
      damaged += 1;
      await kept.drop(file.path);
      needs.damaged(file.path, because);
    }
    tell('running');
  }
  tell('done');
}

async function objectionTo({ sha256 }: KeptFile, body: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    for await (const piece of createReadStream(body, { highWaterMark: 2 ** 20 }))
      hash.update(piece as Buffer);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const now = hash.digest('hex');
  return now === sha256 ? undefined : `its sha256 is ${now.slice(0, 16)}…, and was ${sha256.slice(0, 16)}…`;
}
