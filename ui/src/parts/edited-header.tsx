import type { ReactNode } from 'react';
import { useText } from '../text/language.tsx';
import { Button } from './button.tsx';
import { PageHeader } from './page-header.tsx';
import { Status } from './status.tsx';
import { COMMON } from './text.ts';

interface EditedHeaderProps {
  readonly title: string;
  readonly above: ReactNode;
  readonly lead?: ReactNode;
  /** Something was typed that is not saved. */
  readonly isDirty: boolean;
  readonly isPending: boolean;
  /** Left out: who is here only reads. */
  readonly save?: (() => Promise<void>) | undefined;
  /** The button that takes the thing away. */
  readonly remove: ReactNode;
}

/** The head of a page on which a thing is changed. */
export function EditedHeader(props: EditedHeaderProps): ReactNode {
  const { title, above, lead, isDirty, isPending, save, remove } = props;
  const text = useText(COMMON);
  return (
    <PageHeader
      title={title}
      above={above}
      lead={isDirty ? <Status tone="wait">{text.unsaved}</Status> : lead}
      actions={
        save && (
          <>
            {remove}
            <Button look="main" disabled={!isDirty || isPending} onClick={() => void save()}>
              {text.save}
            </Button>
          </>
        )
      }
    />
  );
}
