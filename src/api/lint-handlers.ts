import type { z } from 'zod';
import type { TemplateWord as WireWord } from '../contract/profile-schemas.ts';
import { type TemplateWord, templateWords } from '../core/answers/template-words.ts';
import type { ApiNeeds } from './api-needs.ts';
import type { Handlers } from './handler.ts';
import { done, found } from './problems.ts';

type LintRoutes = 'lintProfile' | 'lintAnswer' | 'renderMachine' | 'renderDraft' | 'listVariables';

/** What a profile that has no name yet is called in errors. */
const UNNAMED = 'draft';

/** Answer files before an installer reads them. */
export function lintHandlers({
  machines,
  answerPreview,
}: Pick<ApiNeeds, 'machines' | 'answerPreview'>): Pick<Handlers, LintRoutes> {
  const machineCalled = async (name: string) => found(await machines.find(name), 'machine', name);
  return {
    renderMachine: async ({ params, query }, { asker }) => {
      const machine = await machineCalled(params.machine);
      const secrets = asker?.role === 'viewer' ? 'hidden' : 'shown';
      const { kind, profile, file, text, findings, files } = done(
        await answerPreview.ofMachine(machine, { ...query, secrets }),
      );
      return { kind, profile, file, text, findings: [...findings], files: [...files] };
    },
    listVariables: () => Promise.resolve({ items: templateWords().map(wordToContract) }),
    renderDraft: async ({ params, input: { name = UNNAMED, ...draft } }) => {
      const machine = await machineCalled(params.machine);
      const look = done(await answerPreview.ofDraft({ ...draft, name }, machine));
      const { kind, findings, because, text } = look;
      return {
        profile: name,
        machine: look.machine,
        kind,
        findings: [...findings],
        ...(because === undefined ? {} : { because }),
        ...(text === undefined ? {} : { text }),
      };
    },
    lintProfile: async ({ params: { name }, query }) => {
      const machine = query.machine === undefined ? undefined : await machineCalled(query.machine);
      const linted = done(await answerPreview.lintProfile(name, machine));
      const { kind, findings, because } = linted;
      const nothing = because === undefined ? {} : { because };
      return { profile: name, machine: linted.machine, kind, findings: [...findings], ...nothing };
    },
    lintAnswer: async ({ input: { kind, text, title = '', release = '' } }) => {
      const system = title === '' && release === '' ? {} : { system: { title, release } };
      return { items: [...done(await answerPreview.lintText({ kind, text, ...system })).findings] };
    },
  };
}

function wordToContract({ choices, leftOut, ...word }: TemplateWord): z.input<typeof WireWord> {
  return {
    ...word,
    ...(choices === undefined ? {} : { choices: [...choices] }),
    ...(leftOut === undefined ? {} : { leftOut: [...leftOut] }),
  };
}
