import type { ImageStore } from '../../core/images/image-store.ts';
import type { Profile } from '../../core/install/profile.ts';
import type { ProfileStore } from '../../core/install/profile-store.ts';
import type { PolicyStore } from '../../core/policy/policy-store.ts';
import { parseToolProfile, toolProfile } from '../../core/tools/tool-profile.ts';
import { wayOf } from '../../core/tools/tools.ts';

/** Profiles by their name, those of the tools among them: they are there as long as their image is. */
export function withTools(
  profiles: Pick<ProfileStore, 'byName'>,
  images: Pick<ImageStore, 'byName'>,
  policy: Pick<PolicyStore, 'get'>,
): Pick<ProfileStore, 'byName'> {
  return {
    byName: async (name): Promise<Profile | undefined> => {
      const boot = parseToolProfile(name);
      if (!boot) return await profiles.byName(name);
      const image = await images.byName(boot.image);
      const way = image && wayOf(boot.tool, image);
      if (!image || !way?.can) return undefined;
      return toolProfile(boot, image, way.way, (await policy.get()).tools);
    },
  };
}
