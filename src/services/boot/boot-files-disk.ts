import {
  BOOT_DISK_LABEL,
  type BootDiskRow,
  DISK_CONFIGS,
  DISK_KERNEL,
  diskGrubPath,
  diskInitrd,
} from '../../core/boot/boot-disk.ts';
import { type BootPlan, wayOf } from '../../core/boot/boot-plan.ts';
import { Recently } from '../../core/events/recently.ts';
import { layOutFat16 } from '../../formats/fat16/volume.ts';
import { type ByteSource, sourceOfBytes, sourceOfText } from '../../lib/byte-source.ts';
import { joinSources } from '../../lib/joined-source.ts';
import type { Clock } from '../../lib/clock.ts';
import type { BootScripts, ScriptRequest } from './boot-files-scripts.ts';

export type OpenedPart =
  | {
      readonly found: true;
      readonly source: ByteSource;
      /** Of a loader of this server: what its shim calls it. */
      readonly besideShim?: string;
    }
  | Missing;

interface Missing {
  readonly found: false;
  readonly because: string;
}

export interface BootDisksNeeds {
  readonly scripts: Pick<BootScripts, 'answer' | 'beginBoot'>;
  readonly clock: Clock;
  /** A file of the user's tree, a file of an image by its path below the root, or a loader by its name. */
  readonly open: (
    path: string,
    request: Pick<ScriptRequest, 'asker' | 'localAddress'>,
  ) => Promise<OpenedPart>;
}

interface Contents {
  readonly disk: BootDiskRow;
  readonly plan: BootPlan;
  /** GRUB's. */
  readonly config: string;
  /** Below this server's root, the kernel first; empty where no installer is started. */
  readonly files: readonly string[];
  readonly request: Pick<ScriptRequest, 'asker' | 'localAddress'>;
}

/** Firmware asks for the size of the disk, then for the disk: both belong to one boot. */
const ONE_FETCH_MS = 20_000;
/** Configurations take a multiple of these. */
const CONFIG_BYTES = 8_192;
/** Machines whose last fetch is remembered. */
const MAX_REMEMBERED = 4_096;
/** GRUB on such a disk finds its configuration there; whose it is, the address tells. */
const GRUB_ON_DISK = { language: 'grub', folder: '', from: 'RAM disk', asks: 'default' } as const;

interface Part {
  readonly path: string;
  readonly source: ByteSource;
}

/**
 * Puts disks together that firmware loads as a whole. Nothing is copied: the files are read where they lie while the
 * disk is sent.
 */
export class BootDisks {
  readonly #needs: BootDisksNeeds;
  readonly #begun = new Recently({ keepMs: ONE_FETCH_MS, keys: MAX_REMEMBERED });

  constructor(needs: BootDisksNeeds) {
    this.#needs = needs;
  }

  /** The whole way of the machine that asks, from its shim to its kernel. */
  async open(
    request: Omit<ScriptRequest, 'asked'>,
    disk: BootDiskRow,
  ): Promise<(OpenedPart & { readonly found: true; readonly label: string }) | Missing> {
    const { scripts, clock, open } = this.#needs;
    const { path, asker, clientAddress } = request;
    if (!this.#begun.isRepeated(clientAddress, path, clock.nowMs())) scripts.beginBoot(asker, clientAddress);
    const answer = await scripts.answer({ ...request, asked: { ...GRUB_ON_DISK, before: path } });
    switch (answer.give) {
      case 'nothing':
        return { found: false, because: answer.because };
      case 'hand-made': {
        const opened = await open(answer.path, request);
        return opened.found ? { ...opened, label: path } : opened;
      }
      case 'text': {
        const { plan, text: config, files = [], label } = answer;
        const opened = await this.#compose({ disk, plan, config, files, request });
        return opened.found ? { ...opened, label } : opened;
      }
      default:
        return answer satisfies never;
    }
  }

  async #compose(contents: Contents): Promise<OpenedPart> {
    const { disk, config, files, request } = contents;
    const loader = loadersOf(contents);
    const wanted: readonly (readonly [path: string | undefined, from: string])[] = [
      [disk.shimPath, loader.shim],
      [undefined, loader.grub],
      ...files.map((from, index) => [index === 0 ? DISK_KERNEL : diskInitrd(index - 1), from] as const),
    ];
    const parts: Part[] = DISK_CONFIGS.map((path) => ({ path, source: sourceOfText(padded(config)) }));
    const giveUp = async (because: string): Promise<Missing> => {
      await Promise.all(parts.map(({ source }) => source.close()));
      return { found: false, because: `${disk.name} cannot be made: ${because}` };
    };
    for (const [path, from] of wanted) {
      const opened = await this.#needs.open(from, request);
      if (!opened.found) return await giveUp(opened.because);
      parts.push({ path: path ?? diskGrubPath(opened.besideShim ?? from), source: opened.source });
    }
    try {
      return { found: true, source: joined(parts) };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return await giveUp(error.message);
    }
  }
}

/**
 * Its reason may change between the question for the size and that for the disk (`is requested`, `is booting`), and
 * the size may not.
 */
function padded(config: string): string {
  return config.padEnd(Math.ceil(config.length / CONFIG_BYTES) * CONFIG_BYTES, '\n');
}

/** Those of the image, whose signer its kernel has; else those of this server. */
function loadersOf({ disk, plan }: Contents): { readonly shim: string; readonly grub: string } {
  const own = wayOf(plan)?.imageLoaders?.find(({ cpu }) => cpu === disk.cpu);
  return own ? { shim: own.first, grub: own.next } : { shim: disk.shim, grub: disk.grub };
}

/** @throws RangeError for more than a disk holds. */
function joined(parts: readonly Part[]): ByteSource {
  const files = parts.map(({ path, source }) => ({ path, size: source.size }));
  const { size, head, offsets } = layOutFat16(files, BOOT_DISK_LABEL);
  const pieces = parts.map(({ source }, index) => ({ offset: offsets[index] ?? size, source }));
  return joinSources(size, [{ offset: 0, source: sourceOfBytes(head) }, ...pieces]);
}
