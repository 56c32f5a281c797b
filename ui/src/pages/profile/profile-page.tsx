import { Link, useBlocker, useParams } from '@tanstack/react-router';
import { type ReactNode, useId, useState } from 'react';
import type { Answer } from '../../data/client.ts';
import { useChange, useRoute } from '../../data/queries.ts';
import { useMay } from '../../data/session.tsx';
import { Button } from '../../parts/button.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Choice, Field } from '../../parts/field.tsx';
import { Modal } from '../../parts/modal.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Status } from '../../parts/status.tsx';
import { tellDone } from '../../parts/toasts.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { type Draft, draftOf, inputOf, isChanged } from './draft.ts';
import { PreviewPanel } from './preview-panel.tsx';
import { TemplateEditor } from './template-editor.tsx';
import { PROFILE } from './text.ts';

type Profile = Answer<'getProfile'>;
type Findings = Answer<'lintProfile'>['findings'];
const NO_FINDINGS: Findings = [];

/** One profile: its settings and template, what is wrong with them, and what comes of them. */
export function ProfilePage(): ReactNode {
  const { profile: name } = useParams({ from: '/profiles/$profile' });
  const { data: profile, error, refetch } = useRoute('getProfile', { params: { name } });
  if (error) return <ErrorState problem={error} retry={() => void refetch()} />;
  return profile && <KnownProfile key={profile.name} profile={profile} />;
}

function KnownProfile({ profile }: { readonly profile: Profile }): ReactNode {
  const text = useText(PROFILE);
  const [draft, setDraft] = useState<Draft>(() => draftOf(profile));
  const maySave = useMay('putProfile');
  const saving = useChange('putProfile', ['getProfile', 'listProfiles', 'lintProfile', 'renderMachine']);
  const { data: lint } = useRoute('lintProfile', { params: { name: profile.name }, query: {} });
  const isDirty = isChanged(draft, profile);
  const save = async (): Promise<void> => {
    try {
      await saving.mutateAsync({ params: { name: profile.name }, input: inputOf(draft, profile) });
      tellDone(text.saved(profile.name));
    } catch {
      // What was refused stands above the fields.
    }
  };
  const change = (part: Partial<Draft>): void => setDraft((before) => ({ ...before, ...part }));
  const findings = lint?.findings ?? NO_FINDINGS;
  return (
    <>
      <PageHeader
        title={profile.name}
        above={
          <Link to="/profiles" className="hover:text-text hover:underline">
            {text.above}
          </Link>
        }
        lead={isDirty && <Status tone="wait">{text.unsaved}</Status>}
        actions={
          maySave && (
            <Button look="main" disabled={!isDirty || saving.isPending} onClick={() => void save()}>
              {text.save}
            </Button>
          )
        }
      />
      <div className="flex flex-col gap-4">
        {saving.error && <ErrorState problem={saving.error} />}
        <SettingsPanel draft={draft} change={change} mayChange={maySave} />
        <div className="grid items-start gap-4 xl:grid-cols-2">
          <TemplatePanel
            name={profile.name}
            draft={draft}
            kind={lint?.kind ?? ''}
            findings={findings}
            change={change}
            mayChange={maySave}
          />
          <PreviewPanel profile={profile.name} />
        </div>
      </div>
      <LeaveGuard isDirty={isDirty} />
    </>
  );
}

interface DraftProps {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
  readonly mayChange: boolean;
}

function SettingsPanel({ draft, change, mayChange }: DraftProps): ReactNode {
  const text = useText(PROFILE);
  const id = useId();
  const { data: images } = useRoute('listImages', {});
  const names = new Set([draft.image, ...(images?.items.map(({ name }) => name) ?? [])]);
  return (
    <Panel title={text.settings}>
      <div className="grid items-start gap-4 lg:grid-cols-3">
        <Choice
          label={text.image}
          value={draft.image}
          disabled={!mayChange}
          onChange={({ target }) => change({ image: target.value })}
        >
          {[...names].map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Choice>
        <Field
          label={text.arguments}
          hint={text.argumentsHint}
          value={draft.arguments}
          readOnly={!mayChange}
          onChange={({ target }) => change({ arguments: target.value })}
        />
        <div className="flex flex-col gap-1">
          <label htmlFor={id} className="font-medium">
            {text.variables}
          </label>
          <textarea
            id={id}
            rows={3}
            spellCheck={false}
            aria-describedby={`${id}-hint`}
            className="w-full rounded-md border border-line-strong bg-panel px-2.5 py-1.5 font-mono text-sm"
            value={draft.variables}
            readOnly={!mayChange}
            onChange={({ target }) => change({ variables: target.value })}
          />
          <p id={`${id}-hint`} className="text-sm text-dim">
            {text.variablesHint}
          </p>
        </div>
      </div>
    </Panel>
  );
}

interface TemplatePanelProps extends DraftProps {
  readonly name: string;
  readonly kind: string;
  readonly findings: Findings;
}

function TemplatePanel({ name, draft, kind, findings, change, mayChange }: TemplatePanelProps): ReactNode {
  const text = useText(PROFILE);
  const format = useFormat();
  const ofTemplate = findings.filter(({ file }) => file === `profile ${name}`);
  return (
    <Panel isFlush title={text.template} beside={<span className="text-sm text-dim">{kind}</span>}>
      <div className="border-b px-4 py-2.5">
        <p className="text-sm text-dim">{text.templateHint}</p>
        {findings.length === 0 ? (
          <Status tone="good">{text.clean}</Status>
        ) : (
          <ul aria-label={text.found} className="flex flex-col gap-1">
            {findings.map(({ level, file, line, text: sentence }) => (
              <li key={`${file} ${line} ${sentence}`} className="flex flex-wrap items-baseline gap-x-3">
                <Status tone={level === 'error' ? 'bad' : 'wait'}>{text.levels[level]}</Status>
                <span className="text-dim">{text.where(file, format.number(line))}</span>
                <span className="min-w-0 flex-1 break-words">{sentence}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
      <TemplateEditor
        label={text.template}
        kind={kind}
        initial={draft.template}
        isReadOnly={!mayChange}
        findings={ofTemplate}
        onChange={(template) => change({ template })}
      />
    </Panel>
  );
}

/** Asks before what was changed is lost, on the page and where the window is closed. */
function LeaveGuard({ isDirty }: { readonly isDirty: boolean }): ReactNode {
  const { leave: text } = useText(PROFILE);
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: () => isDirty,
    enableBeforeUnload: () => isDirty,
    withResolver: true,
  });
  return (
    <Modal
      title={text.title}
      isOpen={status === 'blocked'}
      close={() => reset?.()}
      actions={
        <>
          <Button look="danger" onClick={() => proceed?.()}>
            {text.go}
          </Button>
          <Button look="main" onClick={() => reset?.()}>
            {text.stay}
          </Button>
        </>
      }
    >
      {text.text}
    </Modal>
  );
}
