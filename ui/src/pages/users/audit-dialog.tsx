import type { ReactNode } from 'react';
import { Fact, Facts } from '../../parts/facts.tsx';
import { Modal } from '../../parts/modal.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import type { AuditEntry } from './audit-panel.tsx';
import { differencesOf } from '../../data/difference.ts';
import { USERS } from './text.ts';

interface AuditDialogProps {
  readonly entry: AuditEntry;
  readonly close: () => void;
}

/** One change: who made it, from where, and each value as it was and is. */
export function AuditDialog({ entry, close }: AuditDialogProps): ReactNode {
  const { audit: text } = useText(USERS);
  const format = useFormat();
  const differences = differencesOf(entry.before, entry.after);
  return (
    <Modal title={entry.route} lead={entry.path} isOpen close={close}>
      <Facts>
        <Fact name={text.who}>{entry.who === '' ? text.nobody : entry.who}</Fact>
        <Fact name={text.at}>{format.dateTime(entry.at)}</Fact>
        <Fact name={text.by}>{entry.by}</Fact>
        <Fact name={text.address}>{entry.address}</Fact>
        <Fact name={text.status}>{entry.status}</Fact>
      </Facts>
      {differences.length === 0 ? (
        <p className="mt-4 text-dim">{text.same}</p>
      ) : (
        <table className="mt-4 w-full table-fixed text-left text-sm">
          <thead className="border-b text-dim">
            <tr>
              {[text.value, text.before, text.after].map((title) => (
                <th key={title} scope="col" className="py-1.5 pr-3 font-medium">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="font-mono">
            {differences.map(({ path, before, after }) => (
              <tr key={path} className="border-b align-top">
                <th scope="row" className="py-1.5 pr-3 font-normal break-words">
                  {path}
                </th>
                <td className="py-1.5 pr-3 break-words text-bad">
                  {before !== undefined && <del>{before}</del>}
                </td>
                <td className="py-1.5 pr-3 break-words text-good">
                  {after !== undefined && <ins className="no-underline">{after}</ins>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Modal>
  );
}
