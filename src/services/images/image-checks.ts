import { readdir, readFile, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { basename, dirname, join } from 'node:path';
import {
  checksumListNames,
  isChecksumListName,
  MAX_CHECKSUM_LIST_BYTES,
  sha256In,
} from '../../core/images/checksum-list.ts';
import type { Checksum, ExpectedSum } from '../../core/images/image-condition.ts';
import type { Image } from '../../core/images/image.ts';
import type { ImageStore } from '../../core/images/image-store.ts';
import { sumsInTree, type TreeSums } from '../../core/images/tree-sums.ts';
import type { EventLog } from '../event-log.ts';
import type { HashJob, Hashed } from './hash-files.ts';
import { realFileInside } from './folder-tree.ts';
import type { TreeRoots } from './tree-roots.ts';

export interface ImageChecksNeeds {
  readonly images: Pick<ImageStore, 'list' | 'byName' | 'change'>;
  readonly roots: Pick<TreeRoots, 'reader' | 'node'>;
  readonly events: Pick<EventLog, 'note'>;
  readonly hash: (
    jobs: readonly HashJob[],
    soFar: (bytes: number) => void,
    enough: AbortSignal,
  ) => Promise<Hashed>;
  readonly failed: (error: unknown) => void;
  /** For tests; `START_MS` else. */
  readonly startMs?: number;
}

/** From the wish to the first byte that is read. */
const START_MS = 1_000;
/** Files of the folder beside a disc image that are looked at for lists of checksums. */
const MAX_BESIDE = 10_000;

/** What is to be hashed of an image, and what should come out. */
interface Comparison {
  readonly jobs: readonly HashJob[];
  readonly bytes: number;
  /** From the digits in the order of the jobs. */
  readonly verdict: (digits: readonly string[]) => Checksum;
}

/** Computes the checksums of images in the background, one at a time, and keeps what came of it. */
export class ImageChecks {
  readonly #needs: ImageChecksNeeds;
  readonly #waiting = new Set<string>();
  readonly #enough = new AbortController();
  #now: { readonly name: string; percent: number; readonly again: AbortController } | undefined;
  #running: Promise<void> | undefined;

  constructor(needs: ImageChecksNeeds) {
    this.#needs = needs;
  }

  /** Those that were not done when Muster ended. */
  async start(): Promise<void> {
    for (const { name, condition } of await this.#needs.images.list())
      if (condition?.checksum.state === 'waiting') this.check(name);
  }

  /** Soon; what is computed of it now begins anew. */
  readonly check = (name: string): void => {
    if (this.#enough.signal.aborted) return;
    if (this.#now?.name === name) this.#now.again.abort();
    this.#waiting.add(name);
    this.#running ??= this.#run();
  };

  /** It is no image any more. */
  readonly leave = (name: string): void => {
    this.#waiting.delete(name);
    if (this.#now?.name === name) this.#now.again.abort();
  };

  /** How far the one is that is being computed. */
  percentOf(name: string): number | undefined {
    return this.#now?.name === name ? this.#now.percent : undefined;
  }

  /** Resolves when nothing waits any more. */
  async settled(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async close(): Promise<void> {
    this.#enough.abort();
    this.#waiting.clear();
    await this.#running;
  }

  async #run(): Promise<void> {
    // Whoever adds an image is answered first, and so is the machine that boots it at once.
    await sleep(this.#needs.startMs ?? START_MS, undefined, { signal: this.#enough.signal }).catch(
      () => undefined,
    );
    for (const name of this.#waiting) {
      this.#waiting.delete(name);
      try {
        await this.#checkOne(name);
      } catch (error) {
        this.#needs.failed(error);
      }
    }
    this.#now = undefined;
    this.#running = undefined;
    if (this.#waiting.size > 0 && !this.#enough.signal.aborted) this.#running = this.#run();
  }

  async #checkOne(name: string): Promise<void> {
    const now = { name, percent: 0, again: new AbortController() };
    this.#now = now;
    const image = await this.#needs.images.byName(name);
    if (!image?.condition || image.condition.trouble !== undefined) return;
    const checksum = await this.#compute(image, now);
    if (now.again.signal.aborted || this.#enough.signal.aborted) return;
    // The user may have said something meanwhile, and what was checked may be another file by now.
    const current = await this.#needs.images.byName(name);
    if (current?.condition?.identity !== image.condition.identity) return;
    const changed = { ...current, condition: { ...current.condition, checksum } };
    if (await this.#needs.images.change(changed)) this.#tell(changed, checksum);
  }

  async #compute(image: Image, now: { percent: number; readonly again: AbortController }): Promise<Checksum> {
    const comparison = await compare(this.#needs, image);
    if (comparison === undefined) return { state: 'alone' };
    const soFar = (bytes: number): void => {
      now.percent = Math.min(99, Math.floor((bytes * 100) / Math.max(1, comparison.bytes)));
    };
    const enough = AbortSignal.any([this.#enough.signal, now.again.signal]);
    const hashed = await this.#needs.hash(comparison.jobs, soFar, enough);
    if (!hashed.hashed) return { state: 'unreadable', because: hashed.because };
    return comparison.verdict(hashed.digits);
  }

  #tell(image: Image, checksum: Checksum): void {
    const data = { image: image.name, folder: image.folder };
    if (checksum.state === 'differs') {
      const text = `Image ${image.name} is damaged, and no machine boots it`;
      this.#needs.events.note({ kind: 'image.damaged', text, because: checksum.because, data });
      return;
    }
    const { name } = image;
    const text =
      checksum.state === 'matches'
        ? `Image ${name} matches ${checksum.from}`
        : checksum.state === 'unreadable'
          ? `The checksum of image ${name} could not be computed: ${checksum.because}`
          : `The checksum of image ${name} has nothing to be compared with`;
    this.#needs.events.note({ kind: 'image.checked', text, data });
  }
}

/** Of a disc image the whole, and its files only where nothing says what the whole should be. */
async function compare(
  needs: Pick<ImageChecksNeeds, 'roots'>,
  image: Image,
): Promise<Comparison | undefined> {
  const disc = image.condition?.disc;
  const reader = await needs.roots.reader(image.folder);
  if ('because' in reader) return undefined;
  const expected = disc && (image.condition?.expected ?? (await sumBeside(image.folder)));
  const inside = expected === undefined ? await sumsInTree(reader, image) : undefined;
  const jobs: HashJob[] = disc === undefined ? [] : [{ path: image.folder, algorithm: 'sha256' }];
  let bytes = disc?.bytes ?? 0;
  const wanted: TreeSums['sums'][number][] = [];
  for (const sum of inside?.sums ?? []) {
    const job = await jobFor(needs.roots, image.folder, sum, disc !== undefined);
    if (job === undefined) continue;
    wanted.push(sum);
    jobs.push(job);
    bytes += (await reader.size(sum.name)) ?? 0;
  }
  if (jobs.length === 0) return undefined;
  return {
    jobs,
    bytes,
    verdict: (digits) => {
      const whole = disc === undefined ? undefined : digits[0];
      if (expected !== undefined && whole !== undefined) return verdictOnWhole(whole, expected);
      const own = disc === undefined ? digits : digits.slice(1);
      return verdictOnFiles(whole, inside?.from, wanted, own);
    },
  };
}

async function jobFor(
  roots: Pick<TreeRoots, 'node'>,
  folder: string,
  { name, algorithm }: TreeSums['sums'][number],
  isDisc: boolean,
): Promise<HashJob | undefined> {
  if (isDisc) {
    const node = await roots.node(folder, name);
    return node?.extents === undefined ? undefined : { path: folder, extents: node.extents, algorithm };
  }
  const path = await realFileInside(folder, name);
  return path === undefined ? undefined : { path, algorithm };
}

function verdictOnWhole(sha256: string, { sha256: expected, from }: ExpectedSum): Checksum {
  if (sha256 === expected) return { state: 'matches', sha256, from };
  return {
    state: 'differs',
    sha256,
    from,
    because: `its sha256 is ${sha256}, and ${from} says ${expected}`,
  };
}

function verdictOnFiles(
  sha256: string | undefined,
  from: string | undefined,
  wanted: TreeSums['sums'],
  digits: readonly string[],
): Checksum {
  const whole = sha256 === undefined ? {} : { sha256 };
  if (from === undefined || wanted.length === 0) return { state: 'alone', ...whole };
  const wrong = wanted.find((sum, at) => sum.digits !== digits[at]);
  if (!wrong) return { state: 'matches', ...whole, from: `${from} (${wanted.length} files)` };
  const computed = digits[wanted.indexOf(wrong)] ?? '';
  const because = `the ${wrong.algorithm} of its ${wrong.name} is ${computed}, and ${from} says ${wrong.digits}`;
  return { state: 'differs', ...whole, from, because };
}

/** What a list beside a disc image says of it. */
async function sumBeside(path: string): Promise<ExpectedSum | undefined> {
  const folder = dirname(path);
  const fileName = basename(path);
  const there = (await readdir(folder).catch(() => [])).slice(0, MAX_BESIDE);
  const usual = checksumListNames(fileName).filter((name) => there.includes(name));
  const others = there.filter((name) => isChecksumListName(name) && !usual.includes(name)).sort();
  for (const name of [...usual, ...others]) {
    const text = await readSmall(join(folder, name));
    const sha256 = text === undefined ? undefined : sha256In(text, fileName);
    if (sha256 !== undefined) return { sha256, from: name };
  }
  return undefined;
}

async function readSmall(path: string): Promise<string | undefined> {
  try {
    const stats = await stat(path);
    if (!stats.isFile() || stats.size > MAX_CHECKSUM_LIST_BYTES) return undefined;
    return await readFile(path, 'utf8');
  } catch {
    return undefined; // It went, or may not be read: then it says nothing.
  }
}
