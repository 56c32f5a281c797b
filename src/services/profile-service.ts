import type { Profile } from '../core/install/profile.ts';
import type { ProfileStore } from '../core/install/profile-store.ts';
import { type Outcome, refusal } from './refusal.ts';

export interface ProfileServiceNeeds {
  readonly profiles: ProfileStore;
}

/** The ways to install that people wrote down. */
export class ProfileService {
  readonly #needs: ProfileServiceNeeds;

  constructor(needs: ProfileServiceNeeds) {
    this.#needs = needs;
  }

  list(): Promise<readonly Profile[]> {
    return this.#needs.profiles.list();
  }

  byName(name: string): Promise<Profile | undefined> {
    return this.#needs.profiles.byName(name);
  }

  async put(profile: Profile): Promise<Outcome<{ profile: Profile }>> {
    const result = await this.#needs.profiles.put(profile);
    return result.put ? { done: true, profile } : refusal('refused', result.because);
  }

  async remove(name: string): Promise<Outcome> {
    if (!(await this.#needs.profiles.byName(name))) return unknownProfile(name);
    const result = await this.#needs.profiles.remove(name);
    return result.removed ? { done: true } : refusal('refused', result.because);
  }
}

export function unknownProfile(name: string): Outcome<never> {
  return refusal('not found', `there is no profile "${name}"`);
}
