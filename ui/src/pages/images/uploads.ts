import { type Answer, ask } from '../../data/client.ts';
import { KeyedStore } from '../../data/keyed-store.ts';
import type { Measured } from './progress.ts';
import { rateOf } from './progress.ts';
import { sendFile } from './send-file.ts';

type Arrival = Answer<'getArrival'>;

/** A file on its way from this browser. */
export interface Upload extends Measured {
  readonly fileName: string;
  readonly state: 'sending' | 'broken' | 'arrived' | 'failed';
  /** Its name on the server, once it is known there. */
  readonly arrival?: string;
  readonly because?: string;
  /** What it was recognised as. */
  readonly title?: string;
  readonly image?: string;
}

/** By the name of the file. They go on while other pages are looked at. */
export const uploads = new KeyedStore<Upload>();

const stops = new Map<string, AbortController>();

function put(upload: Upload): void {
  const rows = new Map(uploads.keys().flatMap((key) => pairOf(key)));
  rows.set(upload.fileName, upload);
  uploads.replace(rows);
}

function pairOf(key: string): readonly (readonly [string, Upload])[] {
  const upload = uploads.get(key);
  return upload ? [[key, upload]] : [];
}

/** Takes it out of the list; what is still being sent ends. */
export function forgetUpload(fileName: string): void {
  stops.get(fileName)?.abort();
  stops.delete(fileName);
  uploads.replace(new Map(uploads.keys().flatMap((key) => (key === fileName ? [] : pairOf(key)))));
}

/** The same file is not sent twice at one time. */
export async function upload(file: File): Promise<void> {
  const before = uploads.get(file.name);
  if (before?.state === 'sending' || before?.state === 'broken') return;
  const stop = new AbortController();
  stops.set(file.name, stop);
  put({ fileName: file.name, bytes: file.size, here: 0, state: 'sending' });
  try {
    const arrival = await sendFile({ file, signal: stop.signal, tell: follower(file) });
    await told(file, arrival);
  } catch (error) {
    if (stop.signal.aborted) return;
    put({ ...known(file), state: 'failed', because: error instanceof Error ? error.message : String(error) });
  } finally {
    if (stops.get(file.name) === stop) stops.delete(file.name);
  }
}

function known(file: File): Upload {
  return uploads.get(file.name) ?? { fileName: file.name, bytes: file.size, here: 0, state: 'sending' };
}

function follower(file: File): (arrival: Arrival, isBroken: boolean) => void {
  let began: { readonly atMs: number; readonly here: number } | undefined;
  return ({ name, here }, isBroken) => {
    // After a break the rate is measured anew: the time nothing was sent says nothing of how fast it goes.
    began = isBroken ? undefined : (began ?? { atMs: performance.now(), here });
    const bytesPerSecond = began && rateOf(here - began.here, began.atMs, performance.now());
    put({
      fileName: file.name,
      arrival: name,
      bytes: file.size,
      here,
      bytesPerSecond,
      state: isBroken ? 'broken' : 'sending',
    });
  };
}

async function told(file: File, { state, because, image, note }: Arrival): Promise<void> {
  if (state === 'failed' || image === undefined) {
    put({ ...known(file), state: 'failed', ...(because === undefined ? {} : { because }) });
    return;
  }
  const { title } = await ask('getImage', { params: { name: image } });
  put({
    ...known(file),
    state: 'arrived',
    here: file.size,
    image,
    title,
    ...(note === undefined ? {} : { because: note }),
  });
}
