import type { Finding, LintInput } from '../../core/answers/lint/finding.ts';
import { LINT_KINDS } from '../../core/answers/lint/lint-answer.ts';
import { isSecretVariable } from '../../core/answers/secret-variables.ts';
import { ANSWER_FILES } from '../../core/boot/machine-urls.ts';
import type { InstallStore } from '../../core/install/install-store.ts';
import type { Machine } from '../../core/machines/machine.ts';
import { parseMac } from '../../lib/addresses.ts';
import type { AnswerKind, Image } from '../../core/images/image.ts';
import type { Profile } from '../../core/install/profile.ts';
import type { LintOutcome } from './answer-work.ts';
import type { GroupService } from '../machines/group-service.ts';
import type { ProfileService, TriedDraft } from '../machines/profile-service.ts';
import { type Outcome, refusal } from '../refusal.ts';
import type { SnippetService } from './snippet-service.ts';
import type { VariablesNotTold } from './variables-not-told.ts';

export interface AnswerPreviewNeeds {
  readonly installs: Pick<InstallStore, 'list'>;
  readonly profiles: Pick<ProfileService, 'preview' | 'tryRender' | 'tryDraft'>;
  readonly snippets: Pick<SnippetService, 'findings'>;
  readonly lint: (input: LintInput) => LintOutcome | Promise<LintOutcome>;
  readonly groups: Pick<GroupService, 'profileFor' | 'inheritanceOf'>;
  readonly notTold: Pick<VariablesNotTold, 'findings' | 'findingsOfDraft'>;
}

/** A finding in an answer file, or in the template that makes none. */
export interface PlacedFinding extends Finding {
  readonly file: string;
}

/** Of the files that a machine's installer fetches. */
interface Wanted {
  readonly profile?: string | undefined;
  /** Absent: the answer file. */
  readonly file?: string | undefined;
  /** `hidden`: for those who see everything but secrets. */
  readonly secrets?: 'shown' | 'hidden';
}

/** In place of the hash of a password, as a hash is written: no password has this one. */
const NO_HASH = `$6$notshown$${'.'.repeat(86)}`;

export interface MachinePreview {
  readonly kind: AnswerKind;
  readonly profile: string;
  readonly file: string;
  readonly text: string;
  readonly findings: readonly Finding[];
  /** The names of all, the answer file first. */
  readonly files: readonly string[];
}

/** What a look through a profile found. */
interface ProfileLook {
  readonly kind: AnswerKind | 'none';
  readonly machine: string;
  readonly findings: readonly PlacedFinding[];
  /** Why there is nothing to look through. */
  readonly because?: string;
  /** The answer file, where one came of it. */
  readonly text?: string;
}

/** What is told of variables that an installer hears nothing of, where an answer file came of them. */
type NotTold = (image: Image) => Promise<readonly Finding[]>;

/** Of a template or snippet by itself: whether it can be read. */
const TEMPLATE_KIND = 'template';

/** Stands for a machine where none is named: with nothing of its own. */
const EXAMPLE: Machine = {
  id: 'm-000000000000',
  name: 'example',
  // A locally administered one (IEEE 802, the second-least bit of the first octet).
  macs: [parseMac('02:00:00:00:00:01')],
  labels: {},
  variables: {},
  createdAtMs: 0,
};

/** What a machine's installer would be told, before it asks, and what is wrong with that. */
export class AnswerPreview {
  readonly #needs: AnswerPreviewNeeds;

  constructor(needs: AnswerPreviewNeeds) {
    this.#needs = needs;
  }

  /** @param wanted without a profile: that of the machine's newest install, or the one its groups name. */
  async ofMachine(machine: Machine, wanted: Wanted): Promise<Outcome<MachinePreview>> {
    const [newest] = await this.#needs.installs.list({ machineId: machine.id, limit: 1 });
    const ofGroups = await this.#needs.groups.profileFor(machine);
    const profile = wanted.profile ?? newest?.profile ?? ofGroups.profile;
    if (profile === undefined)
      return refusal(
        'refused',
        `${machine.name} was never installed, and ${ofGroups.because}: say by which profile it would be`,
      );
    const shown = wanted.secrets === 'hidden' ? await this.#withoutSecrets(machine, profile) : machine;
    const preview = await this.#needs.profiles.preview(profile, shown, wanted.file);
    if (!preview.done) return preview;
    const { kind, text, image, file, files } = preview;
    const given = { done: true, kind, text, profile, file, files } as const;
    // What stands beside the answer file is Muster's own, whatever the profile says.
    if (file !== ANSWER_FILES[kind]) return { ...given, findings: [] };
    const linted = await this.#needs.lint({ kind, text, system: systemOf(image) });
    if (!linted.linted) return refusal('refused', linted.because);
    const notTold = await this.#needs.notTold.findings({ machine, profile });
    return { ...given, findings: [...notTold, ...linted.findings] };
  }

  /** What is the machine's own wins over what it inherits. */
  async #withoutSecrets(machine: Machine, profile: string): Promise<Machine> {
    const inherits = await this.#needs.groups.inheritanceOf(machine, profile);
    if (!inherits.done) return machine;
    const secrets = inherits.variables.filter(({ name, value }) => isSecretVariable(name) && value !== '');
    const hidden = Object.fromEntries(secrets.map(({ name }) => [name, NO_HASH]));
    return { ...machine, variables: { ...machine.variables, ...hidden } };
  }

  /** @param machine absent: one made up, so that a profile can be looked through before there are machines. */
  async lintProfile(name: string, machine: Machine = EXAMPLE): Promise<Outcome<ProfileLook>> {
    const tried = await this.#needs.profiles.tryRender(name, machine);
    return await this.#look(name, machine, tried, () =>
      this.#needs.notTold.findings({ machine, profile: name }),
    );
  }

  /** The answer file of a machine by a profile that is kept nowhere, and what is wrong with either. */
  async ofDraft(draft: Profile, machine: Machine): Promise<Outcome<ProfileLook>> {
    const tried = await this.#needs.profiles.tryDraft(draft, machine);
    return await this.#look(draft.name, machine, tried, (image) =>
      this.#needs.notTold.findingsOfDraft(machine, draft, image),
    );
  }

  async #look(
    profile: string,
    machine: Machine,
    tried: Outcome<TriedDraft>,
    findNotTold: NotTold,
  ): Promise<Outcome<ProfileLook>> {
    const file = `profile ${profile}`;
    const look = { done: true, machine: machine.name } as const;
    if (!tried.done) {
      if (tried.no === 'not found') return tried;
      return { ...look, kind: 'none', findings: [{ file, line: 1, level: 'error', text: tried.because }] };
    }
    if (tried.kind === 'none') return { ...look, ...tried, findings: [] };
    const { kind, image, answer } = tried;
    if (!answer.rendered) {
      const { at = { file, line: 1 }, because } = answer;
      const text = because.replace(/^[^:]*:\d+(?::\d+)?: /, '');
      return { ...look, kind, findings: [{ ...at, level: 'error', text }] };
    }
    const linted = await this.#needs.lint({ kind, text: answer.text, system: systemOf(image) });
    if (!linted.linted) return refusal('refused', linted.because);
    const findings = [
      ...(await findNotTold(image)).map((finding) => ({ ...finding, file })),
      ...linted.findings.map((finding) => ({ ...finding, file: 'answer' })),
    ];
    return { ...look, kind, findings, text: answer.text };
  }

  /** An answer file from elsewhere, or a template. */
  async lintText(input: LintInput): Promise<Outcome<{ findings: readonly Finding[] }>> {
    if (input.kind === TEMPLATE_KIND)
      return { done: true, findings: await this.#needs.snippets.findings(input.text) };
    if (!LINT_KINDS.includes(input.kind)) {
      const kinds = [...LINT_KINDS, TEMPLATE_KIND].join(', ');
      const because = `"${input.kind}" is no kind of answer file that is looked through: ${kinds} are`;
      return refusal('refused', because);
    }
    const linted = await this.#needs.lint(input);
    return linted.linted ? { done: true, findings: linted.findings } : refusal('refused', linted.because);
  }
}

/** No more than a lint needs goes to the thread. */
function systemOf({ title, release }: Required<LintInput>['system']): Required<LintInput>['system'] {
  return { title, release };
}
