import { askFirst } from '../../core/boot/ask-first.ts';
import { type BootPlan, wayOf } from '../../core/boot/boot-plan.ts';
import { imagePath } from '../../core/boot/machine-urls.ts';
import { waitForImage } from '../../core/boot/wait-for-image.ts';
import { decideBoot } from '../../core/boot/decide-boot.ts';
import type { InstallStore } from '../../core/install/install-store.ts';
import type { MachineStore } from '../../core/machines/machine-store.ts';
import type { Machine } from '../../core/machines/machine.ts';
import type { ProfileStore } from '../../core/install/profile-store.ts';
import { objectionToImage } from '../../core/images/image-condition.ts';
import type { Image } from '../../core/images/image.ts';
import type { ImageLoader } from '../../core/images/image-loaders.ts';
import type { ImageStore } from '../../core/images/image-store.ts';
import { waitingInWave } from '../../core/waves/waiting-in-wave.ts';
import type { WaveStore } from '../../core/waves/wave-store.ts';
import type { PolicyStore } from '../../core/policy/policy-store.ts';

export interface BootServiceNeeds {
  readonly machines: Pick<MachineStore, 'unmet'>;
  readonly installs: Pick<InstallStore, 'list'>;
  readonly policy: Pick<PolicyStore, 'get'>;
  readonly waves: Pick<WaveStore, 'active'>;
  readonly profiles: Pick<ProfileStore, 'byName'>;
  readonly images: Pick<ImageStore, 'byName'>;
}

/** Loads what is known of a machine and asks for the decision. Every door comes here with the same question. */
export class BootService {
  readonly #needs: BootServiceNeeds;

  constructor(needs: BootServiceNeeds) {
    this.#needs = needs;
  }

  /** Asking changes nothing, however often. */
  async planFor(machine: Machine | undefined): Promise<BootPlan> {
    const policy = await this.#needs.policy.get();
    const newest = machine ? await this.#needs.installs.list({ machineId: machine.id, limit: 1 }) : [];
    const waiting = machine && waitingInWave(await this.#needs.waves.active(), machine.id);
    const decided = decideBoot(machine, newest[0], policy, waiting);
    const plan = machine ? decided : askFirst(decided, await this.#needs.machines.unmet());
    const way = wayOf(plan);
    if (!way) return plan;
    const profile = await this.#needs.profiles.byName(way.profile);
    const image = profile && (await this.#needs.images.byName(profile.image));
    const objection = image && objectionToImage(image);
    if (objection !== undefined) return plan.boot === 'installer' ? waitForImage(plan, objection) : plan;
    const whole = {
      ...way,
      ...(profile?.loader === undefined ? {} : { profileLoader: profile.loader }),
      ...(image?.loaders === undefined
        ? {}
        : { imageLoaders: image.loaders.map((one) => inImage(image, one)) }),
    };
    if (plan.boot === 'installer') return { ...plan, ...whole };
    return { boot: 'local disk', way: whole, because: plan.because };
  }
}

function inImage({ name }: Image, { cpu, first, next }: ImageLoader): ImageLoader {
  return { cpu, first: imagePath(name, first), next: imagePath(name, next) };
}
