import { parseScriptName } from '../../core/boot/script-name.ts';
import type { ImageStore } from '../../core/images/image-store.ts';
import type { ByteSource } from '../../lib/byte-source.ts';
import type { Clock } from '../../lib/clock.ts';
import { safeFileName } from '../../protocols/tftp/file-name.ts';
import { RequestRates } from '../../protocols/tftp/rate-limit.ts';
import { FolderNames, type LikeName } from '../images/folder-names.ts';
import type { Opened } from '../images/folder-tree.ts';

/** Missing names for which the nearest one is looked for in a second: comparing all of a folder takes a while. */
const NEAREST_PER_SECOND = 20;
/** `\\server\share\path`, which Windows programs ask for as it stands in their configuration. */
const UNC_NAME = /^(?:\\\\|\/\/)/;

export interface LikeFilesNeeds {
  readonly tftpRoot?: string;
  readonly images: Pick<ImageStore, 'byName'>;
  readonly openInsideFolder: (root: string, path: string) => Promise<Opened>;
  readonly clock: Clock;
}

export type LikeFile =
  /** `because` says which name was taken instead. */
  | { readonly found: true; readonly source: ByteSource; readonly label: string; readonly because: string }
  /** What is worth saying beside "not there"; may be empty. */
  | { readonly found: false; readonly because: string };

/**
 * For names that are not there as they were asked for: the same in other letters, and without a server and a share
 * before it. Windows programs write one and the same file in many ways, since their own file systems do not care.
 */
export class LikeFiles {
  readonly #needs: LikeFilesNeeds;
  readonly #names: FolderNames;
  readonly #nearest = new RequestRates({
    requestsPerSecond: Infinity,
    requestsPerSecondInAll: NEAREST_PER_SECOND,
    pauseMs: 0,
  });

  constructor(needs: LikeFilesNeeds) {
    this.#needs = needs;
    this.#names = new FolderNames(needs.clock);
  }

  /**
   * @param path what `safeFileName` made of it.
   * @param miss `expected` names are asked for as a matter of course, and need no hint.
   */
  async open(nameAsSent: string, path: string, miss: 'expected' | 'unexpected'): Promise<LikeFile> {
    const hints: string[] = [];
    for (const place of await this.#placesOf(nameAsSent, path)) {
      const wanted = miss === 'unexpected' && this.#mayCompare() ? 'like and nearest' : 'like';
      const like = await this.#names.find(place.root, place.path, wanted);
      const label = like.like === 'one' ? `${place.before}${like.path}` : '';
      // A configuration is decided upon, and never found by its likeness to another name.
      if (like.like === 'one' && !parseScriptName(label)) {
        const opened = await this.#needs.openInsideFolder(place.root, like.path);
        if (opened.found) {
          return {
            found: true,
            source: opened.source,
            label,
            because: `it was asked for as ${shown(nameAsSent)}`,
          };
        }
      }
      hints.push(...hintsOf(like, place.before));
    }
    return { found: false, because: hints[0] ?? '' };
  }

  async #placesOf(nameAsSent: string, path: string): Promise<readonly Place[]> {
    const { tftpRoot, images } = this.#needs;
    const paths = [path, ...(UNC_NAME.test(nameAsSent) ? withoutShare(path) : [])];
    const inTree =
      tftpRoot === undefined ? [] : paths.map((one) => ({ root: tftpRoot, path: one, before: '' }));
    const [, before, name, rest] = /^((?:.*\/)?images\/([^/]+)\/)(.+)$/i.exec(path) ?? [];
    if (before === undefined || name === undefined || rest === undefined) return inTree;
    const image = (await images.byName(name)) ?? (await images.byName(name.toLowerCase()));
    return image ? [...inTree, { root: image.folder, path: rest, before }] : inTree;
  }

  #mayCompare(): boolean {
    return this.#nearest.take('', this.#needs.clock.nowMs()).take;
  }
}

interface Place {
  readonly root: string;
  readonly path: string;
  /** What stands before the path in the name that is shown. */
  readonly before: string;
}

/** Without the server, and without the share too. */
function withoutShare(path: string): readonly string[] {
  const parts = path.split('/');
  return [parts.slice(2), parts.slice(1)].map((rest) => rest.join('/')).filter((rest) => rest !== '');
}

function hintsOf(like: LikeName, before: string): readonly string[] {
  if (like.like === 'several') return [like.because];
  if (like.like === 'none' && like.nearest !== undefined) return [`"${before}${like.nearest}" is there`];
  return [];
}

/** A name from a hostile network, for a sentence. */
function shown(nameAsSent: string): string {
  const printable = safeFileName(nameAsSent).safe ? nameAsSent : '?';
  return `"${printable.replaceAll(/\p{C}/gu, '?')}"`;
}
