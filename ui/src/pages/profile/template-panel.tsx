import type { ReactNode, Ref } from 'react';
import { useRoute } from '../../data/queries.ts';
import { type EditorHandle, TemplateEditor } from '../../parts/editor/template-editor.tsx';
import { FindingList } from '../../parts/finding-list.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useText } from '../../text/language.tsx';
import type { DraftProps } from './settings-panel.tsx';
import { PROFILE } from './text.ts';
import type { Look } from './use-look.ts';

interface TemplatePanelProps extends DraftProps {
  readonly name: string;
  readonly look: Look;
  readonly version: number;
  readonly handle: Ref<EditorHandle>;
}

const NO_WORDS: readonly never[] = [];

export function TemplatePanel(props: TemplatePanelProps): ReactNode {
  const { name, draft, look, version, change, mayChange, handle } = props;
  const text = useText(PROFILE);
  const { data: words } = useRoute('listVariables', {});
  const { kind, findings, because } = look;
  return (
    <Panel isFlush title={text.template} beside={<span className="text-sm text-dim">{kind}</span>}>
      <div className="border-b px-4 py-2.5">
        <p className="text-sm text-dim">{text.templateHint}</p>
        {because === undefined ? <FindingList findings={findings} /> : <p>{because}</p>}
      </div>
      <TemplateEditor
        label={text.template}
        kind={kind}
        initial={draft.template}
        version={version}
        isReadOnly={!mayChange}
        findings={findings.filter(({ file }) => file === `profile ${name}`)}
        words={words?.items ?? NO_WORDS}
        onChange={(template) => change({ template })}
        handle={handle}
      />
    </Panel>
  );
}
