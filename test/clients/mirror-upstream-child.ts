/**
 * A plain upstream: serves a folder over HTTP with ranges and conditions, says each request on standard output, and
 * sends files below `slow/` a little at a time.
 */
import { createReadStream, statSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { join } from 'node:path';

const SLOW_PIECE_BYTES = 64 * 1024;
const SLOW_EVERY_MS = 20;

const [folder = '.', address = '127.0.0.1', port = '8000'] = process.argv.slice(2);

const server = createServer((request, response) => {
  const path = decodeURIComponent((request.url ?? '/').slice(1));
  console.log(`${request.method} ${path} ${request.headers.range ?? ''}`.trim());
  const stats = statSync(join(folder, path), { throwIfNoEntry: false });
  if (!stats?.isFile()) {
    response.writeHead(404).end();
    return;
  }
  const lastModified = stats.mtime.toUTCString();
  if (request.headers['if-modified-since'] === lastModified) {
    response.writeHead(304).end();
    return;
  }
  const [, first] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
  const start = Number(first ?? 0);
  const head = { 'Last-Modified': lastModified, 'Content-Length': stats.size - start };
  if (first === undefined) response.writeHead(200, head);
  else
    response.writeHead(206, { ...head, 'Content-Range': `bytes ${start}-${stats.size - 1}/${stats.size}` });
  if (path.startsWith('slow/')) void sendSlowly(join(folder, path), start, response);
  else createReadStream(join(folder, path), { start }).pipe(response);
});
server.listen(Number(port), address, () => console.log('listening'));

async function sendSlowly(file: string, start: number, response: ServerResponse): Promise<void> {
  for await (const piece of createReadStream(file, { start, highWaterMark: SLOW_PIECE_BYTES })) {
    if (response.destroyed) return;
    response.write(piece);
    await new Promise((resolve) => setTimeout(resolve, SLOW_EVERY_MS));
  }
  response.end();
}
