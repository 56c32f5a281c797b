import { objectionToImage } from '../../core/images/image-condition.ts';
import type { Image } from '../../core/images/image.ts';
import type { ImageStore } from '../../core/images/image-store.ts';
import type { Install } from '../../core/install/install.ts';
import type { Machine } from '../../core/machines/machine.ts';
import { formatToolProfile, objectionToDisk } from '../../core/tools/tool-profile.ts';
import { neededFor, TOOL_NAMES, type ToolName, TOOLS, wayOf } from '../../core/tools/tools.ts';
import type { InstallService } from '../installs/install-service.ts';
import { type Outcome, refusal } from '../refusal.ts';

export interface ToolServiceNeeds {
  readonly images: Pick<ImageStore, 'list' | 'byName'>;
  readonly installs: Pick<InstallService, 'arm'>;
}

/** A tool, and the images it boots from. */
export interface ToolThere {
  readonly name: ToolName;
  readonly does: string;
  readonly images: readonly string[];
  /** Why it cannot be booted now. */
  readonly because?: string;
}

export interface ToolWish {
  readonly tool: ToolName;
  /** Left out: the first by name that can. */
  readonly image?: string | undefined;
  readonly disk?: string | undefined;
  /** Of `wipe`: that the disk is to be overwritten. */
  readonly confirmErase?: boolean | undefined;
}

/** What machines are booted into besides installers: armed like an install, and used once. */
export class ToolService {
  readonly #needs: ToolServiceNeeds;

  constructor(needs: ToolServiceNeeds) {
    this.#needs = needs;
  }

  async list(): Promise<readonly ToolThere[]> {
    const images = await this.#needs.images.list();
    return TOOL_NAMES.map((name) => {
      const does = TOOLS[name];
      if (name === 'local-disk') return { name, does, images: [] };
      const able = images.filter((image) => wayOf(name, image).can && objectionToImage(image) === undefined);
      const there = { name, does, images: able.map((image) => image.name) };
      return able.length > 0 ? there : { ...there, because: `no image is there: ${neededFor(name)}` };
    });
  }

  async arm(machine: Machine, wish: ToolWish): Promise<Outcome<{ install: Install }>> {
    const { tool, disk } = wish;
    if (tool === 'local-disk') {
      const because = `${machine.name} boots its own disk whenever nothing is armed: muster install cancel takes back what is`;
      return refusal('refused', because);
    }
    const objection = objectionToWish(wish);
    if (objection !== undefined) return refusal('bad configuration', objection);
    const choice = await this.#choose(wish);
    if (!choice.done) return choice;
    const { image } = choice;
    const way = wayOf(tool, image);
    if (!way.can) return refusal('refused', way.because);
    const profile = formatToolProfile({ tool, image: image.name, ...(disk === undefined ? {} : { disk }) });
    // What it does to a disk, if anything, was confirmed above.
    const armed = await this.#needs.installs.arm(machine, profile, { confirmErase: true });
    return armed.armed ? { done: true, install: armed.install } : refusal('refused', armed.because);
  }

  async #choose({ tool, image: name }: ToolWish): Promise<Outcome<{ image: Image }>> {
    if (name !== undefined) {
      const image = await this.#needs.images.byName(name);
      return image ? { done: true, image } : refusal('not found', `there is no image "${name}"`);
    }
    const there = (await this.list()).find((one) => one.name === tool);
    const first = there?.images[0];
    const image = first === undefined ? undefined : await this.#needs.images.byName(first);
    return image ? { done: true, image } : refusal('refused', `${tool}: ${there?.because ?? 'it is gone'}`);
  }
}

/** Why that cannot be meant, whatever images there are. */
function objectionToWish({ tool, disk, confirmErase }: ToolWish): string | undefined {
  if (tool !== 'wipe')
    return disk === undefined ? undefined : `${tool} takes no disk: only wipe overwrites one`;
  if (disk === undefined) return 'wipe overwrites one disk, and which one must be said (--disk)';
  const wrong = objectionToDisk(disk);
  if (wrong !== undefined) return wrong;
  if (confirmErase === true) return undefined;
  return `all that is on disk ${disk} will be overwritten, and that must be confirmed (--erase)`;
}
