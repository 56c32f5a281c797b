import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Mirror } from '../../core/mirrors/mirror.ts';
import type { MirrorStore } from '../../core/mirrors/mirror-store.ts';
import type { Happening } from '../event-log.ts';
import type { MirrorAnswer } from '../mirrors/mirror-answer.ts';
import { MirrorService, type MirrorServiceNeeds } from '../mirrors/mirror-service.ts';

export const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

/** Answers in place of the file; true when it did. */
type Instead = (request: IncomingMessage, response: ServerResponse, bytes: Buffer | undefined) => boolean;

/** A plain HTTP server with ranges and conditions, on loopback, that does what a test tells it. */
export class LabUpstream {
  readonly files = new Map<string, Buffer>();
  /** `GET /path`, and the range behind it. */
  readonly asked: string[] = [];
  instead: Instead = () => false;
  readonly #server: Server;
  #port = 0;

  constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/repo/`;
  }

  put(path: string, bytes: string | Uint8Array): void {
    this.files.set(path, Buffer.from(bytes));
  }

  /** How often a file was asked for. */
  count(path: string): number {
    return this.asked.filter((one) => one === path || one.startsWith(`${path} bytes=`)).length;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = decodeURIComponent((request.url ?? '').replace('/repo/', ''));
    const { range } = request.headers;
    this.asked.push(range === undefined ? path : `${path} ${range}`);
    const bytes = this.files.get(path);
    if (this.instead(request, response, bytes)) return;
    if (bytes === undefined) {
      response.writeHead(404).end();
      return;
    }
    sendPart(request, response, bytes);
  }
}

export function tagOf(bytes: Uint8Array): string {
  // Of its beginning: some files of the tests are large, and each request would hash all of it.
  return `"${bytes.length}-${sha256(bytes.subarray(0, 1024)).slice(0, 8)}"`;
}

export function sendPart(request: IncomingMessage, response: ServerResponse, bytes: Buffer): void {
  const ETag = tagOf(bytes);
  if (request.headers['if-none-match'] === ETag) {
    response.writeHead(304).end();
    return;
  }
  const [, first] = /^bytes=(\d+)-/.exec(request.headers.range ?? '') ?? [];
  const ifRange = request.headers['if-range'];
  if (first === undefined || (ifRange !== undefined && ifRange !== ETag)) {
    response.writeHead(200, { ETag, 'Content-Length': bytes.length }).end(bytes);
    return;
  }
  const part = bytes.subarray(Number(first));
  const range = `bytes ${first}-${bytes.length - 1}/${bytes.length}`;
  response.writeHead(206, { ETag, 'Content-Length': part.length, 'Content-Range': range }).end(part);
}

/** Release, Packages.gz and packages, as Debian lays them out. */
export function putDebian(
  upstream: LabUpstream,
  packages: Readonly<Record<string, Buffer>>,
  byHash = true,
): void {
  const list = Object.entries(packages)
    .map(
      ([path, bytes]) => `Package: x\nFilename: ${path}\nSize: ${bytes.length}\nSHA256: ${sha256(bytes)}\n\n`,
    )
    .join('');
  const index = gzipSync(list);
  const xz = Buffer.from(`not really xz, but other bytes than those of ${sha256(list)}`);
  const indexes = { 'main/binary-amd64/Packages.gz': index, 'main/binary-amd64/Packages.xz': xz };
  const rows = Object.entries(indexes).map(([path, bytes]) => ` ${sha256(bytes)} ${bytes.length} ${path}\n`);
  upstream.put(
    'dists/s/InRelease',
    `Origin: Lab\n${byHash ? 'Acquire-By-Hash: yes\n' : ''}SHA256:\n${rows.join('')}`,
  );
  for (const [path, bytes] of Object.entries(indexes)) {
    upstream.put(`dists/s/${path}`, bytes);
    if (byHash) upstream.put(`dists/s/main/binary-amd64/by-hash/SHA256/${sha256(bytes)}`, bytes);
  }
  for (const [path, bytes] of Object.entries(packages)) upstream.put(path, bytes);
}

/** Mirrors in memory, on a clock of the test's. */
export class MirrorLab {
  readonly upstream = new LabUpstream();
  readonly events: Happening[] = [];
  readonly faults: unknown[] = [];
  nowMs = Date.UTC(2026, 0, 1);
  folder = '';
  mirrors: MirrorService;
  readonly #rows: Mirror[] = [];
  readonly #needs: Partial<MirrorServiceNeeds>;

  private constructor(needs: Partial<MirrorServiceNeeds>) {
    this.#needs = needs;
    this.mirrors = this.#make();
  }

  static async open(needs: Partial<MirrorServiceNeeds> = {}): Promise<MirrorLab> {
    const lab = new MirrorLab(needs);
    lab.folder = await mkdtemp(join(tmpdir(), 'muster-mirrors-'));
    lab.mirrors = lab.#make();
    await lab.upstream.listen();
    return lab;
  }

  async add(change: Partial<Mirror> = {}): Promise<void> {
    await this.mirrors.add({
      name: 'deb',
      url: this.upstream.url,
      kind: 'any',
      maxBytes: 2 ** 30,
      ...change,
    });
  }

  /** What a new start of Muster finds. */
  async restart(): Promise<void> {
    await this.mirrors.close();
    this.mirrors = this.#make();
    await this.mirrors.start();
  }

  async open(path: string): Promise<MirrorAnswer> {
    const answer = await this.mirrors.open('deb', path);
    if (answer === undefined) throw new Error('there is no mirror');
    return answer;
  }

  /** All bytes of a file as a client would get them; the reason where there is none. */
  async get(path: string): Promise<Buffer | string> {
    const answer = await this.open(path);
    if (!answer.found) return answer.because;
    const pieces: Uint8Array[] = [];
    try {
      for (let at = 0; at < answer.source.size; ) {
        const piece = await answer.source.read(at, 65_536);
        pieces.push(piece);
        at += piece.length;
      }
      return Buffer.concat(pieces);
    } finally {
      await answer.source.close();
    }
  }

  told(kind: Happening['kind']): readonly Happening[] {
    return this.events.filter((event) => event.kind === kind);
  }

  async close(): Promise<void> {
    await this.mirrors.close();
    await this.upstream.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  #make(): MirrorService {
    return new MirrorService({
      mirrors: memoryStore(this.#rows),
      events: { note: (event) => void this.events.push(event) },
      clock: { nowMs: () => this.nowMs },
      folder: this.folder,
      freeBytes: 0,
      checkSeconds: 300,
      upstreamLimits: { connectMs: 1000, headMs: 1500, stalledMs: 700, resumeAfterMs: 1 },
      failed: (error) => void this.faults.push(error),
      ...this.#needs,
    });
  }
}

function memoryStore(rows: Mirror[]): MirrorStore {
  return {
    list: () => Promise.resolve(rows),
    add: (mirror) => {
      rows.push(mirror);
      return Promise.resolve({ put: true });
    },
    change: () => Promise.resolve(true),
    remove: (name) => {
      rows.splice(
        rows.findIndex((row) => row.name === name),
        1,
      );
      return Promise.resolve(true);
    },
  };
}
