import { lstat, opendir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { objectionToPlace } from '../../core/boot/overlay-name.ts';
import { type CpioContent, type CpioEntry, layOutCpio, offsetBehind } from '../../formats/cpio/newc.ts';
import { type ByteSource, sourceOfBytes, sourceOfText } from '../../lib/byte-source.ts';
import { joinSources, type Piece } from '../../lib/joined-source.ts';
import { openInsideFolder, reasonOf } from './folder-tree.ts';

/** Files, folders and links of one overlay: each large file is open while it is sent. */
const MAX_ENTRIES = 2_000;
/** What is larger is read from the disk while it is sent. */
const SMALL_BYTES = 64 * 1024;
const TEMPLATE_ENDING = '.j2';

export interface OverlayFilesNeeds {
  /** `DATA/overlays`: a folder for each profile, with `initrd` in it. */
  readonly folder: string;
}

export type RenderTemplate = (
  template: string,
  path: string,
) => Promise<
  { readonly rendered: true; readonly text: string } | { readonly rendered: false; readonly because: string }
>;

export type AppendedInitrd =
  | { readonly found: true; readonly source: ByteSource }
  | { readonly found: false; readonly because: string };

interface Found {
  readonly entries: (CpioEntry | CpioContent)[];
  readonly sources: Map<string, ByteSource>;
}

/** Files that a profile wants in the initrd of its image, from `DATA/overlays/PROFILE/initrd`. */
export class OverlayFiles {
  readonly #folder: string;

  constructor({ folder }: OverlayFilesNeeds) {
    this.#folder = folder;
  }

  /** Whether there are any. */
  async has(profile: string): Promise<boolean> {
    try {
      for await (const _ of await opendir(this.#root(profile))) return true;
      return false;
    } catch {
      return false; // Most profiles have none.
    }
  }

  /**
   * The initrd with these files behind it; nothing of it is copied. Closing it closes the initrd.
   *
   * @param initrd undefined where the image has none: the files alone are one then.
   * @param render for files whose name ends with `.j2`, which they lose.
   */
  async append(
    profile: string,
    initrd: ByteSource | undefined,
    render: RenderTemplate,
  ): Promise<AppendedInitrd> {
    const found: Found = { entries: [], sources: new Map() };
    const giveUp = async (because: string): Promise<AppendedInitrd> => {
      for (const source of [initrd, ...found.sources.values()]) await source?.close();
      return { found: false, because: `the overlay of profile ${profile} cannot be given: ${because}` };
    };
    try {
      const because = await this.#collect(profile, '', found, render);
      if (because !== undefined) return await giveUp(because);
      return { found: true, source: joined(initrd, found) };
    } catch (error) {
      if (error instanceof RangeError) return await giveUp(error.message);
      return await giveUp(reasonOf(error, this.#root(profile)));
    }
  }

  #root(profile: string): string {
    return join(this.#folder, profile, 'initrd');
  }

  /** @returns why it cannot be done, or undefined. */
  async #collect(
    profile: string,
    inside: string,
    found: Found,
    render: RenderTemplate,
  ): Promise<string | undefined> {
    const root = this.#root(profile);
    const names: string[] = [];
    for await (const { name } of await opendir(join(root, inside))) {
      names.push(name);
      if (found.entries.length + names.length > MAX_ENTRIES) return `it has more than ${MAX_ENTRIES} files`;
    }
    for (const name of names.sort()) {
      const path = inside === '' ? name : `${inside}/${name}`;
      const stats = await lstat(join(root, path));
      const objection = objectionToPlace(path);
      if (objection !== undefined) return objection;
      if (stats.isDirectory()) {
        found.entries.push({ kind: 'folder', path });
        const because = await this.#collect(profile, path, found, render);
        if (because !== undefined) return because;
      } else if (stats.isSymbolicLink()) {
        found.entries.push({ kind: 'link', path, target: await readlink(join(root, path)) });
      } else {
        const because = await addFile(root, path, (stats.mode & 0o111) !== 0, found, render);
        if (because !== undefined) return because;
      }
    }
    return undefined;
  }
}

async function addFile(
  root: string,
  path: string,
  executable: boolean,
  { entries, sources }: Found,
  render: RenderTemplate,
): Promise<string | undefined> {
  const opened = await openInsideFolder(root, path);
  if (!opened.found) return opened.because;
  const { source } = opened;
  const isTemplate = path.endsWith(TEMPLATE_ENDING);
  if (!isTemplate && source.size > SMALL_BYTES) {
    entries.push({ kind: 'content', path, size: source.size, executable });
    sources.set(path, source);
    return undefined;
  }
  try {
    if (!isTemplate) {
      entries.push({ kind: 'file', path, bytes: await source.read(0, source.size), executable });
      return undefined;
    }
    if (source.size > MAX_TEMPLATE_BYTES) return `${path} has ${source.size} bytes, which no template has`;
    const rendered = await render(new TextDecoder().decode(await source.read(0, source.size)), path);
    if (!rendered.rendered) return `${path}: ${rendered.because}`;
    const bytes = await textBytes(rendered.text);
    entries.push({ kind: 'file', path: path.slice(0, -TEMPLATE_ENDING.length), bytes, executable });
    return undefined;
  } finally {
    await source.close();
  }
}

/** Whoever renders it refuses shorter ones already. */
const MAX_TEMPLATE_BYTES = 1024 * 1024;

async function textBytes(text: string): Promise<Uint8Array> {
  const source = sourceOfText(text);
  return await source.read(0, source.size);
}

/** @throws RangeError for names that no archive has. */
function joined(initrd: ByteSource | undefined, { entries, sources }: Found): ByteSource {
  const { size, parts, contents } = layOutCpio(entries);
  const start = initrd === undefined ? 0 : offsetBehind(initrd.size);
  const pieces: Piece[] = initrd === undefined ? [] : [{ offset: 0, source: initrd }];
  // One piece for what stands together, since a search goes through all of them.
  for (const run of runsOf(parts, [...contents.values()]))
    pieces.push({ offset: start + run.offset, source: sourceOfBytes(run.bytes) });
  for (const [path, offset] of contents) {
    const source = sources.get(path);
    if (source) pieces.push({ offset: start + offset, source });
  }
  return joinSources(start + size, pieces);
}

type Part = { readonly offset: number; readonly bytes: Uint8Array };

/** Parts in one, up to the next place that is free. */
function runsOf(parts: readonly Part[], free: readonly number[]): readonly Part[] {
  const runs: Part[][] = [];
  let next = 0;
  for (const part of parts) {
    const isBehindNext = next < free.length && part.offset > (free[next] ?? 0);
    if (isBehindNext) next += 1;
    const last = runs.at(-1);
    if (last === undefined || isBehindNext) runs.push([part]);
    else last.push(part);
  }
  return runs.map((run) => {
    const [first] = run;
    const end = run.at(-1);
    const offset = first?.offset ?? 0;
    const bytes = new Uint8Array((end?.offset ?? 0) + (end?.bytes.length ?? 0) - offset);
    for (const part of run) bytes.set(part.bytes, part.offset - offset);
    return { offset, bytes };
  });
}
