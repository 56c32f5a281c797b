import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { type ReactNode, useRef, useState } from 'react';
import type { Answer, Tagged } from '../../data/client.ts';
import { useChange, useRoute, useThing } from '../../data/queries.ts';
import { useMay } from '../../data/session.tsx';
import { useCarefulChange } from '../../data/use-careful-change.ts';
import { useDraft } from '../../data/use-draft.ts';
import { EditedHeader } from '../../parts/edited-header.tsx';
import type { EditorHandle } from '../../parts/editor/template-editor.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { LeaveGuard } from '../../parts/leave-guard.tsx';
import { RemoveButton } from '../../parts/remove-button.tsx';
import { SaveNotes } from '../../parts/save-notes.tsx';
import { COMMON } from '../../parts/text.ts';
import { tellDone } from '../../parts/toasts.tsx';
import { useText } from '../../text/language.tsx';
import { draftOf, inputOf } from './draft.ts';
import { PreviewPanel } from './preview-panel.tsx';
import { SettingsPanel } from './settings-panel.tsx';
import { SideTabs } from './side-tabs.tsx';
import { TemplatePanel } from './template-panel.tsx';
import { PROFILE } from './text.ts';
import { useLook } from './use-look.ts';
import { WordsPanel } from './words-panel.tsx';

type Profile = Answer<'getProfile'>;
const REFRESHED = ['getProfile', 'listProfiles', 'lintProfile', 'renderMachine', 'getStatus'] as const;

/** One profile: its settings and template, what is wrong with them, and what comes of them. */
export function ProfilePage(): ReactNode {
  const { profile: name } = useParams({ from: '/profiles/$profile' });
  const { data: read, error, refetch } = useThing('getProfile', { params: { name } });
  if (error && !read) return <ErrorState problem={error} retry={() => void refetch()} />;
  return read && <KnownProfile key={name} read={read} />;
}

function KnownProfile({ read }: { readonly read: Tagged<Profile> }): ReactNode {
  const text = useText(PROFILE);
  const common = useText(COMMON);
  const { name } = read.thing;
  const drafting = useDraft(read, draftOf);
  const { draft, change, isDirty, version } = drafting;
  const mayChange = useMay('putProfile');
  const saving = useCarefulChange('putProfile', { get: 'getProfile', refreshes: REFRESHED });
  const editor = useRef<EditorHandle>(null);
  const [machine, choose] = useMachine();
  const look = useLook({ ...inputOf(draft, drafting.was.thing), name }, machine);
  const save = async (was = drafting.was): Promise<void> => {
    const now = await saving.save({ params: { name }, input: inputOf(draft, was.thing) }, was);
    if (!now) return;
    drafting.saved(draft, now);
    tellDone(common.saved(name));
  };
  return (
    <>
      <EditedHeader
        title={name}
        above={
          <Link to="/profiles" className="hover:text-text hover:underline">
            {text.above}
          </Link>
        }
        isDirty={isDirty}
        isPending={saving.isPending}
        save={mayChange ? save : undefined}
        remove={<RemoveProfile name={name} />}
      />
      <div className="flex flex-col gap-4">
        <SaveNotes saving={saving} takeTheirs={drafting.begin} writeMine={save} />
        <SettingsPanel draft={draft} change={change} mayChange={mayChange} />
        <div className="grid items-start gap-4 xl:grid-cols-2">
          <TemplatePanel
            name={name}
            draft={draft}
            look={look}
            version={version}
            change={change}
            mayChange={mayChange}
            handle={editor}
          />
          <SideTabs
            preview={<PreviewPanel look={look} machine={machine} choose={choose} />}
            words={
              <WordsPanel
                kind={look.kind}
                insert={mayChange ? (piece) => editor.current?.insert(piece) : undefined}
              />
            }
          />
        </div>
      </div>
      <LeaveGuard isDirty={isDirty} />
    </>
  );
}

/** For which machine it is looked at: the first, until another is chosen. */
function useMachine(): readonly [machine: string, choose: (machine: string) => void] {
  const [chosen, choose] = useState('');
  const { data: machines } = useRoute('listMachines', {});
  return [chosen === '' ? (machines?.items[0]?.name ?? '') : chosen, choose];
}

function RemoveProfile({ name }: { readonly name: string }): ReactNode {
  const text = useText(PROFILE);
  const common = useText(COMMON);
  const navigate = useNavigate();
  const removing = useChange('deleteProfile', ['listProfiles', 'getStatus']);
  const remove = async (): Promise<void> => {
    await removing.mutateAsync({ params: { name } });
    tellDone(common.removal.done(name));
    // What was typed is of no use any more.
    await navigate({ to: '/profiles', ignoreBlocker: true });
  };
  return <RemoveButton name={name} text={text.removal} remove={remove} />;
}
