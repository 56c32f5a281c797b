import type { ReactNode } from 'react';
import { useRoute } from '../../data/queries.ts';
import { Choice, Field } from '../../parts/field.tsx';
import { Panel } from '../../parts/panel.tsx';
import { VariablesField } from '../../parts/variables-field.tsx';
import { useText } from '../../text/language.tsx';
import type { Draft } from './draft.ts';
import { PROFILE } from './text.ts';

export interface DraftProps {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
  readonly mayChange: boolean;
}

export function SettingsPanel({ draft, change, mayChange }: DraftProps): ReactNode {
  const text = useText(PROFILE);
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
        <VariablesField
          value={draft.variables}
          isReadOnly={!mayChange}
          change={(variables) => change({ variables })}
        />
      </div>
    </Panel>
  );
}
