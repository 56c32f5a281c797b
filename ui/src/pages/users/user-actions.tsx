import { type ReactNode, useState } from 'react';
import type { ItemOf } from '../../data/client.ts';
import { useChange } from '../../data/queries.ts';
import { IconButton } from '../../parts/button.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { Choice } from '../../parts/field.tsx';
import { tellDone, tellProblem } from '../../parts/toasts.tsx';
import { useText } from '../../text/language.tsx';
import type { ShownLink } from './link-dialog.tsx';
import { USERS } from './text.ts';

type User = ItemOf<'listUsers'>;
type Action = 'lock' | 'unlock' | 'remove';

export const ROLES = ['viewer', 'operator', 'admin'] as const;
const REFRESHED = ['listUsers', 'listTokens', 'listAudit'] as const;

export function RoleChoice({ user: { name, role } }: { readonly user: User }): ReactNode {
  const text = useText(USERS);
  const changing = useChange('changeUser', REFRESHED);
  const change = (next: string): void => {
    const wanted = ROLES.find((one) => one === next) ?? role;
    changing.mutate(
      { params: { name }, input: { role: wanted } },
      {
        onSuccess: () => tellDone(text.changedRole(name, text.roles[wanted])),
        onError: (error) => tellProblem(text.roleOf(name), error),
      },
    );
  };
  return (
    <Choice
      label={text.roleOf(name)}
      isLabelHidden
      value={role}
      disabled={changing.isPending}
      onChange={({ target }) => change(target.value)}
    >
      {ROLES.map((one) => (
        <option key={one} value={one}>
          {text.roles[one]}
        </option>
      ))}
    </Choice>
  );
}

interface UserActionsProps {
  readonly user: User;
  readonly showLink: (link: ShownLink) => void;
}

/** A new link, locking and removing; the last two ask first. */
export function UserActions({ user: { name, state }, showLink }: UserActionsProps): ReactNode {
  const text = useText(USERS);
  const [open, setOpen] = useState<Action>();
  const linking = useChange('makeLoginLink', ['listUsers']);
  const changing = useChange('changeUser', REFRESHED);
  const removing = useChange('deleteUser', REFRESHED);
  const params = { name };
  const lockOrUnlock = state === 'active' ? 'lock' : 'unlock';
  const acts: Readonly<Record<Action, () => Promise<unknown>>> = {
    lock: () => changing.mutateAsync({ params, input: { state: 'locked' } }),
    unlock: () => changing.mutateAsync({ params, input: { state: 'active' } }),
    remove: () => removing.mutateAsync({ params }),
  };
  const link = (): void =>
    linking.mutate(
      { params },
      {
        onSuccess: (made) => showLink({ name, ...made }),
        onError: (error) => tellProblem(text.link.action, error),
      },
    );
  return (
    <span className="inline-flex">
      <IconButton icon="link" label={`${text.link.action}: ${name}`} onClick={link} />
      <IconButton
        icon={state === 'active' ? 'pause' : 'play'}
        label={`${text[lockOrUnlock].action}: ${name}`}
        onClick={() => setOpen(lockOrUnlock)}
      />
      <IconButton icon="remove" label={`${text.remove.action}: ${name}`} onClick={() => setOpen('remove')} />
      {open && (
        <Confirm
          title={`${text[open].action}: ${name}`}
          action={text[open].action}
          isOpen
          close={() => setOpen(undefined)}
          act={async () => {
            await acts[open]();
            tellDone(text[open].done(name));
          }}
        >
          {text[open].text(name)}
        </Confirm>
      )}
    </span>
  );
}
