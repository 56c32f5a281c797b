import { error, type Finding } from '../../core/answers/lint/finding.ts';
import type { Snippet } from '../../core/answers/snippet.ts';
import { objectionToRemoval, objectionToSnippet } from '../../core/answers/snippet-rules.ts';
import type { SnippetStore } from '../../core/answers/snippet-store.ts';
import { failureText, type TemplateJob, type TemplateOutcome } from '../../core/answers/template-job.ts';
import { type Outcome, refusal } from '../refusal.ts';

export interface SnippetServiceNeeds {
  readonly snippets: SnippetStore;
  /** Where templates are rendered: a thread, or right here. */
  readonly renderTemplate: (job: TemplateJob) => TemplateOutcome | Promise<TemplateOutcome>;
}

const UNNAMED = 'draft';

/** Pieces of text that templates include. */
export class SnippetService {
  readonly #needs: SnippetServiceNeeds;

  constructor(needs: SnippetServiceNeeds) {
    this.#needs = needs;
  }

  list(): Promise<readonly Snippet[]> {
    return this.#needs.snippets.list();
  }

  byName(name: string): Promise<Snippet | undefined> {
    return this.#needs.snippets.byName(name);
  }

  async put(snippet: Snippet): Promise<Outcome<{ snippet: Snippet }>> {
    const because = await this.objectionTo(snippet);
    if (because !== undefined) return refusal('refused', because);
    const result = await this.#needs.snippets.put(snippet, (others) => objectionToSnippet(snippet, others));
    return result.put ? { done: true, snippet } : refusal('refused', result.because);
  }

  /** Whether it can be read at all; what it names is looked for when a template includes it. */
  async objectionTo({ name, text }: Snippet): Promise<string | undefined> {
    const outcome = await this.#read(name, text);
    return outcome.made ? undefined : failureText(outcome);
  }

  /** The same with its place, for a text that has no name yet. */
  async findings(text: string): Promise<readonly Finding[]> {
    const outcome = await this.#read(UNNAMED, text);
    if (outcome.made) return [];
    const { at: { line, column } = { line: 1 }, because } = outcome;
    return [error(line, column, because)];
  }

  async #read(name: string, text: string): Promise<TemplateOutcome> {
    const job = { name: `snippet ${name}`, source: '', snippets: { [name]: text }, values: {} };
    return await this.#needs.renderTemplate(job);
  }

  async remove(name: string): Promise<Outcome> {
    const known = await this.#needs.snippets.byName(name);
    if (!known) return refusal('not found', `there is no snippet "${name}"`);
    const result = await this.#needs.snippets.remove(name, (users) => objectionToRemoval(name, users));
    return result.removed ? { done: true } : refusal('refused', result.because);
  }
}
