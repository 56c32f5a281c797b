import type { ReactNode } from 'react';
import { useRoute } from '../../data/queries.ts';
import { Choice, Field } from '../../parts/field.tsx';
import { Panel } from '../../parts/panel.tsx';
import { VariablesField } from '../../parts/variables-field.tsx';
import { useText } from '../../text/language.tsx';
import type { Draft } from './draft.ts';
import { GROUP } from './text.ts';

interface SettingsPanelProps {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
  readonly mayChange: boolean;
  /** What is wrong with the selector as it is typed. */
  readonly selectorIssue: string | undefined;
}

export function SettingsPanel({ draft, change, mayChange, selectorIssue }: SettingsPanelProps): ReactNode {
  const text = useText(GROUP);
  const { data: profiles } = useRoute('listProfiles', {});
  const names = new Set([draft.profile, ...(profiles?.items.map(({ name }) => name) ?? [])]);
  names.delete('');
  return (
    <Panel title={text.settings}>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Field
          label={text.selector}
          hint={text.selectorHint}
          issue={selectorIssue}
          autoCapitalize="none"
          value={draft.selector}
          readOnly={!mayChange}
          onChange={({ target }) => change({ selector: target.value })}
        />
        <Field
          label={text.priority}
          hint={text.priorityHint}
          type="number"
          value={draft.priority}
          readOnly={!mayChange}
          onChange={({ target }) => change({ priority: target.value })}
        />
        <Choice
          label={text.profile}
          value={draft.profile}
          disabled={!mayChange}
          onChange={({ target }) => change({ profile: target.value })}
        >
          <option value="">{text.noProfile}</option>
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
        <VariablesField
          value={draft.variables}
          isReadOnly={!mayChange}
          change={(variables) => change({ variables })}
        />
      </div>
    </Panel>
  );
}
