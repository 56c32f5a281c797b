import { setTimeout as sleep } from 'node:timers/promises';
import { decideServing } from '../../core/mirrors/decide-serving.ts';
import { type FileRole, folderOf, roleOf } from '../../core/mirrors/file-role.ts';
import type { Mirror } from '../../core/mirrors/mirror.ts';
import type { Proof } from '../../core/mirrors/proof.ts';
import { Recently } from '../../core/events/recently.ts';
import { type Answered, etagOf, type MirrorAnswer, modifiedMsOf, no } from './mirror-answer.ts';
import type { MirrorCounts, MirrorOutcome } from './mirror-counts.ts';
import type { KeptFile } from './mirror-files.ts';
import type { FetchEnd, MirrorFetch } from './mirror-fetch.ts';
import type { MirrorParts } from './mirror-parts.ts';
import { openComing, passThrough } from './mirror-passing.ts';
import { MirrorRefusals } from './mirror-refusals.ts';
import { keptSource } from './mirror-sources.ts';

/** How long a machine waits for the upstream's word on a file that is here, in milliseconds; then it gets that. */
const PATIENCE_MS = 5_000;

export interface MirrorKeeperNeeds {
  readonly mirror: () => Mirror;
  readonly parts: MirrorParts;
  readonly counts: MirrorCounts;
  readonly nowMs: () => number;
  readonly checkEveryMs: number;
}

/** Answers the requests of machines for the files of one mirror. */
export class MirrorKeeper {
  readonly #needs: MirrorKeeperNeeds;
  readonly #refusals: MirrorRefusals;
  readonly #toldFull = new Recently({ keepMs: 600_000, keys: 1 });

  constructor(needs: MirrorKeeperNeeds) {
    this.#needs = needs;
    this.#refusals = new MirrorRefusals(needs.nowMs);
  }

  /** @param path of parts as `parseRequestPath` gives them. */
  async open(path: string): Promise<MirrorAnswer> {
    await this.#needs.parts.ready;
    const { outcome, ...answer } = await this.#open(path);
    this.#needs.counts.requests.count(outcome);
    return answer;
  }

  /** Somebody wants to know anew what was refused. */
  forgetRefusals(): void {
    this.#refusals.clear();
  }

  async #open(path: string): Promise<Answered> {
    const { mirror, parts, nowMs, checkEveryMs } = this.#needs;
    const { kind, mode } = mirror();
    const role = roleOf(path, kind);
    const remembered = this.#refusals.find(path);
    if (remembered !== undefined && mode === 'online') return remembered;
    const proof = await parts.proofOf(path, role);
    const kept = parts.kept.get(path);
    const plan = decideServing({ role, kept, proof, mode, nowMs: nowMs(), checkEveryMs });
    switch (plan.do) {
      case 'refuse':
        return this.#notHere(path, role, plan.because);
      case 'serve':
        return (
          (kept && (await this.#serve(kept, 'hit', proof))) ??
          (await this.#fetch(path, role, proof, undefined))
        );
      case 'check':
      case 'fetch':
        return role === 'head'
          ? await this.#head(path, kept)
          : await this.#fetch(path, role, proof, plan.do === 'check' ? kept : undefined);
      default:
        return plan satisfies never;
    }
  }

  async #head(path: string, kept: KeptFile | undefined): Promise<Answered> {
    const { parts } = this.#needs;
    const rests = parts.reach.restsNow ? (parts.reach.unreachable?.because ?? '') : undefined;
    if (rests !== undefined)
      return kept === undefined ? this.#notHere(path, 'head', rests) : await this.#staleOr(kept, rests);
    const refreshed = parts.heads.refresh(folderOf(path), path);
    const end = kept === undefined ? await refreshed : await orPatience(refreshed);
    if (end === undefined) return await this.#staleOr(kept, 'the upstream takes its time');
    const now = parts.kept.get(path);
    if (end.heads !== 'kept') {
      return (
        (now && (await this.#serve(now, kept === now ? 'hit' : 'miss'))) ??
        this.#refusals.remember(path, no('missing', 'the upstream has no such file'))
      );
    }
    if (now !== undefined) return await this.#staleOr(now, end.because);
    if (end.end === 'unreachable') return this.#notHere(path, 'head', end.because);
    const kind = end.end === 'missing' ? 'missing' : 'wrong';
    return this.#refusals.remember(path, no(kind, end.because));
  }

  async #fetch(
    path: string,
    role: FileRole,
    proof: Proof | undefined,
    known: KeptFile | undefined,
  ): Promise<Answered> {
    const { parts } = this.#needs;
    const before = parts.kept.get(path);
    const running = parts.fetches.find(path);
    if (running === undefined && parts.reach.restsNow)
      return await this.#staleOr(
        proof === undefined ? before : undefined,
        parts.reach.unreachable?.because ?? '',
      );
    const begun = parts.fetches.begin(path, proof, known);
    if (begun === undefined)
      return no('busy', 'so many files are fetched now that this one has to wait: ask again');
    const outcome = running === undefined ? 'miss' : 'shared';
    if (known !== undefined) {
      const end = await orPatience(begun.settled);
      return await this.#afterEnd(
        path,
        role,
        end ?? { end: 'unreachable', because: 'the upstream takes its time' },
        outcome,
      );
    }
    const coming = await openComing(begun.fetch, role, outcome, this.#needs);
    if (coming !== undefined) {
      if (begun.fetch.wish.proof !== undefined && outcome === 'miss') this.#askAgain(begun.fetch, role);
      return coming;
    }
    return await this.#afterEnd(path, role, await begun.settled, outcome);
  }

  /**
   * The upstream cannot be asked. Of a set that is kept, heads that are not here were not there either: apt asks for
   * Release only where there is no InRelease, and must hear that again (404) and not of a trouble (504).
   */
  #notHere(path: string, role: FileRole, because: string): Answered {
    const isOfSet = role === 'head' && this.#needs.parts.heads.folders().includes(folderOf(path));
    return no(isOfSet ? 'missing' : 'unreachable', because);
  }

  /** Those who read it never get its last byte where it is wrong; whoever tries again shall find it. */
  #askAgain({ wish: { path } }: MirrorFetch, role: FileRole): void {
    const { fetches, failed } = this.#needs.parts;
    const again = async (): Promise<void> => {
      const end = await fetches.settledOf(path);
      if (end?.end !== 'mismatch') return;
      const answer = await this.#afterMismatch(path, role, end.because);
      if (answer.found) await answer.source.close();
    };
    again().catch(failed);
  }

  async #afterEnd(path: string, role: FileRole, end: FetchEnd, outcome: MirrorOutcome): Promise<Answered> {
    const { parts, nowMs } = this.#needs;
    const kept = parts.kept.get(path);
    switch (end.end) {
      case 'whole':
        return (
          (kept && (await this.#serve(kept, outcome))) ??
          no('wrong', 'the file was taken away while it was opened')
        );
      case 'same': {
        if (kept === undefined)
          return no('wrong', 'the upstream says that a file is current that is not here');
        const checked = { ...kept, checkedAtMs: nowMs() };
        await parts.kept.confirm(checked);
        return (
          (await this.#serve(checked, 'hit')) ?? no('wrong', 'the file was taken away while it was opened')
        );
      }
      case 'missing':
        return this.#refusals.remember(path, no('missing', end.because));
      case 'mismatch':
        return await this.#afterMismatch(path, role, end.because);
      case 'no room':
        if (!this.#toldFull.isRepeated('full', '', nowMs())) parts.tellFull(end.because);
        return await passThrough(path, end.because, this.#needs);
      case 'unreachable':
      case 'failed': {
        // A file that the index no longer means is of no use.
        const proof = parts.proofs.find(path);
        if (kept !== undefined && proof === undefined) return await this.#staleOr(kept, end.because);
        return end.end === 'failed'
          ? this.#refusals.remember(path, no('wrong', end.because))
          : no('unreachable', end.because);
      }
      default:
        return end satisfies never;
    }
  }

  /** Asked for again once, by the index as it is now. */
  async #afterMismatch(path: string, role: FileRole, because: string): Promise<Answered> {
    const { parts } = this.#needs;
    if (role === 'index') await parts.heads.refresh(parts.headFolderOf(path)).catch(() => undefined);
    const again = parts.fetches.begin(path, parts.proofs.find(path));
    const end = await again?.settled;
    const kept = parts.kept.get(path);
    if (end?.end === 'whole' && kept !== undefined) {
      const served = await this.#serve(kept, 'miss');
      if (served !== undefined) return served;
    }
    return this.#refusals.remember(
      path,
      no('wrong', `the upstream gives another file than its index says: ${because}`),
    );
  }

  async #staleOr(kept: KeptFile | undefined, because: string): Promise<Answered> {
    const served = kept && (await this.#serve(kept, 'stale', undefined, because));
    return served ?? no('unreachable', because);
  }

  async #serve(
    kept: KeptFile,
    outcome: MirrorOutcome,
    proof?: Proof,
    stale?: string,
  ): Promise<(Answered & { readonly found: true }) | undefined> {
    const { parts, nowMs, counts, mirror } = this.#needs;
    const handle = await parts.kept.openFile(kept);
    if (handle === undefined) return undefined;
    // An index came after it that vouches for it.
    if (kept.proof === undefined && proof !== undefined) await parts.kept.confirm({ ...kept, proof });
    else if (kept.proof === undefined && roleOf(kept.path, mirror().kind) !== 'head') counts.unverified += 1;
    return {
      found: true,
      source: keptSource(handle, kept.bytes),
      modifiedMs: modifiedMsOf(kept.lastModified, kept.checkedAtMs),
      etag: etagOf(kept.sha256),
      ageSeconds: Math.max(0, Math.floor((nowMs() - kept.checkedAtMs) / 1000)),
      stale: stale ?? (mirror().mode === 'offline' ? 'the mirror is set offline' : undefined),
      outcome,
    };
  }
}

/** Undefined where it takes longer; it goes on all the same. */
async function orPatience<T>(promise: Promise<T>): Promise<T | undefined> {
  const enough = new AbortController();
  try {
    return await Promise.race([
      promise,
      sleep(PATIENCE_MS, undefined, { signal: enough.signal, ref: false }),
    ]);
  } finally {
    enough.abort();
  }
}
