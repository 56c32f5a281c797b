import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Answer, AskProblem } from '../../data/client.ts';
import { Panel } from '../../parts/panel.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { GROUP } from './text.ts';

interface MembersPanelProps {
  /** Those that the selector chooses as it is typed. */
  readonly members: Answer<'listMachines'> | undefined;
  readonly error: AskProblem | null;
}

/** Which machines are in the group, while its selector is typed. */
export function MembersPanel({ members, error }: MembersPanelProps): ReactNode {
  const text = useText(GROUP);
  const format = useFormat();
  const { items = [], total = 0 } = error ? {} : (members ?? {});
  return (
    <Panel title={text.machines} beside={<span className="text-dim">{format.number(total)}</span>}>
      {members && items.length === 0 && <p className="text-dim">{text.nobody}</p>}
      <ul className="flex flex-wrap gap-x-4 gap-y-1">
        {items.map(({ id, name }) => (
          <li key={id}>
            <Link
              to="/machines/$machine"
              params={{ machine: name }}
              className="inline-flex items-center hover:text-accent hover:underline narrow:min-h-11"
            >
              {name}
            </Link>
          </li>
        ))}
        {total > items.length && (
          <li className="text-dim">{text.more(format.number(total - items.length))}</li>
        )}
      </ul>
    </Panel>
  );
}
