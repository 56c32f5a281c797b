import type { FileRole } from '../../core/mirrors/file-role.ts';
import { type Answered, etagOf, modifiedMsOf, no } from './mirror-answer.ts';
import type { MirrorCounts, MirrorOutcome } from './mirror-counts.ts';
import type { MirrorFetch } from './mirror-fetch.ts';
import { openRegular } from './mirror-files.ts';
import type { MirrorParts } from './mirror-parts.ts';
import { comingSource, upstreamSource } from './mirror-sources.ts';

/** Up to so many bytes a file is sent only once it is whole, so that a wrong one is asked for again unnoticed. */
const WHOLE_FIRST_BYTES = 2 ** 20;

export interface PassingNeeds {
  readonly parts: MirrorParts;
  readonly counts: MirrorCounts;
  readonly nowMs: () => number;
}

/** To be sent while it comes; undefined where it is better, or has, to be waited for its end. */
export async function openComing(
  fetch: MirrorFetch,
  role: FileRole,
  outcome: MirrorOutcome,
  { parts, nowMs, counts }: PassingNeeds,
): Promise<Answered | undefined> {
  while (fetch.partial.facts.bytes === undefined && fetch.ended === undefined && fetch.partial.have === 0)
    await fetch.moved();
  const { bytes, lastModified } = fetch.partial.facts;
  if (fetch.ended !== undefined || bytes === undefined || bytes <= WHOLE_FIRST_BYTES || role === 'index')
    return undefined;
  const { path, proof, from } = fetch.wish;
  const handle = await openRegular(parts.files.partialOf(path));
  if (handle === undefined) return undefined;
  const direct = upstreamSource(parts.upstream, from[0] ?? path, bytes, parts.received);
  const etag = proof?.algorithm === 'sha256' ? etagOf(proof.hex) : undefined;
  if (proof === undefined) counts.unverified += 1;
  return {
    found: true,
    source: comingSource(fetch, handle, bytes, direct),
    modifiedMs: modifiedMsOf(lastModified, nowMs()),
    etag,
    ageSeconds: 0,
    stale: undefined,
    outcome,
  };
}

/** Past the cache, which has no room. @param because why. */
export async function passThrough(
  path: string,
  because: string,
  { parts, nowMs, counts }: PassingNeeds,
): Promise<Answered> {
  const answer = await parts.upstream.get(path);
  if (answer.got === 'nothing') return no('unreachable', answer.because);
  answer.body.destroy();
  const { status, contentLength, lastModified } = answer.head;
  if (status !== 200 || contentLength === undefined) return no('wrong', because);
  counts.unverified += 1;
  return {
    found: true,
    source: upstreamSource(parts.upstream, path, contentLength, parts.received),
    modifiedMs: modifiedMsOf(lastModified, nowMs()),
    etag: undefined,
    ageSeconds: 0,
    stale: undefined,
    outcome: 'direct',
  };
}
