import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ByteSource } from '../lib/byte-source.ts';
import { makeEtag } from '../protocols/http/conditions.ts';
import { chooseFileResponse, type FileResponse } from '../protocols/http/file-response.ts';
import type { HttpAnswer, Sent } from './http-answer.ts';

/** Bytes read and written at once: smaller costs system calls, larger costs memory for every slow client. */
export const CHUNK_BYTES = 256 * 1024;

/**
 * Sends an answer and says how it went. Rejects only for a fault of ours; a client that goes away is no fault.
 * The source of a file is closed in any case.
 */
export async function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  answer: HttpAnswer,
): Promise<void> {
  const startedMs = performance.now();
  const progress = watchEnd(response);
  const told = (bytes: number): Sent => ({
    status: response.statusCode,
    bytes,
    isComplete: response.writableFinished,
    milliseconds: performance.now() - startedMs,
  });
  if (answer.send === 'text') {
    const { text } = answer;
    const body = typeof text === 'string' ? Buffer.from(text) : text;
    writeTextHead(response, answer, body.length);
    response.end(request.method === 'HEAD' ? undefined : body);
    await progress;
    answer.onSent?.(told(response.writableFinished && request.method !== 'HEAD' ? body.length : 0));
    return;
  }
  let bytes = 0;
  try {
    const part = writeFileHead(request, response, answer);
    if (part === undefined) response.end();
    else bytes = await sendBytes(response, answer.source, part);
    await progress;
  } catch (error) {
    // Its length was promised, so the only way to tell the client is to break off.
    response.destroy();
    throw error;
  } finally {
    await answer.source.close();
    answer.onSent(told(bytes));
  }
}

function writeTextHead(
  response: ServerResponse,
  answer: HttpAnswer & { readonly send: 'text' },
  length: number,
): void {
  response.writeHead(answer.status, {
    'Content-Type': answer.contentType ?? 'text/plain; charset=utf-8',
    'Content-Length': length,
    // Answer files hold what is for one machine, and reasons change.
    'Cache-Control': 'no-store',
    ...(answer.allow === undefined ? {} : { Allow: answer.allow }),
  });
}

/** @returns the bytes to send; undefined when the answer has no body. */
function writeFileHead(
  request: IncomingMessage,
  response: ServerResponse,
  { source, mtimeMs, contentType, cache, etag: given, headers: more }: HttpAnswer & { readonly send: 'file' },
): FileResponse['part'] {
  const { headers, method = '' } = request;
  const etag = given ?? makeEtag(source.size, mtimeMs);
  const lastModified = new Date(mtimeMs).toUTCString();
  const chosen = chooseFileResponse(
    {
      method,
      range: headers.range,
      ifRange: single(headers['if-range']),
      ifMatch: headers['if-match'],
      ifNoneMatch: headers['if-none-match'],
      ifModifiedSince: headers['if-modified-since'],
      ifUnmodifiedSince: headers['if-unmodified-since'],
    },
    source.size,
    { etag, modifiedMs: mtimeMs, lastModified },
  );
  const hasBody = chosen.status === 200 || chosen.status === 206;
  response.writeHead(chosen.status, {
    ...(cache === 'never' ? { 'Cache-Control': 'no-store' } : { 'Last-Modified': lastModified }),
    ...(cache === 'never' || etag === 'none' ? {} : { ETag: etag }),
    ...more,
    'Accept-Ranges': 'bytes',
    ...(hasBody ? { 'Content-Type': contentType } : {}),
    ...(chosen.contentLength === undefined ? {} : { 'Content-Length': chosen.contentLength }),
    ...(chosen.contentRange === undefined ? {} : { 'Content-Range': chosen.contentRange }),
  });
  return chosen.part;
}

/** Node does not list `if-range` among the headers it keeps single, though a second one is dropped. */
function single(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.[0];
}

/** @returns the bytes that the system took; all of them, unless the client went away. */
async function sendBytes(
  response: ServerResponse,
  source: ByteSource,
  { first, length }: NonNullable<FileResponse['part']>,
): Promise<number> {
  const end = first + length;
  let taken = 0;
  let offset = first;
  while (offset < end) {
    const chunk = await source.read(offset, Math.min(CHUNK_BYTES, end - offset));
    if (chunk.length === 0) throw new RangeError(`The file ends at byte ${offset}, ${end} were promised`);
    if (response.destroyed) return taken;
    offset += chunk.length;
    if (offset >= end) {
      // Together with the end, so that a small file is one write with its head.
      response.end(chunk);
      await watchEnd(response);
      return response.writableFinished ? taken + chunk.length : taken;
    }
    const count = (error: unknown): void => {
      if (!error) taken += chunk.length;
    };
    if (!response.write(chunk, count) && !(await drained(response))) return taken;
  }
  response.end();
  return taken;
}

/** False when the connection closed instead. */
function drained(response: ServerResponse): Promise<boolean> {
  return new Promise((resolve) => {
    const done = (isOpen: boolean): void => {
      response.off('drain', onDrain).off('close', onClose);
      resolve(isOpen);
    };
    const onDrain = (): void => done(true);
    const onClose = (): void => done(false);
    response.on('drain', onDrain).on('close', onClose);
    if (response.destroyed) done(false);
  });
}

/** Resolves when the answer is with the system, or the connection is gone. */
function watchEnd(response: ServerResponse): Promise<void> {
  if (response.writableFinished || response.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    response.once('finish', () => resolve()).once('close', () => resolve());
  });
}
