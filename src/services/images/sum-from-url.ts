import { checksumListNames, MAX_CHECKSUM_LIST_BYTES, sha256In } from '../../core/images/checksum-list.ts';
import { lastPartOf } from '../../core/images/arrival.ts';
import type { ExpectedSum } from '../../core/images/image-condition.ts';

/** A list of checksums is small; whoever takes longer has none. */
const ANSWER_MS = 10_000;

/** What a list beside a file on another server says of it; undefined where none says anything. */
export async function sumFromUrl(
  url: string,
  { fetch: load, enough }: { readonly fetch: typeof fetch; readonly enough: AbortSignal },
): Promise<ExpectedSum | undefined> {
  const fileName = lastPartOf(url);
  for (const name of checksumListNames(fileName)) {
    const list = new URL(encodeURIComponent(name), url);
    const text = await smallText(list.href, load, AbortSignal.any([enough, AbortSignal.timeout(ANSWER_MS)]));
    const sha256 = text === undefined ? undefined : sha256In(text, fileName);
    if (sha256 !== undefined) return { sha256, from: list.href };
    if (enough.aborted) return undefined;
  }
  return undefined;
}

/** Undefined for whatever is no small text at that very place. */
async function smallText(url: string, load: typeof fetch, signal: AbortSignal): Promise<string | undefined> {
  const end = new AbortController();
  try {
    // Many servers answer a name that is not there with a page of theirs, to which they send on.
    const response = await load(url, { redirect: 'error', signal: AbortSignal.any([signal, end.signal]) });
    if (response.status !== 200) return undefined;
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    for await (const piece of response.body ?? []) {
      bytes += (piece as Uint8Array).length;
      if (bytes > MAX_CHECKSUM_LIST_BYTES) return undefined;
      pieces.push(piece as Uint8Array);
    }
    return Buffer.concat(pieces).toString('utf8');
  } catch {
    return undefined; // Then it says nothing.
  } finally {
    end.abort();
  }
}
