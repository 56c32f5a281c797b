import { type ReactNode, useState } from 'react';
import type { ItemOf } from '../../data/client.ts';
import { useRoute } from '../../data/queries.ts';
import { useMay } from '../../data/session.tsx';
import { Button } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Badge } from '../../parts/status.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { MirrorActions } from './mirror-actions.tsx';
import { MirrorDialog } from './mirror-dialog.tsx';
import { MIRRORS } from './mirror-text.ts';

/** What is sent and kept changes with every request of a machine, and no event tells of it. */
const EVERY_MS = 5_000;

/** Repositories elsewhere that machines fetch packages of through this server. */
export function MirrorsPanel(): ReactNode {
  const text = useText(MIRRORS);
  const mayAdd = useMay('addMirror');
  const [isAdding, setAdding] = useState(false);
  const { data, error, refetch } = useRoute('listMirrors', {}, { everyMs: EVERY_MS });
  if (error) return <ErrorState problem={error} retry={() => void refetch()} />;
  if (!data) return null;
  const add = mayAdd && (
    <Button look="main" icon="add" onClick={() => setAdding(true)}>
      {text.add}
    </Button>
  );
  return (
    <>
      {data.items.length === 0 ? (
        <EmptyState
          icon="network"
          title={text.empty.title}
          actions={add}
          command="muster mirror add debian http://deb.debian.org/debian"
        >
          {text.empty.text}
        </EmptyState>
      ) : (
        <Panel title={text.title} beside={add} isFlush>
          <ul>
            {data.items.map((mirror) => (
              <MirrorRow key={mirror.name} mirror={mirror} />
            ))}
          </ul>
        </Panel>
      )}
      {isAdding && <MirrorDialog close={() => setAdding(false)} />}
    </>
  );
}

function MirrorRow({ mirror }: { readonly mirror: ItemOf<'listMirrors'> }): ReactNode {
  const text = useText(MIRRORS);
  const format = useFormat();
  const { name, url, path, kind, mode, bytes, maxBytes, files, sentBytes, fetchedBytes } = mirror;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b p-4 last:border-0">
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="font-medium">{name}</span>
          <Badge tone={mode === 'online' ? 'good' : 'idle'}>{text.modes[mode]}</Badge>
          <span className="text-sm text-dim">{text.kinds[kind]}</span>
        </div>
        <p className="mt-1 font-mono text-sm break-all text-dim">
          {path} ← {url}
        </p>
        <p className="mt-1 text-sm text-dim">
          {text.kept(format.number(files), format.bytes(bytes), format.bytes(maxBytes))}
          {' · '}
          {text.sent(format.bytes(sentBytes), format.bytes(fetchedBytes))}
        </p>
        <MirrorTrouble mirror={mirror} />
      </div>
      <MirrorActions mirror={mirror} />
    </li>
  );
}

/** What is not as it should be, and how far a look through it is. */
function MirrorTrouble({ mirror }: { readonly mirror: ItemOf<'listMirrors'> }): ReactNode {
  const text = useText(MIRRORS);
  const format = useFormat();
  const { unreachable, unreadable, mismatches, check } = mirror;
  const wrong = [
    ...(unreachable ? [text.unreachable(format.dateTime(unreachable.since), unreachable.because)] : []),
    ...unreadable.map(({ file, because }) => `${file}: ${because}`),
    ...(mismatches > 0 ? [text.mismatches(format.number(mismatches))] : []),
  ];
  return (
    <>
      {wrong.map((sentence) => (
        <p key={sentence} className="mt-1 text-sm break-words text-bad">
          {sentence}
        </p>
      ))}
      {check && (
        <p className="mt-1 text-sm text-dim">
          {text.checks[check.state](
            format.number(check.checked),
            format.number(check.files),
            format.number(check.damaged),
          )}
        </p>
      )}
    </>
  );
}
