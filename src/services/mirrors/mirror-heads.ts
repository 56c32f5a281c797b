import { agrees } from '../../core/mirrors/decide-serving.ts';
import { folderOf, proofInName, roleOf } from '../../core/mirrors/file-role.ts';
import type { Mirror } from '../../core/mirrors/mirror.ts';
import { successorOf } from '../../core/mirrors/successor.ts';
import type { KeptFile } from './mirror-files.ts';
import type { FetchEnd } from './mirror-fetch.ts';
import type { MirrorFetches } from './mirror-fetches.ts';
import type { MirrorKept } from './mirror-kept.ts';
import type { MirrorProofs, ReadList } from './mirror-proofs.ts';

export interface MirrorHeadsNeeds {
  readonly mirror: () => Mirror;
  readonly kept: MirrorKept;
  readonly proofs: MirrorProofs;
  readonly fetches: MirrorFetches;
  readonly nowMs: () => number;
  /** A new set of indexes is in place of another. */
  readonly changed: (folder: string, indexes: number) => void;
}

export type HeadsEnd =
  | { readonly heads: 'same' | 'changed' }
  /** What was here is as it was. */
  | { readonly heads: 'kept'; readonly end: FetchEnd['end']; readonly because: string };

interface Staged {
  readonly path: string;
  readonly end: FetchEnd;
}

/**
 * Heads of one folder (InRelease, Release and its signature; repomd.xml) and the indexes they list are one set. A new
 * one takes the place of the old all at once, when each index that is kept is there too: a machine that reads a head
 * and then its indexes gets what fits together, even while the upstream is half-way to a new set.
 */
export class MirrorHeads {
  readonly #needs: MirrorHeadsNeeds;
  readonly #running = new Map<string, Promise<HeadsEnd>>();

  constructor(needs: MirrorHeadsNeeds) {
    this.#needs = needs;
  }

  /** Asks the upstream for the heads of a folder that are kept, and for one more. */
  refresh(folder: string, more?: string): Promise<HeadsEnd> {
    const key = more ?? folder;
    const running = this.#running.get(key);
    if (running !== undefined) return running;
    // Two at a time for one folder would stage the same files.
    const before = [...this.#running].find(([name]) => folderOf(name) === folderOf(key))?.[1];
    const refreshed = (before?.catch(() => undefined) ?? Promise.resolve())
      .then(() => this.#refresh(folder, more))
      .finally(() => this.#running.delete(key));
    this.#running.set(key, refreshed);
    return refreshed;
  }

  /** Folders with a head that is kept. */
  folders(): readonly string[] {
    return [...new Set(this.#heads().map(({ path }) => folderOf(path)))].sort();
  }

  /** When the upstream last answered for the set that was asked for longest ago; undefined where none is kept. */
  refreshedAtMs(): number | undefined {
    const times = this.#heads().map(({ checkedAtMs }) => checkedAtMs);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  #heads(folder?: string): readonly KeptFile[] {
    const { kind } = this.#needs.mirror();
    return [...this.#needs.kept.all()].filter(
      ({ path }) => (folder === undefined || folderOf(path) === folder) && roleOf(path, kind) === 'head',
    );
  }

  async #refresh(folder: string, more: string | undefined): Promise<HeadsEnd> {
    const { fetches, kept } = this.#needs;
    const known = this.#heads(folder);
    const wanted = new Set([...known.map(({ path }) => path), ...(more === undefined ? [] : [more])]);
    const heads = await Promise.all(
      [...wanted].map(async (path) => ({ path, end: await fetches.stage(path, undefined, kept.get(path)) })),
    );
    try {
      return await this.#takeUp(folder, heads, more);
    } finally {
      for (const { path } of heads) if (fetches.find(path) === undefined) await fetches.dropStaged(path);
    }
  }

  async #takeUp(folder: string, heads: readonly Staged[], more: string | undefined): Promise<HeadsEnd> {
    const { kept } = this.#needs;
    const failed = heads.find(({ path, end }) =>
      isFailure(end, kept.get(path) !== undefined && path !== more),
    );
    if (failed !== undefined && 'because' in failed.end)
      return { heads: 'kept', end: failed.end.end, because: failed.end.because };
    const fresh = heads.filter(({ path, end }) => isNew(end, kept.get(path)));
    if (fresh.length === 0) {
      await this.#confirm(heads);
      return { heads: 'same' };
    }
    const lists = await this.#read(fresh);
    const members = await this.#stageMembers(lists);
    const torn = members.find(({ end }) => end.end !== 'whole' && end.end !== 'missing');
    if (torn !== undefined) {
      await this.#dropStaged(members);
      const because = 'because' in torn.end ? torn.end.because : '';
      return { heads: 'kept', end: torn.end.end, because: `${torn.path}: ${because}` };
    }
    const replaces = fresh.some(({ path }) => kept.get(path) !== undefined);
    await this.#commit([...members, ...heads], lists);
    if (replaces) this.#needs.changed(folder, members.length);
    return { heads: 'changed' };
  }

  async #read(fresh: readonly Staged[]): Promise<ReadonlyMap<string, ReadList>> {
    const lists = new Map<string, ReadList>();
    for (const { path } of fresh) {
      const list = await this.#needs.proofs.read(path, this.#needs.fetches.stagedFile(path));
      if (list !== undefined) lists.set(path, list);
    }
    return lists;
  }

  /** Fetches each index that is kept and that the new heads list with other bytes, or under another name. */
  async #stageMembers(lists: ReadonlyMap<string, ReadList>): Promise<readonly Staged[]> {
    const { kept, fetches, mirror } = this.#needs;
    const staged = this.#stageSuccessors(lists);
    for (const file of kept.all()) {
      if (roleOf(file.path, mirror().kind) === 'head') continue;
      for (const { table, byHash } of lists.values()) {
        const proof = table.find(file.path);
        if (proof === undefined || agrees(file, proof)) continue;
        const { path } = file;
        staged.push(fetches.stage(path, proof, undefined, byHash).then((end) => ({ path, end })));
        break;
      }
    }
    return await Promise.all(staged);
  }

  /**
   * Where an index has its digest for a name, the one that takes its place has another: what machines took of the set
   * before is here of the new one too, so that this serves them when the upstream is gone.
   */
  #stageSuccessors(lists: ReadonlyMap<string, ReadList>): Promise<Staged>[] {
    const { kept, fetches, proofs, mirror } = this.#needs;
    const successors = new Set<string>();
    for (const { path, sha256 } of kept.all()) {
      if (roleOf(path, mirror().kind) !== 'named' || !proofs.isCurrent(sha256)) continue;
      for (const { listed } of lists.values()) {
        const successor = successorOf(path, proofs.listNameOf(path), listed);
        if (successor !== undefined && kept.get(successor) === undefined) successors.add(successor);
      }
    }
    return Array.from(successors, async (path) => ({
      path,
      end: await fetches.stage(path, proofInName(path)),
    }));
  }

  /** Renames, one after another: no machine's request comes between two of them that belong together for long. */
  async #commit(files: readonly Staged[], lists: ReadonlyMap<string, ReadList>): Promise<void> {
    const { kept, fetches, proofs } = this.#needs;
    for (const [path, list] of lists) proofs.put(path, list);
    for (const { path, end } of files) {
      if (end.end === 'whole') await fetches.land(end.file);
      else if (end.end === 'same') await this.#confirm([{ path, end }]);
      else if (end.end === 'missing') {
        await kept.drop(path);
        proofs.drop(path);
      }
    }
    for (const { path, end } of files) {
      if (end.end !== 'whole' || lists.has(path)) continue;
      const name = proofs.listNameOf(path);
      const list = await proofs.read(name, this.#needs.fetches.keptFile(path));
      if (list !== undefined) proofs.put(name, list);
    }
  }

  async #confirm(heads: readonly Staged[]): Promise<void> {
    const { kept, nowMs } = this.#needs;
    for (const { path, end } of heads) {
      const file = kept.get(path);
      if (file === undefined) continue;
      const { etag, lastModified } = end.end === 'whole' ? end.file : file;
      await kept.confirm({ ...file, etag, lastModified, checkedAtMs: nowMs() });
    }
  }

  async #dropStaged(files: readonly Staged[]): Promise<void> {
    for (const { path } of files) await this.#needs.fetches.dropStaged(path);
  }
}

/** @param isOptional that it is missing by now is a change as any other. */
function isFailure(end: FetchEnd, isOptional: boolean): boolean {
  if (end.end === 'whole' || end.end === 'same') return false;
  return !(end.end === 'missing' && isOptional);
}

/** Servers without tags and times send the same bytes again. */
function isNew(end: FetchEnd, before: KeptFile | undefined): boolean {
  if (end.end === 'missing') return before !== undefined;
  return end.end === 'whole' && end.file.sha256 !== before?.sha256;
}
