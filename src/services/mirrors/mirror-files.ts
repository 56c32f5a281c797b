import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import {
  mkdir,
  open,
  opendir,
  readFile,
  rename,
  rm,
  stat,
  statfs,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import type { Proof } from '../../core/mirrors/proof.ts';

/** What is remembered of a file that is kept, beside its bytes. */
export interface KeptFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly proof?: Proof | undefined;
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
  readonly checkedAtMs: number;
  readonly usedAtMs: number;
}

/** A file of which a part is here. */
export interface PartialFile {
  readonly path: string;
  readonly bytes?: number | undefined;
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
}

/** One that is found after a restart, and was not gone on with for so long, goes. */
const PARTIAL_KEPT_MS = 7 * 24 * 3_600_000;
/** Files whose facts are read at one time at the start. */
const READ_AT_ONCE = 32;

/**
 * The folder of a mirror. A file is named for the SHA-256 of its path, so that no path can lead out, differ only by
 * case, be too long, or be a folder of another one; beside it lies a text file with its facts.
 */
export class MirrorFiles {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  bodyOf(path: string): string {
    const key = keyOf(path);
    return join(this.#root, 'files', key.slice(0, 2), key);
  }

  partialOf(path: string): string {
    return join(this.#root, 'partial', keyOf(path));
  }

  async prepare(): Promise<void> {
    await mkdir(join(this.#root, 'files'), { recursive: true, mode: 0o700 });
    await mkdir(join(this.#root, 'partial'), { recursive: true, mode: 0o700 });
  }

  /** What of an earlier run is whole; the rest is taken away. */
  async walk(nowMs: number): Promise<readonly KeptFile[]> {
    const names: string[] = [];
    for await (const folder of await opendir(join(this.#root, 'files')))
      for await (const entry of await opendir(join(this.#root, 'files', folder.name)))
        names.push(join(this.#root, 'files', folder.name, entry.name));
    const kept: KeptFile[] = [];
    const bodies = names.filter((name) => !/\.(?:json|new)$/.test(name));
    for (let at = 0; at < bodies.length; at += READ_AT_ONCE) {
      const read = await Promise.all(bodies.slice(at, at + READ_AT_ONCE).map((body) => readKept(body)));
      kept.push(...read.flatMap((one) => one ?? []));
    }
    const known = new Set(bodies);
    for (const name of names) {
      const isAlone = name.endsWith('.new') || (name.endsWith('.json') && !known.has(name.slice(0, -5)));
      if (isAlone) await rm(name, { force: true });
    }
    await this.#dropOldPartials(nowMs);
    return kept;
  }

  /** Bytes of each part that is here, by the name of its file. */
  async parts(): Promise<ReadonlyMap<string, number>> {
    const parts = new Map<string, number>();
    for await (const { name } of await opendir(join(this.#root, 'partial'))) {
      if (name.endsWith('.json')) continue;
      parts.set(join(this.#root, 'partial', name), await sizeOf(join(this.#root, 'partial', name)));
    }
    return parts;
  }

  async dropPart(name: string): Promise<void> {
    for (const one of [name, `${name}.json`]) await rm(one, { force: true });
  }

  /** So that it is known after a restart what was not wanted for longest. */
  async noteUse(path: string, atMs: number): Promise<void> {
    const body = this.bodyOf(path);
    try {
      const { mtimeMs } = await stat(body);
      await utimes(body, atMs / 1000, mtimeMs / 1000);
    } catch {
      // It went in this moment, or the disk is read-only: only an order of going is lost.
    }
  }

  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#root);
    return bavail * bsize;
  }

  /** The rest of a file may have come before a restart. */
  async readPartial(path: string): Promise<(PartialFile & { readonly have: number }) | undefined> {
    const facts = await readFacts<PartialFile>(`${this.partialOf(path)}.json`);
    const have = await sizeOf(this.partialOf(path));
    return facts?.path === path && have > 0 ? { ...facts, have } : undefined;
  }

  async writePartialFacts(facts: PartialFile): Promise<void> {
    await writeFile(`${this.partialOf(facts.path)}.json`, JSON.stringify(facts), { mode: 0o600 });
  }

  async dropPartial(path: string): Promise<void> {
    await this.dropPart(this.partialOf(path));
  }

  /**
   * Puts a whole file in its place; whoever still reads the one before reads on in that. Its bytes are with the disk
   * already. A body without facts is dropped at the next start, so facts never stand beside another body than theirs.
   *
   * @param cameAs the path it was fetched for.
   */
  async land(facts: KeptFile, cameAs: string): Promise<void> {
    const body = this.bodyOf(facts.path);
    await mkdir(join(body, '..'), { recursive: true, mode: 0o700 });
    await rm(`${body}.json`, { force: true });
    await rename(this.partialOf(cameAs), body);
    await this.writeFacts(facts);
    await rm(`${this.partialOf(cameAs)}.json`, { force: true });
  }

  /** In place of what is there, in one step. */
  async writeFacts(facts: KeptFile): Promise<void> {
    const name = `${this.bodyOf(facts.path)}.json`;
    await writeFile(`${name}.new`, JSON.stringify(facts), { mode: 0o600 });
    await rename(`${name}.new`, name);
  }

  async drop(path: string): Promise<void> {
    for (const name of [this.bodyOf(path), `${this.bodyOf(path)}.json`]) await rm(name, { force: true });
  }

  async removeAll(): Promise<void> {
    await rm(this.#root, { recursive: true, force: true });
  }

  async #dropOldPartials(nowMs: number): Promise<void> {
    for await (const entry of await opendir(join(this.#root, 'partial'))) {
      const name = join(this.#root, 'partial', entry.name);
      const { mtimeMs } = await stat(name);
      if (nowMs - mtimeMs > PARTIAL_KEPT_MS) await unlink(name);
    }
  }
}

function keyOf(path: string): string {
  return createHash('sha256').update(path).digest('hex');
}

/** What cannot be as it was put there, after a power cut, is no file of ours. */
async function readKept(body: string): Promise<KeptFile | undefined> {
  const facts = await readFacts<KeptFile>(`${body}.json`);
  if (facts !== undefined && body.endsWith(keyOf(facts.path)) && facts.bytes === (await sizeOf(body)))
    return { ...facts, usedAtMs: Math.max(facts.usedAtMs, (await stat(body)).atimeMs) };
  for (const name of [body, `${body}.json`]) await rm(name, { force: true });
  return undefined;
}

async function readFacts<Facts extends { readonly path: string }>(name: string): Promise<Facts | undefined> {
  try {
    const facts: unknown = JSON.parse(await readFile(name, 'utf8'));
    if (typeof facts !== 'object' || facts === null || !('path' in facts)) return undefined;
    return facts as Facts;
  } catch {
    return undefined;
  }
}

async function sizeOf(name: string): Promise<number> {
  try {
    return (await stat(name)).size;
  } catch {
    return 0;
  }
}

/** Opens what is there to be read, and only a regular file. */
export async function openRegular(name: string): Promise<Awaited<ReturnType<typeof open>> | undefined> {
  try {
    return await open(name, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch {
    return undefined;
  }
}
