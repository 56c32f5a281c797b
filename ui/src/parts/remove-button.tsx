import { type ReactNode, useState } from 'react';
import { useText } from '../text/language.tsx';
import { Button } from './button.tsx';
import { Confirm } from './confirm.tsx';
import { COMMON } from './text.ts';

interface RemoveButtonProps {
  readonly name: string;
  /** What becomes of what used it. */
  readonly text: string;
  readonly remove: () => Promise<unknown>;
}

/** Takes a thing away, after it was asked whether that is meant; why it was refused stands there. */
export function RemoveButton({ name, text: consequence, remove }: RemoveButtonProps): ReactNode {
  const { removal: text } = useText(COMMON);
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Button icon="remove" look="danger" onClick={() => setAsking(true)}>
        {text.button}
      </Button>
      <Confirm
        title={text.title(name)}
        action={text.action(name)}
        isOpen={isAsking}
        close={() => setAsking(false)}
        act={remove}
      >
        {consequence}
      </Confirm>
    </>
  );
}
