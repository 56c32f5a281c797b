import { type ReactNode, useState } from 'react';
import { useRoute } from '../../data/queries.ts';
import type { TemplateWord } from '../../parts/editor/completions.ts';
import { SearchField } from '../../parts/field.tsx';
import { Badge } from '../../parts/status.tsx';
import { COMMON } from '../../parts/text.ts';
import { useText } from '../../text/language.tsx';
import { insertionOf, wordsWith } from './insertion.ts';
import { PROFILE } from './text.ts';

interface WordsPanelProps {
  readonly kind: string;
  /** Left out: who is here only reads. */
  readonly insert?: ((text: string) => void) | undefined;
}

/** What the template may use; what is pressed comes into it. */
export function WordsPanel({ kind, insert }: WordsPanelProps): ReactNode {
  const { words: text } = useText(PROFILE);
  const common = useText(COMMON);
  const [wanted, want] = useState('');
  const { data } = useRoute('listVariables', {});
  const shown = wordsWith(wanted, data?.items ?? []);
  return (
    <div className="min-w-0 rounded-lg border bg-panel">
      <div className="flex border-b p-3">
        <SearchField label={text.search} value={wanted} onChange={want} />
      </div>
      <div role="region" aria-label={text.title} tabIndex={0} className="h-[60vh] overflow-y-auto">
        <ul>
          {shown.map((word) => (
            <li key={`${word.is} ${word.name}`} className="border-b px-4 py-2 last:border-0">
              <Word word={word} kind={kind} insert={insert} />
            </li>
          ))}
          {data && shown.length === 0 && <li className="p-8 text-center text-dim">{common.nothingFits}</li>}
        </ul>
      </div>
    </div>
  );
}

interface WordProps extends WordsPanelProps {
  readonly word: TemplateWord;
}

function Word({ word, kind, insert }: WordProps): ReactNode {
  const { words: text } = useText(PROFILE);
  const { name, is, sentence, initial, choices, leftOut } = word;
  const because = leftOut?.find((one) => one.kind === kind)?.because;
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3">
        {insert ? (
          <button
            type="button"
            title={text.insert(insertionOf(word, kind))}
            onClick={() => insert(insertionOf(word, kind))}
            className="font-mono text-sm text-accent hover:underline narrow:min-h-11"
          >
            {name}
          </button>
        ) : (
          <span className="font-mono text-sm">{name}</span>
        )}
        <span className="text-sm text-dim">{text.kinds[is]}</span>
        {because !== undefined && <Badge tone="idle">{text.leftOut}</Badge>}
      </div>
      <p className="text-sm">{because === undefined ? sentence : because}</p>
      {choices && <p className="text-sm text-dim">{text.choices(choices.join(', '))}</p>}
      {initial !== undefined && <p className="text-sm text-dim">{text.initial(initial)}</p>}
    </>
  );
}
