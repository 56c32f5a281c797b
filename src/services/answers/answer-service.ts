import { gzipSync } from 'node:zlib';
import { kernelCommandLine } from '../../core/answers/kernel-command-line.ts';
import { readVariables } from '../../core/answers/read-variables.ts';
import {
  answerFrom,
  type AnswerInput,
  prepareAnswer,
  type AnswerUrls,
  type RenderedAnswer,
} from '../../core/answers/render-answer.ts';
import { overlayEntries, type SideFile } from '../../core/answers/side-files.ts';
import type { SnippetStore } from '../../core/answers/snippet-store.ts';
import type { TemplateJob, TemplateOutcome } from '../../core/answers/template-job.ts';
import { distributionOf } from '../../core/images/distributions/all.ts';
import type { AnswerKind, Image } from '../../core/images/image.ts';
import type { GroupStore } from '../../core/machines/group-store.ts';
import { groupsOf, inherit } from '../../core/machines/groups.ts';
import type { ImageStore } from '../../core/images/image-store.ts';
import type { Profile } from '../../core/install/profile.ts';
import type { ProfileStore } from '../../core/install/profile-store.ts';
import type { Machine } from '../../core/machines/machine.ts';
import { writeTar } from '../../formats/tar/ustar.ts';
import type { MacAddress } from '../../lib/addresses.ts';

export interface AnswerServiceNeeds {
  readonly profiles: Pick<ProfileStore, 'byName'>;
  readonly images: Pick<ImageStore, 'byName'>;
  readonly groups: Pick<GroupStore, 'list'>;
  readonly snippets: Pick<SnippetStore, 'list'>;
  /** Where templates are rendered: a thread, or right here. */
  readonly renderTemplate: (job: TemplateJob) => TemplateOutcome | Promise<TemplateOutcome>;
  /** Of the package mirrors, which templates may name. */
  readonly mirrorNames?: () => readonly string[];
}

export type RenderedFile =
  | { readonly rendered: true; readonly content: string | Uint8Array }
  | { readonly rendered: false; readonly because: string };

type Found =
  | { readonly found: true; readonly input: Omit<AnswerInput, 'template'>; readonly profile: Profile }
  | { readonly found: false; readonly because: string };

/** What an installer is told: its answer file, and before that the words on its kernel's command line. */
export class AnswerService {
  readonly #needs: AnswerServiceNeeds;

  constructor(needs: AnswerServiceNeeds) {
    this.#needs = needs;
  }

  /** The answer file of this machine by this profile, made now; nothing of it is kept. */
  async render(machine: Machine, profileName: string, urls: AnswerUrls): Promise<RenderedAnswer> {
    return await this.#renderFound(await this.#find(machine, profileName, urls));
  }

  /** The same by a profile that is kept nowhere. */
  async renderDraft(machine: Machine, draft: Profile, urls: AnswerUrls): Promise<RenderedAnswer> {
    return await this.#renderFound(await this.#inputFor(machine, draft, urls));
  }

  async #renderFound(found: Found): Promise<RenderedAnswer> {
    if (!found.found) return { rendered: false, because: found.because };
    const { template } = found.profile;
    return await this.#render({
      ...found.input,
      ...(template === undefined ? {} : { template }),
      ...(found.input.kind === 'ignition' ? { becomes: 'ignition' } : {}),
    });
  }

  /** A file that the installer fetches beside its answer file, by the same words. */
  async renderBeside(
    machine: Machine,
    profileName: string,
    urls: AnswerUrls,
    file: SideFile,
  ): Promise<RenderedFile> {
    const answer = await this.renderTextBeside(machine, profileName, urls, file);
    if (!answer.rendered) return answer;
    const content = file.form === 'text' ? answer.text : gzipSync(writeTar(overlayEntries(answer.text)));
    return { rendered: true, content };
  }

  /** The text of it, for people: of an overlay, its script. */
  async renderTextBeside(
    machine: Machine,
    profileName: string,
    urls: AnswerUrls,
    { name, template }: SideFile,
  ): Promise<RenderedAnswer> {
    const found = await this.#find(machine, profileName, urls);
    if (!found.found) return { rendered: false, because: found.because };
    return await this.#render({ ...found.input, template, templateName: `Muster's own ${name}` });
  }

  async #find(machine: Machine, profileName: string, urls: AnswerUrls): Promise<Found> {
    const profile = await this.#needs.profiles.byName(profileName);
    if (!profile) {
      return {
        found: false,
        because: `there is no profile "${profileName}": muster profile ls shows what is there`,
      };
    }
    return await this.#inputFor(machine, profile, urls);
  }

  async #inputFor(machine: Machine, profile: Profile, urls: AnswerUrls): Promise<Found> {
    const image = await this.#needs.images.byName(profile.image);
    if (!image) {
      return {
        found: false,
        because: `image "${profile.image}" of profile "${profile.name}" is gone: add it again`,
      };
    }
    const asks = whatIsRead(image, profile);
    if (!asks.reads) return { found: false, because: asks.because };
    const { kind } = asks;
    const mirrorNames = this.#needs.mirrorNames?.() ?? [];
    return { found: true, profile, input: { kind, machine, profile, image, urls, mirrorNames } };
  }

  /** A text of a profile's overlay, by the same words as its answer file. @param templateName its path. */
  async renderOverlay(
    template: string,
    templateName: string,
    { machine, profile, image, urls }: Pick<AnswerInput, 'machine' | 'profile' | 'image' | 'urls'>,
  ): Promise<RenderedAnswer> {
    const kind = image.answerKind === 'none' ? 'script' : image.answerKind;
    return await this.#render({ kind, template, templateName, machine, profile, image, urls });
  }

  async #render(input: AnswerInput): Promise<RenderedAnswer> {
    const { snippets, renderTemplate } = this.#needs;
    const profile = await this.#inherited({ arguments: '', ...input.profile }, input.machine);
    const prepared = prepareAnswer({ ...input, profile, snippets: await snippets.list() });
    if (!prepared.prepared) return { rendered: false, because: prepared.because };
    return answerFrom(await renderTemplate(prepared.job));
  }

  /**
   * What the installer's kernel is told.
   *
   * @param bootMac the network card it boots from, for loaders that do not add BOOTIF themselves.
   * @throws RangeError when it cannot be said on a kernel's command line; the message says what to change.
   */
  async kernelCommandLine(
    machine: Machine,
    ownProfile: Profile,
    image: Image,
    urls: Pick<AnswerUrls, 'source' | 'answer' | 'syslog'>,
    bootMac?: MacAddress,
  ): Promise<string> {
    const profile = await this.#inherited(ownProfile, machine);
    const variables = readVariables(profile.variables, machine.variables);
    if (!variables.read)
      throw new RangeError(`Cannot tell the installer its variables: ${variables.because}`);
    const { domain, disk } = variables.values;
    const distribution = distributionOf(image.family);
    if (profile.attended === true)
      return kernelCommandLine(distribution.attendedArguments(image, urls.source), profile.arguments);
    const words = distribution.installerArguments({
      image,
      urls: { source: urls.source, answer: urls.answer, syslog: urls.syslog },
      hostName: machine.name,
      ...(typeof domain === 'string' && domain !== '' ? { domain } : {}),
      ...(typeof disk === 'string' && disk !== '' ? { disk } : {}),
      ...(bootMac === undefined ? {} : { bootMac }),
    });
    return kernelCommandLine(words, profile.arguments);
  }

  /** The only place where what groups say comes into what installers are told. */
  async #inherited<Own extends Pick<Profile, 'name' | 'arguments' | 'variables'>>(
    profile: Own,
    machine: Machine,
  ): Promise<Own> {
    return inherit(profile, groupsOf(machine, await this.#needs.groups.list()));
  }
}

/** Which answer file an installer of the image reads by this profile, or why none. */
export function whatIsRead(
  { name, title, answerKind }: Pick<Image, 'name' | 'title' | 'answerKind'>,
  profile: Pick<Profile, 'name' | 'attended'>,
): { readonly reads: true; readonly kind: AnswerKind } | { readonly reads: false; readonly because: string } {
  if (profile.attended === true)
    return {
      reads: false,
      because: `profile ${profile.name} is started for a person, and reads no answer file`,
    };
  if (answerKind === 'none')
    return { reads: false, because: `image "${name}" (${title}) reads no answer file` };
  return { reads: true, kind: answerKind };
}
