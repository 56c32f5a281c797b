import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { type ReactNode, type Ref, useRef } from 'react';
import type { Answer, Tagged } from '../../data/client.ts';
import { useChange, useRoute, useThing } from '../../data/queries.ts';
import { useMay } from '../../data/session.tsx';
import { useCarefulChange } from '../../data/use-careful-change.ts';
import { useDraft } from '../../data/use-draft.ts';
import { useSettled } from '../../data/settled.ts';
import { EditedHeader } from '../../parts/edited-header.tsx';
import { type EditorHandle, TemplateEditor } from '../../parts/editor/template-editor.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { FindingList } from '../../parts/finding-list.tsx';
import { LeaveGuard } from '../../parts/leave-guard.tsx';
import { Panel } from '../../parts/panel.tsx';
import { RemoveButton } from '../../parts/remove-button.tsx';
import { SaveNotes } from '../../parts/save-notes.tsx';
import { COMMON } from '../../parts/text.ts';
import { tellDone } from '../../parts/toasts.tsx';
import { useText } from '../../text/language.tsx';
import { WordsPanel } from '../profile/words-panel.tsx';
import { SNIPPET } from './text.ts';

type Snippet = Answer<'getSnippet'>;
const REFRESHED = ['getSnippet', 'listSnippets', 'lintProfile', 'renderMachine'] as const;
const NONE: readonly never[] = [];

/** One snippet: its text, and whether it can be read. */
export function SnippetPage(): ReactNode {
  const { snippet: name } = useParams({ from: '/snippets/$snippet' });
  const { data: read, error, refetch } = useThing('getSnippet', { params: { name } });
  if (error && !read) return <ErrorState problem={error} retry={() => void refetch()} />;
  return read && <KnownSnippet key={name} read={read} />;
}

function draftOf({ text }: Snippet): Pick<Snippet, 'text'> {
  return { text };
}

function KnownSnippet({ read }: { readonly read: Tagged<Snippet> }): ReactNode {
  const text = useText(SNIPPET);
  const common = useText(COMMON);
  const { name } = read.thing;
  const drafting = useDraft(read, draftOf);
  const { draft, isDirty } = drafting;
  const mayChange = useMay('putSnippet');
  const saving = useCarefulChange('putSnippet', { get: 'getSnippet', refreshes: REFRESHED });
  const editor = useRef<EditorHandle>(null);
  const save = async (was = drafting.was): Promise<void> => {
    const now = await saving.save({ params: { name }, input: draft }, was);
    if (!now) return;
    drafting.saved(draft, now);
    tellDone(common.saved(name));
  };
  return (
    <>
      <EditedHeader
        title={name}
        above={
          <Link to="/snippets" className="hover:text-text hover:underline">
            {text.above}
          </Link>
        }
        lead={text.lead(name)}
        isDirty={isDirty}
        isPending={saving.isPending}
        save={mayChange ? save : undefined}
        remove={<RemoveSnippet name={name} />}
      />
      <div className="flex flex-col gap-4">
        <SaveNotes saving={saving} takeTheirs={drafting.begin} writeMine={save} />
        <div className="grid items-start gap-4 xl:grid-cols-2">
          <TextPanel
            text={draft.text}
            version={drafting.version}
            mayChange={mayChange}
            change={drafting.change}
            handle={editor}
          />
          <WordsPanel kind="" insert={mayChange ? (piece) => editor.current?.insert(piece) : undefined} />
        </div>
      </div>
      <LeaveGuard isDirty={isDirty} />
    </>
  );
}

interface TextPanelProps {
  readonly text: string;
  readonly version: number;
  readonly mayChange: boolean;
  readonly change: (draft: Pick<Snippet, 'text'>) => void;
  readonly handle: Ref<EditorHandle>;
}

function TextPanel({ text: typed, version, mayChange, change, handle }: TextPanelProps): ReactNode {
  const text = useText(SNIPPET);
  const { data: words } = useRoute('listVariables', {});
  const input = { kind: 'template', text: useSettled(typed) };
  const { data: lint, error } = useRoute('lintAnswer', { input }, { isTyped: true });
  const findings = lint?.items ?? NONE;
  return (
    <Panel isFlush title={text.text}>
      <div className="border-b px-4 py-2.5">
        {error ? <ErrorState problem={error} /> : <FindingList findings={findings} />}
      </div>
      <TemplateEditor
        label={text.text}
        kind=""
        initial={typed}
        version={version}
        isReadOnly={!mayChange}
        findings={findings}
        words={words?.items ?? NONE}
        onChange={(changed) => change({ text: changed })}
        handle={handle}
      />
    </Panel>
  );
}

function RemoveSnippet({ name }: { readonly name: string }): ReactNode {
  const text = useText(SNIPPET);
  const common = useText(COMMON);
  const navigate = useNavigate();
  const removing = useChange('deleteSnippet', ['listSnippets']);
  const remove = async (): Promise<void> => {
    await removing.mutateAsync({ params: { name } });
    tellDone(common.removal.done(name));
    await navigate({ to: '/snippets', ignoreBlocker: true });
  };
  return <RemoveButton name={name} text={text.removal} remove={remove} />;
}
