import type { Finding, LintInput } from '../../core/answers/lint/finding.ts';
import { LINT_KINDS } from '../../core/answers/lint/lint-answer.ts';
import type { AnswerKind } from '../../core/images/image.ts';
import type { InstallStore } from '../../core/install/install-store.ts';
import type { Machine } from '../../core/machines/machine.ts';
import { parseMac } from '../../lib/addresses.ts';
import type { LintOutcome } from './answer-work.ts';
import type { GroupService } from '../machines/group-service.ts';
import type { ProfileService } from '../machines/profile-service.ts';
import { type Outcome, refusal } from '../refusal.ts';
import type { VariablesNotTold } from './variables-not-told.ts';

export interface AnswerPreviewNeeds {
  readonly installs: Pick<InstallStore, 'list'>;
  readonly profiles: Pick<ProfileService, 'preview' | 'tryRender'>;
  readonly lint: (input: LintInput) => LintOutcome | Promise<LintOutcome>;
  readonly groups: Pick<GroupService, 'profileFor'>;
  readonly notTold: Pick<VariablesNotTold, 'findings'>;
}

/** A finding in an answer file, or in the template that makes none. */
export interface PlacedFinding extends Finding {
  readonly file: string;
}

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

  /** @param profileName absent: that of the machine's newest install, or the one its groups name. */
  async ofMachine(
    machine: Machine,
    profileName: string | undefined,
  ): Promise<Outcome<{ kind: AnswerKind; text: string; profile: string; findings: readonly Finding[] }>> {
    const [newest] = await this.#needs.installs.list({ machineId: machine.id, limit: 1 });
    const ofGroups = await this.#needs.groups.profileFor(machine);
    const profile = profileName ?? newest?.profile ?? ofGroups.profile;
    if (profile === undefined)
      return refusal(
        'refused',
        `${machine.name} was never installed, and ${ofGroups.because}: say by which profile it would be`,
      );
    const preview = await this.#needs.profiles.preview(profile, machine);
    if (!preview.done) return preview;
    const { kind, text, image } = preview;
    const linted = await this.#needs.lint({ kind, text, system: systemOf(image) });
    if (!linted.linted) return refusal('refused', linted.because);
    const notTold = await this.#needs.notTold.findings({ machine, profile });
    return { done: true, kind, text, profile, findings: [...notTold, ...linted.findings] };
  }

  /** @param machine absent: one made up, so that a profile can be looked through before there are machines. */
  async lintProfile(
    name: string,
    machine: Machine = EXAMPLE,
  ): Promise<Outcome<{ kind: AnswerKind; machine: string; findings: readonly PlacedFinding[] }>> {
    const tried = await this.#needs.profiles.tryRender(name, machine);
    if (!tried.done) return tried;
    const { kind, image, answer } = tried;
    const found = (findings: readonly PlacedFinding[]) =>
      ({ done: true, kind, machine: machine.name, findings }) as const;
    if (!answer.rendered) {
      const { at = { file: `profile ${name}`, line: 1 }, because } = answer;
      return found([{ ...at, level: 'error', text: because.replace(/^[^:]*:\d+(?::\d+)?: /, '') }]);
    }
    const linted = await this.#needs.lint({ kind, text: answer.text, system: systemOf(image) });
    if (!linted.linted) return refusal('refused', linted.because);
    const notTold = await this.#needs.notTold.findings({ machine, profile: name });
    return found([
      ...notTold.map((finding) => ({ ...finding, file: `profile ${name}` })),
      ...linted.findings.map((finding) => ({ ...finding, file: 'answer' })),
    ]);
  }

  /** An answer file from elsewhere. */
  async lintText(input: LintInput): Promise<Outcome<{ findings: readonly Finding[] }>> {
    if (!LINT_KINDS.includes(input.kind)) {
      const because = `"${input.kind}" is no kind of answer file that is looked through: ${LINT_KINDS.join(', ')} are`;
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
