import type { FileResponse } from './file-response.ts';
import type { ServedFile } from './plane-messages.ts';

const REASONS: Readonly<Record<FileResponse['status'], string>> = {
  200: 'OK',
  206: 'Partial Content',
  304: 'Not Modified',
  412: 'Precondition Failed',
  416: 'Range Not Satisfiable',
};

/**
 * The head of an answer with a file, or a part of it, or none of it (RFC 9112 §4, RFC 9110 §8, §15).
 *
 * @param date as HTTP writes it: `Sat, 03 Feb 2024 04:05:06 GMT`.
 */
export function fileResponseHead(
  { status, contentLength, contentRange }: FileResponse,
  { validators: { etag, lastModified }, contentType }: Pick<ServedFile, 'validators' | 'contentType'>,
  { keepsOpen, date }: { readonly keepsOpen: boolean; readonly date: string },
): string {
  const hasBody = status === 200 || status === 206;
  return [
    `HTTP/1.1 ${status} ${REASONS[status]}\r\nDate: ${date}\r\nETag: ${etag}\r\nLast-Modified: ${lastModified}\r\nAccept-Ranges: bytes\r\n`,
    hasBody ? `Content-Type: ${contentType}\r\n` : '',
    contentLength === undefined ? '' : `Content-Length: ${contentLength}\r\n`,
    contentRange === undefined ? '' : `Content-Range: ${contentRange}\r\n`,
    keepsOpen ? 'Connection: keep-alive\r\n\r\n' : 'Connection: close\r\n\r\n',
  ].join('');
}
