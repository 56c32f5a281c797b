import { knownNames, neededNames, type NeededName, placeBefore, withNeeds } from './strict-names.ts';
import type { TemplateFailure, TemplateJob } from './template-job.ts';

interface Strict {
  readonly job: TemplateJob;
  /** The place of a failure in what was written. */
  readonly asWritten: (failure: TemplateFailure) => Pick<TemplateFailure, 'at'>;
}

/** The same job, in which names that are not set are refused wherever they are used. */
export function strictJob(job: TemplateJob): Strict {
  const { name, source, snippets, values } = job;
  const known = knownNames([source, ...Object.values(snippets)]);
  const texts = new Map<string, { readonly text: string; readonly needed: readonly NeededName[] }>();
  const strict = (file: string, text: string): string => {
    const needed = neededNames(text, known, values);
    texts.set(file, { text, needed });
    return needed.length === 0 ? text : withNeeds(text, needed);
  };
  const strictSnippets = Object.entries(snippets).map(
    ([snippet, text]) => [snippet, strict(`snippet ${snippet}`, text)] as const,
  );
  return {
    job: { ...job, source: strict(name, source), snippets: Object.fromEntries(strictSnippets) },
    asWritten: ({ at }) => {
      const written = at && texts.get(at.file);
      if (at?.column === undefined || !written || written.needed.length === 0) return {};
      const { line, column } = at;
      return { at: { ...at, column: placeBefore(written.text, written.needed, { line, column }) } };
    },
  };
}
