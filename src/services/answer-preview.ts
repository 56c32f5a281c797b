import type { AnswerKind } from '../core/images/image.ts';
import type { InstallStore } from '../core/install/install-store.ts';
import type { Machine } from '../core/machines/machine.ts';
import type { GroupService } from './group-service.ts';
import type { ProfileService } from './profile-service.ts';
import { type Outcome, refusal } from './refusal.ts';

export interface AnswerPreviewNeeds {
  readonly installs: Pick<InstallStore, 'list'>;
  readonly profiles: Pick<ProfileService, 'preview'>;
  readonly groups: Pick<GroupService, 'profileFor'>;
}

/** What a machine's installer would be told, before it asks. */
export class AnswerPreview {
  readonly #needs: AnswerPreviewNeeds;

  constructor(needs: AnswerPreviewNeeds) {
    this.#needs = needs;
  }

  /** @param profileName absent: that of the machine's newest install, or the one its groups name. */
  async ofMachine(
    machine: Machine,
    profileName: string | undefined,
  ): Promise<Outcome<{ kind: AnswerKind; text: string; profile: string }>> {
    const [newest] = await this.#needs.installs.list({ machineId: machine.id, limit: 1 });
    const ofGroups = await this.#needs.groups.profileFor(machine);
    const profile = profileName ?? newest?.profile ?? ofGroups.profile;
    if (profile === undefined)
      return refusal(
        'refused',
        `${machine.name} was never installed, and ${ofGroups.because}: say by which profile it would be`,
      );
    const preview = await this.#needs.profiles.preview(profile, machine);
    return preview.done ? { ...preview, profile } : preview;
  }
}
