import { installUrls, type MachineHttp } from '../../core/boot/machine-urls.ts';
import type { RenderedAnswer } from '../../core/answers/render-answer.ts';
import type { AnswerKind, Image } from '../../core/images/image.ts';
import type { ImageStore } from '../../core/images/image-store.ts';
import type { Profile } from '../../core/install/profile.ts';
import type { ProfileStore } from '../../core/install/profile-store.ts';
import type { Machine } from '../../core/machines/machine.ts';
import type { AnswerService } from '../answers/answer-service.ts';
import { type HashPassword, hidePasswords } from '../answers/hide-passwords.ts';
import type { InstallSources } from '../installs/install-sources.ts';
import { type Outcome, refusal } from '../refusal.ts';

export interface ProfileServiceNeeds {
  readonly profiles: ProfileStore;
  readonly images: Pick<ImageStore, 'byName'>;
  readonly answers: Pick<AnswerService, 'render'>;
  readonly sources: Pick<InstallSources, 'decide' | 'objectionTo'>;
  /** Where machines would fetch from, as far as that can be told without one that asks. */
  readonly machineHttp: () => MachineHttp;
  readonly hashPassword: HashPassword;
}

/** What a preview is of. */
export interface Preview {
  readonly kind: AnswerKind;
  readonly image: Image;
}

/** Stands in a preview where an install has its secret: nobody who reads a preview can speak for a machine. */
export const PREVIEW_TOKEN = '0'.repeat(32);

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

  async put(draft: Profile): Promise<Outcome<{ profile: Profile }>> {
    const hidden = await hidePasswords(draft.variables, this.#needs.hashPassword);
    if (!hidden.done) return hidden;
    const profile = { ...draft, variables: hidden.variables };
    const because = await this.#objectionTo(profile);
    if (because !== undefined) return refusal('refused', because);
    const result = await this.#needs.profiles.put(profile);
    return result.put ? { done: true, profile } : refusal('refused', result.because);
  }

  async #objectionTo({ name, source, image }: Profile): Promise<string | undefined> {
    if (source === undefined) return undefined;
    const known = await this.#needs.images.byName(image);
    return this.#needs.sources.objectionTo({ protocol: source, by: `profile ${name}` }, known);
  }

  async remove(name: string): Promise<Outcome> {
    if (!(await this.#needs.profiles.byName(name))) return unknownProfile(name);
    const result = await this.#needs.profiles.remove(name);
    return result.removed ? { done: true } : refusal('refused', result.because);
  }

  /** The answer file as the machine would get it, with a token that opens nothing. */
  async preview(name: string, machine: Machine): Promise<Outcome<Preview & { text: string }>> {
    const tried = await this.tryRender(name, machine);
    if (!tried.done) return tried;
    const { answer, ...rest } = tried;
    return answer.rendered ? { ...rest, text: answer.text } : refusal('refused', answer.because);
  }

  /** The same; that the template is wrong is an answer here. */
  async tryRender(name: string, machine: Machine): Promise<Outcome<Preview & { answer: RenderedAnswer }>> {
    const profile = await this.#needs.profiles.byName(name);
    if (!profile) return unknownProfile(name);
    const image = await this.#needs.images.byName(profile.image);
    if (!image)
      return refusal('refused', `image "${profile.image}" of profile "${name}" is gone: add it again`);
    const kind = image.answerKind;
    if (kind === 'none')
      return refusal('refused', `image "${image.name}" (${image.title}) reads no answer file`);
    const http = this.#needs.machineHttp();
    const way = await this.#needs.sources.decide({ image, machine, profile, localAddress: http.address });
    if (!way.decided) return refusal('bad configuration', way.because);
    const urls = installUrls(http, way.source, PREVIEW_TOKEN, kind);
    return { done: true, kind, image, answer: await this.#needs.answers.render(machine, name, urls) };
  }
}

function unknownProfile(name: string): Outcome<never> {
  return refusal('not found', `there is no profile "${name}"`);
}
