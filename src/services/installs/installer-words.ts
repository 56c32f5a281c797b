import type { ImageStore } from '../../core/images/image-store.ts';
import type { Install } from '../../core/install/install.ts';
import type { ProfileStore } from '../../core/install/profile-store.ts';
import { decideProgress, type KnownProgress } from '../../core/progress/decide-progress.ts';
import { wordsOfFamily } from '../../core/progress/installers.ts';
import {
  type InstallerLine,
  type ProgressHint,
  ProgressReader,
} from '../../core/progress/progress-reader.ts';
import { parseToolProfile } from '../../core/tools/tool-profile.ts';
import { BoundedCache } from '../../lib/bounded-cache.ts';
import type { InstallService } from './install-service.ts';

export interface InstallerWordsNeeds {
  readonly profiles: Pick<ProfileStore, 'byName'>;
  readonly images: Pick<ImageStore, 'byName'>;
  readonly installHappened: InstallService['happened'];
}

/** Installs whose words are followed at one time; those of others begin anew. */
const MAX_FOLLOWED = 4_096;

interface Followed {
  readonly reader: ProgressReader;
  /** What was told of it last. */
  known: KnownProgress;
}

/** Reads out of the lines of installers how far they are, and tells it where it is news. */
export class InstallerWords {
  readonly #needs: InstallerWordsNeeds;
  readonly #followed = new BoundedCache<string, Followed>(MAX_FOLLOWED, () => 1);

  constructor(needs: InstallerWordsNeeds) {
    this.#needs = needs;
  }

  async read(install: Install, lines: readonly InstallerLine[]): Promise<void> {
    const followed = await this.#follow(install);
    for (const line of lines) {
      const hint = followed.reader.read(line);
      if (hint) await this.#tell(install, followed, hint);
    }
  }

  async tell(install: Install, hint: ProgressHint): Promise<void> {
    await this.#tell(install, await this.#follow(install), hint);
  }

  /**
   * A log never moves an install on in its life: an installer that talks before it was given its answer file is one
   * that somebody else started.
   */
  async #tell(install: Install, followed: Followed, { step, percent, doing }: ProgressHint): Promise<void> {
    if (install.state !== 'installing') return;
    const news = decideProgress(followed.known, { step, percent });
    if (!news.tell) return;
    followed.known = { step, percent: news.percent };
    const details = { step, percent, ...(doing === undefined ? {} : { message: doing }) };
    await this.#needs.installHappened(install.id, 'progressed', details);
  }

  async #follow(install: Install): Promise<Followed> {
    const known = this.#followed.get(install.id);
    if (known) return known;
    const family = await this.#familyOf(install);
    const { step, percent } = install;
    const begun = {
      reader: new ProgressReader(family === undefined ? [] : wordsOfFamily(family)),
      known: { step, percent },
    };
    // Two that asked at once read on with the same one.
    const meanwhile = this.#followed.get(install.id);
    if (meanwhile) return meanwhile;
    this.#followed.set(install.id, begun);
    return begun;
  }

  /**
   * Undefined for a tool too. The program of a tool reports its own steps, and the installer that carries it installs
   * nothing: that it comes to its menu of disks would be told as a disk that is divided.
   */
  async #familyOf(install: Install): Promise<string | undefined> {
    if (parseToolProfile(install.profile)) return undefined;
    const profile = await this.#needs.profiles.byName(install.profile);
    return profile && (await this.#needs.images.byName(profile.image))?.family;
  }
}
