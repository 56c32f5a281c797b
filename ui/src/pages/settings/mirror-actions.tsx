import { type ReactNode, useState } from 'react';
import type { Answer, ItemOf } from '../../data/client.ts';
import { useChange } from '../../data/queries.ts';
import { useMay } from '../../data/session.tsx';
import { Button, IconButton } from '../../parts/button.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { tellDone, tellProblem } from '../../parts/toasts.tsx';
import { useText } from '../../text/language.tsx';
import { MIRRORS } from './mirror-text.ts';

type Mirror = ItemOf<'listMirrors'>;

export function MirrorActions({ mirror }: { readonly mirror: Mirror }): ReactNode {
  const { name } = mirror;
  const text = useText(MIRRORS);
  const mayRemove = useMay('deleteMirror');
  const [isLeaving, setLeaving] = useState(false);
  const removing = useChange('deleteMirror', ['listMirrors']);
  return (
    <div className="flex flex-wrap gap-2">
      <Looks name={name} />
      <ModeSwitch mirror={mirror} />
      {mayRemove && (
        <IconButton icon="remove" label={text.removal.open(name)} onClick={() => setLeaving(true)} />
      )}
      <Confirm
        title={text.removal.title(name)}
        action={text.removal.action}
        loss={text.removal.loss}
        isOpen={isLeaving}
        close={() => setLeaving(false)}
        act={async () => {
          await removing.mutateAsync({ params: { name } });
          tellDone(text.removal.done(name));
        }}
      >
        {text.removal.text}
      </Confirm>
    </div>
  );
}

/** Asking the upstream now, and looking through what is kept. */
function Looks({ name }: { readonly name: string }): ReactNode {
  const text = useText(MIRRORS);
  const may = useMay('refreshMirror');
  const refreshing = useChange('refreshMirror', ['listMirrors']);
  const checking = useChange('checkMirror', ['listMirrors']);
  if (!may) return null;
  const asked = { params: { name } };
  const onError = (error: unknown): void => tellProblem(name, error);
  const tell = ({ items }: Answer<'refreshMirror'>): void => {
    const kept = items.filter(({ result }) => result === 'kept');
    for (const { folder, because } of kept) tellProblem(text.notRefreshed(name, folder), because ?? '');
    if (kept.length === 0) tellDone(text.refreshed(name));
  };
  return (
    <>
      <Button
        icon="refresh"
        disabled={refreshing.isPending}
        onClick={() => refreshing.mutate(asked, { onSuccess: tell, onError })}
      >
        {text.refresh}
      </Button>
      <Button
        icon="check"
        disabled={checking.isPending}
        onClick={() => checking.mutate(asked, { onSuccess: () => tellDone(text.checking(name)), onError })}
      >
        {text.check}
      </Button>
    </>
  );
}

function ModeSwitch({ mirror: { name, mode } }: { readonly mirror: Mirror }): ReactNode {
  const text = useText(MIRRORS);
  const may = useMay('changeMirror');
  const changing = useChange('changeMirror', ['listMirrors']);
  if (!may) return null;
  const next = mode === 'online' ? 'offline' : 'online';
  const flip = (): void =>
    changing.mutate(
      { params: { name }, input: { mode: next } },
      {
        onSuccess: () => tellDone(text.isNow[next](name)),
        onError: (error) => tellProblem(name, error),
      },
    );
  return (
    <Button icon="power" disabled={changing.isPending} onClick={flip}>
      {text.go[next]}
    </Button>
  );
}
