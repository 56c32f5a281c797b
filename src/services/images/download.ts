import { decideDownload } from '../../core/images/decide-download.ts';
import type { PartFile } from './part-file.ts';

/** More of them are a circle, or a trap. */
const MAX_REDIRECTS = 5;
/** A server that sends nothing for so long is asked anew. */
const SILENCE_MS = 60_000;
/** Where the size is not known, it is looked at the free disk again after so many bytes. */
const LOOK_EVERY_BYTES = 64 * 1024 * 1024;

export interface DownloadWish {
  readonly url: string;
  /** What the other server called the version whose first bytes are here. */
  readonly validator?: string | undefined;
  readonly part: PartFile;
  readonly fetch: typeof fetch;
  readonly enough: AbortSignal;
  /** The size and the version, as soon as they are known. */
  readonly learned: (facts: { readonly bytes?: number; readonly validator?: string }) => Promise<void>;
}

export type Downloaded =
  | { readonly done: true }
  /** `again`: it may go better another time. `spoilt`: what is here is of no use. */
  | { readonly done: false; readonly because: string; readonly again: boolean; readonly spoilt?: true };

/** One try to load a file, or the rest of one. */
export async function download(wish: DownloadWish): Promise<Downloaded> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    return await ask(wish, AbortSignal.any([wish.enough, silence.signal]), () => timer.refresh());
  } catch (error) {
    if (wish.enough.aborted) return { done: false, because: 'it was stopped', again: false };
    const because = silence.signal.aborted
      ? `the server sent nothing for ${SILENCE_MS / 1000} s`
      : reasonOfFetch(error);
    return { done: false, because, again: true };
  } finally {
    clearTimeout(timer);
    // Whatever else would come of an answer that was enough is not waited for.
    silence.abort();
  }
}

async function ask(wish: DownloadWish, signal: AbortSignal, heard: () => void): Promise<Downloaded> {
  const { part, validator } = wish;
  let { url } = wish;
  // Parts of two versions must not become one file, so without a word for the version it begins anew.
  const here = validator === undefined ? 0 : part.bytes;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const response = await wish.fetch(url, {
      // Compressed on the way, the offsets of parts would be of other bytes.
      headers: {
        'accept-encoding': 'identity',
        ...(here === 0 || validator === undefined ? {} : { range: `bytes=${here}-`, 'if-range': validator }),
      },
      redirect: 'manual',
      signal,
    });
    heard();
    const header = (name: string): string | undefined => response.headers.get(name) ?? undefined;
    const step = decideDownload({ status: response.status, header }, here, url);
    if (step.go === 'on' || step.go === 'anew') {
      if (step.go === 'anew') await part.empty();
      if (response.status !== 416) return await take(wish, response, step, heard);
    }
    if (step.go === 'anew')
      return { done: false, because: 'the file there is another one by now', again: true };
    if (step.go === 'whole') return { done: true };
    if (step.go === 'no') return { done: false, because: step.because, again: step.again };
    if (step.go === 'elsewhere') url = step.url;
  }
  return { done: false, because: `the server sends on more than ${MAX_REDIRECTS} times`, again: false };
}

async function take(
  { part, learned }: DownloadWish,
  response: Response,
  { bytes, validator }: { readonly bytes: number | undefined; readonly validator: string | undefined },
  heard: () => void,
): Promise<Downloaded> {
  await learned({
    ...(bytes === undefined ? {} : { bytes }),
    ...(validator === undefined ? {} : { validator }),
  });
  let looked = part.bytes;
  const room = await part.room((bytes ?? part.bytes) - part.bytes);
  if (!room.kept) return full(room.because);
  for await (const piece of response.body ?? []) {
    heard();
    const kept = await part.add(piece as Uint8Array);
    if (!kept.kept) return full(kept.because);
    if (bytes !== undefined && part.bytes > bytes)
      return { done: false, because: 'the server sends more than it said', again: false, spoilt: true };
    if (part.bytes - looked < LOOK_EVERY_BYTES) continue;
    looked = part.bytes;
    const more = await part.room(LOOK_EVERY_BYTES);
    if (!more.kept) return full(more.because);
  }
  if (bytes !== undefined && part.bytes < bytes)
    return {
      done: false,
      because: `the connection broke after ${part.bytes} of ${bytes} bytes`,
      again: true,
    };
  return { done: true };
}

function full(because: string): Downloaded {
  return { done: false, because, again: false, spoilt: true };
}

/** Node hides why under `cause`. */
function reasonOfFetch(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return reasonOfFetch(error.cause);
  return 'code' in error && typeof error.code === 'string'
    ? `${error.message} (${error.code})`
    : error.message;
}
