import type { ByteSource } from '../../lib/byte-source.ts';
import { type LoaderName, programsBefore } from '../../core/boot/loaders.ts';
import type { LoaderService, OpenedLoader, OpenInsideFolder } from './loader-service.ts';

/** A larger file is no loader; pxelinux has 42 KiB, lpxelinux 92 KiB, shim 1 MiB. */
const MAX_LOADER_BYTES = 8_388_608;

export interface TreeLoadersNeeds {
  readonly loaders: Pick<LoaderService, 'open' | 'has'>;
  readonly openInsideFolder: OpenInsideFolder;
  readonly tftpRoot?: string;
}

/**
 * The system's loaders beside the user's tree. A part of a loader works only with the program of its own build: where
 * the tree has one that differs from the system's, the system's parts are not given to it.
 */
export class TreeLoaders {
  readonly #needs: TreeLoadersNeeds;

  constructor(needs: TreeLoadersNeeds) {
    this.#needs = needs;
  }

  /** @param folder what the loader puts before the name, with its slash. */
  async open(name: LoaderName, folder: string): Promise<OpenedLoader> {
    const other = await this.#otherBuildIn(folder, name);
    if (other !== undefined) {
      return {
        found: false,
        because: `the tree has its own ${other}, and ${name} must come from the same build: put it beside that file`,
      };
    }
    return await this.#needs.loaders.open(name);
  }

  async has(name: LoaderName, folder: string): Promise<boolean> {
    const { tftpRoot, openInsideFolder, loaders } = this.#needs;
    if (tftpRoot !== undefined) {
      const own = await openInsideFolder(tftpRoot, `${folder}${name}`);
      if (own.found) {
        await own.source.close();
        return true;
      }
    }
    if ((await this.#otherBuildIn(folder, name)) !== undefined) return false;
    return await loaders.has(name);
  }

  /** The tree's program before this part in that folder, if it is not byte for byte the system's. */
  async #otherBuildIn(folder: string, part: LoaderName): Promise<string | undefined> {
    const { tftpRoot, openInsideFolder, loaders } = this.#needs;
    if (tftpRoot === undefined) return undefined;
    for (const name of programsBefore(part)) {
      const own = await openInsideFolder(tftpRoot, `${folder}${name}`);
      if (!own.found) continue;
      const system = await loaders.open(name);
      const isSame = system.found && (await haveSameBytes(own.source, system.source));
      await own.source.close();
      if (system.found) await system.source.close();
      if (!isSame) return name;
    }
    return undefined;
  }
}

async function haveSameBytes(one: ByteSource, other: ByteSource): Promise<boolean> {
  if (one.size !== other.size || one.size > MAX_LOADER_BYTES) return false;
  const [bytes, otherBytes] = await Promise.all([one.read(0, one.size), other.read(0, other.size)]);
  return Buffer.compare(bytes, otherBytes) === 0;
}
