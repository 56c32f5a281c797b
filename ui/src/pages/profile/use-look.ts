import type { Answer, Asked, AskProblem } from '../../data/client.ts';
import { useRoute } from '../../data/queries.ts';
import { useMay } from '../../data/session.tsx';
import { useSettled } from '../../data/settled.ts';

type Findings = Answer<'lintProfile'>['findings'];
type Draft = Asked<'renderDraft'>['input'];

/** What comes of a profile, and what is wrong with it. */
export interface Look {
  /** Which installer reads the answer file; empty: not known yet. */
  readonly kind: string;
  /** The answer file, where one came of it. */
  readonly text?: string | undefined;
  readonly findings: Findings;
  /** Why there is nothing to look at. */
  readonly because?: string | undefined;
  readonly error?: AskProblem | undefined;
}

const NO_FINDINGS: Findings = [];

/**
 * What a machine would get by what is typed. Who may not save a profile may not try one either, and without a machine
 * nothing can be tried: then it is the profile as it is saved.
 */
export function useLook(draft: Draft & { readonly name: string }, machine: string): Look {
  const isTried = useMay('renderDraft') && machine !== '';
  const tried = useTried(draft, machine, isTried);
  const saved = useSaved(draft.name, machine, !isTried);
  return isTried ? tried : saved;
}

function useTried(draft: Draft, machine: string, enabled: boolean): Look {
  // Of what is typed one thing at a time is asked for; its text tells whether anything was typed.
  const input = JSON.parse(useSettled(JSON.stringify(draft))) as Draft;
  const { data, error } = useRoute('renderDraft', { params: { machine }, input }, { enabled, isTyped: true });
  if (error) return { kind: '', findings: NO_FINDINGS, error };
  return data ?? { kind: '', findings: NO_FINDINGS };
}

function useSaved(name: string, machine: string, enabled: boolean): Look {
  const query = machine === '' ? {} : { machine };
  const { data: lint, error } = useRoute('lintProfile', { params: { name }, query }, { enabled });
  const { data: rendered } = useRoute(
    'renderMachine',
    { params: { machine }, query: { profile: name } },
    { enabled: enabled && machine !== '' },
  );
  if (error) return { kind: '', findings: NO_FINDINGS, error };
  return { ...(lint ?? { kind: '', findings: NO_FINDINGS }), text: rendered?.text };
}
