import { BytesElsewhere, MemoryTree as AnyMemoryTree, type Plan } from '../../../lib/suite/memory-tree.ts';

export { BytesElsewhere };

/** What a test puts into a tree: the bytes of a file, where a link leads, or a folder. */
export type Content = Uint8Array | LinkTo | BytesElsewhere | FolderContent;
export interface FolderContent {
  readonly [name: string]: Content;
}

export class LinkTo {
  readonly target: string;

  constructor(target: string) {
    this.target = target;
  }
}

export const MTIME_MS = Date.UTC(2024, 1, 29, 12, 0, 0, 250);

/** A tree in memory whose modes are of every kind, and whose cookies have gaps between them. */
export class MemoryTree extends AnyMemoryTree {
  constructor(content: FolderContent) {
    const modes = { folder: 0o700, file: 0o640, elsewhere: 0o755 };
    super(planOf(content), { mtimeMs: MTIME_MS, modes, cookieStep: 3 });
  }
}

function planOf(content: FolderContent): Plan {
  return Object.fromEntries(
    Object.entries(content).map(([name, what]) => {
      if (what instanceof Uint8Array || what instanceof BytesElsewhere) return [name, what];
      return [name, what instanceof LinkTo ? { link: what.target } : { folder: planOf(what) }];
    }),
  );
}
