import { type ReactNode, useState } from 'react';
import type { AskProblem } from '../data/client.ts';
import { useText } from '../text/language.tsx';
import { Button } from './button.tsx';
import { ErrorState } from './error-state.tsx';
import { LossTick } from './loss-tick.tsx';
import { Modal } from './modal.tsx';
import { COMMON } from './text.ts';

interface ConfirmProps {
  readonly title: string;
  /** What will happen, and to whom. */
  readonly children: ReactNode;
  /** What is done, as its button says it: "Cancel the install". */
  readonly action: string;
  /** Where data or work is lost: a sentence that must be ticked first. */
  readonly loss?: string;
  readonly isOpen: boolean;
  readonly close: () => void;
  readonly act: () => Promise<unknown>;
}

/** Asks before something that cannot be taken back; stays open with the reason where it was refused. */
export function Confirm({ title, children, action, loss, isOpen, close, act }: ConfirmProps): ReactNode {
  const text = useText(COMMON);
  const [isTicked, setTicked] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<AskProblem>();
  const leave = (): void => {
    setTicked(false);
    setProblem(undefined);
    close();
  };
  const go = async (): Promise<void> => {
    setBusy(true);
    try {
      await act();
      leave();
    } catch (error) {
      setProblem(error as AskProblem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      title={title}
      isOpen={isOpen}
      close={leave}
      actions={
        <>
          <Button onClick={leave}>{text.back}</Button>
          <Button
            look={loss === undefined ? 'main' : 'danger'}
            disabled={isBusy || (loss !== undefined && !isTicked)}
            onClick={() => void go()}
          >
            {action}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <div>{children}</div>
        {loss !== undefined && (
          <LossTick isTicked={isTicked} tick={setTicked}>
            {loss}
          </LossTick>
        )}
        {problem && <ErrorState problem={problem} />}
      </div>
    </Modal>
  );
}
