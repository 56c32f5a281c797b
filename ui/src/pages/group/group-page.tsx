import { Link, useNavigate, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Answer, Tagged } from '../../data/client.ts';
import { useChange, useRoute, useThing } from '../../data/queries.ts';
import { useMay } from '../../data/session.tsx';
import { useCarefulChange } from '../../data/use-careful-change.ts';
import { useDraft } from '../../data/use-draft.ts';
import { useSettled } from '../../data/settled.ts';
import { EditedHeader } from '../../parts/edited-header.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { LeaveGuard } from '../../parts/leave-guard.tsx';
import { RemoveButton } from '../../parts/remove-button.tsx';
import { SaveNotes } from '../../parts/save-notes.tsx';
import { COMMON } from '../../parts/text.ts';
import { tellDone } from '../../parts/toasts.tsx';
import { useText } from '../../text/language.tsx';
import { draftOf, fieldsOf, inputOf } from './draft.ts';
import { MembersPanel } from './members-panel.tsx';
import { SettingsPanel } from './settings-panel.tsx';
import { GROUP } from './text.ts';

type Group = Answer<'getGroup'>;
const REFRESHED = ['getGroup', 'listGroups', 'machineInheritance', 'renderMachine', 'lintProfile'] as const;
/** Machines that are named; of the others their number is told. */
const MAX_NAMED = 100;

/** One group: who is in it, and what they get by it. */
export function GroupPage(): ReactNode {
  const { group: name } = useParams({ from: '/groups/$group' });
  const { data: read, error, refetch } = useThing('getGroup', { params: { name } });
  if (error && !read) return <ErrorState problem={error} retry={() => void refetch()} />;
  return read && <KnownGroup key={name} read={read} />;
}

function KnownGroup({ read }: { readonly read: Tagged<Group> }): ReactNode {
  const text = useText(GROUP);
  const common = useText(COMMON);
  const { name } = read.thing;
  const drafting = useDraft(read, draftOf);
  const { draft, change, isDirty } = drafting;
  const mayChange = useMay('putGroup');
  const saving = useCarefulChange('putGroup', { get: 'getGroup', refreshes: REFRESHED, fieldsOf });
  const selector = useSettled(draft.selector.trim());
  const { data: members, error } = useRoute(
    'listMachines',
    { query: { selector, limit: MAX_NAMED } },
    { isTyped: true },
  );
  const save = async (was = drafting.was): Promise<void> => {
    const now = await saving.save({ params: { name }, input: inputOf(draft) }, was);
    if (!now) return;
    drafting.saved(draft, now);
    tellDone(common.saved(name));
  };
  return (
    <>
      <EditedHeader
        title={name}
        above={
          <Link to="/groups" className="hover:text-text hover:underline">
            {text.above}
          </Link>
        }
        isDirty={isDirty}
        isPending={saving.isPending}
        save={mayChange ? save : undefined}
        remove={<RemoveGroup name={name} />}
      />
      <div className="flex flex-col gap-4">
        <SaveNotes saving={saving} takeTheirs={drafting.begin} writeMine={save} />
        <SettingsPanel draft={draft} change={change} mayChange={mayChange} selectorIssue={error?.message} />
        <MembersPanel members={members} error={error} />
      </div>
      <LeaveGuard isDirty={isDirty} />
    </>
  );
}

function RemoveGroup({ name }: { readonly name: string }): ReactNode {
  const text = useText(GROUP);
  const common = useText(COMMON);
  const navigate = useNavigate();
  const removing = useChange('deleteGroup', ['listGroups']);
  const remove = async (): Promise<void> => {
    await removing.mutateAsync({ params: { name } });
    tellDone(common.removal.done(name));
    await navigate({ to: '/groups', ignoreBlocker: true });
  };
  return <RemoveButton name={name} text={text.removal} remove={remove} />;
}
