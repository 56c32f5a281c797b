import {
  ANSWER_FILES,
  type InstallUrls,
  installUrls,
  type MachineHttp,
} from '../../core/boot/machine-urls.ts';
import { programsBeside } from '../../core/answers/programs-beside.ts';
import { installerFiles, type SideFile, sideFile } from '../../core/answers/side-files.ts';
import type { RenderedAnswer } from '../../core/answers/render-answer.ts';
import type { AnswerKind, Image } from '../../core/images/image.ts';
import type { ImageStore } from '../../core/images/image-store.ts';
import type { Profile } from '../../core/install/profile.ts';
import type { ProfileStore } from '../../core/install/profile-store.ts';
import type { Machine } from '../../core/machines/machine.ts';
import { type AnswerService, whatIsRead } from '../answers/answer-service.ts';
import { type HashPassword, hidePasswords } from '../answers/hide-passwords.ts';
import type { InstallSources } from '../installs/install-sources.ts';
import { type Outcome, type Refusal, refusal } from '../refusal.ts';

export interface ProfileServiceNeeds {
  readonly profiles: ProfileStore;
  /** Those of the tools among them. */
  readonly profilesAndTools: Pick<ProfileStore, 'byName'>;
  readonly images: Pick<ImageStore, 'byName'>;
  readonly answers: Pick<AnswerService, 'render' | 'renderDraft' | 'renderTextBeside'>;
  readonly sources: Pick<InstallSources, 'decide' | 'objectionTo'>;
  /** Where machines would fetch from, as far as that can be told without one that asks. */
  readonly machineHttp: () => MachineHttp;
  readonly hashPassword: HashPassword;
}

/** What a preview is of. */
export interface Preview {
  readonly kind: AnswerKind;
  readonly image: Image;
  /** The answer file, or one beside it. */
  readonly file: string;
  /** The names of all that its installer can fetch, the answer file first. */
  readonly files: readonly string[];
}

/** That its template is wrong, or that nothing reads an answer file, is an answer here. */
export type Tried =
  | (Preview & { readonly answer: RenderedAnswer })
  | { readonly kind: 'none'; readonly because: string };

export type TriedDraft =
  | (Pick<Preview, 'kind' | 'image'> & { readonly answer: RenderedAnswer })
  | { readonly kind: 'none'; readonly because: string };

/** What the answer file of a machine is made of, besides its words. */
type Ground =
  | (Pick<Preview, 'kind' | 'image'> & { readonly urls: InstallUrls })
  | { readonly kind: 'none'; readonly because: string };

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
    const asKept = await this.#asKept(draft);
    if (!asKept.done) return asKept;
    const { profile } = asKept;
    const result = await this.#needs.profiles.put(profile);
    return result.put ? { done: true, profile } : refusal('refused', result.because);
  }

  /** What would be kept of it: hashes, where it has passwords. */
  async #asKept(draft: Profile): Promise<Outcome<{ profile: Profile }>> {
    const hidden = await hidePasswords(draft.variables, this.#needs.hashPassword);
    if (!hidden.done) return hidden;
    const profile = { ...draft, variables: hidden.variables };
    const because = await this.#objectionTo(profile);
    return because === undefined ? { done: true, profile } : refusal('refused', because);
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

  /**
   * The answer file as the machine would get it, with a token that opens nothing.
   *
   * @param file one that its installer fetches beside it, instead.
   */
  async preview(name: string, machine: Machine, file?: string): Promise<Outcome<Preview & { text: string }>> {
    const tried = await this.tryRender(name, machine, file);
    if (!tried.done) return tried;
    if (tried.kind === 'none') return refusal('refused', tried.because);
    const { answer, ...rest } = tried;
    return answer.rendered ? { ...rest, text: answer.text } : refusal('refused', answer.because);
  }

  async tryRender(name: string, machine: Machine, file?: string): Promise<Outcome<Tried>> {
    const profile = await this.#needs.profilesAndTools.byName(name);
    if (!profile) return unknownProfile(name);
    const ground = await this.#groundOf(profile, machine);
    if (!ground.done || ground.kind === 'none') return ground;
    const { kind, image, urls } = ground;
    const programs = programsBeside(name, urls.report);
    const files = [...installerFiles(kind), ...programs.keys()];
    const asked = file ?? ANSWER_FILES[kind];
    if (!files.includes(asked)) return unknownFile(name, asked, files);
    const program = programs.get(asked);
    const answer =
      program === undefined
        ? await this.#render(machine, name, urls, sideFile(kind, asked))
        : ({ rendered: true, text: program } as const);
    return { done: true, kind, image, file: asked, files, answer };
  }

  /** The answer file by a profile that is kept nowhere, with hashes where it has passwords. */
  async tryDraft(draft: Profile, machine: Machine): Promise<Outcome<TriedDraft>> {
    const asKept = await this.#asKept(draft);
    if (!asKept.done) return asKept;
    const { profile } = asKept;
    const ground = await this.#groundOf(profile, machine);
    if (!ground.done || ground.kind === 'none') return ground;
    const { kind, image, urls } = ground;
    return { done: true, kind, image, answer: await this.#needs.answers.renderDraft(machine, profile, urls) };
  }

  async #groundOf(profile: Profile, machine: Machine): Promise<Outcome<Ground>> {
    const image = await this.#needs.images.byName(profile.image);
    if (!image)
      return refusal(
        'refused',
        `image "${profile.image}" of profile "${profile.name}" is gone: add it again`,
      );
    const asks = whatIsRead(image, profile);
    if (!asks.reads) return { done: true, kind: 'none', because: asks.because };
    const { kind } = asks;
    const http = this.#needs.machineHttp();
    const way = await this.#needs.sources.decide({ image, machine, profile, localAddress: http.address });
    if (!way.decided) return refusal('bad configuration', way.because);
    return { done: true, kind, image, urls: installUrls(http, way.source, PREVIEW_TOKEN, kind) };
  }

  async #render(
    machine: Machine,
    profile: string,
    urls: InstallUrls,
    beside: SideFile | undefined,
  ): Promise<RenderedAnswer> {
    const { answers } = this.#needs;
    if (beside) return await answers.renderTextBeside(machine, profile, urls, beside);
    return await answers.render(machine, profile, urls);
  }
}

function unknownFile(profile: string, file: string, files: readonly string[]): Refusal {
  const because = `there is no file "${file}" for the installer of profile "${profile}": there are ${files.join(', ')}`;
  return refusal('not found', because);
}

function unknownProfile(name: string): Outcome<never> {
  return refusal('not found', `there is no profile "${name}"`);
}
