import { type ReactNode, useSyncExternalStore } from 'react';
import { Listeners } from '../data/listeners.ts';

const changes = new Listeners<void>();
let said = '';

/** Says to screen readers what changed, when they have a moment. */
export function announce(sentence: string): void {
  said = sentence;
  changes.tell();
}

export function Announcer(): ReactNode {
  const sentence = useSyncExternalStore(
    (listener) => changes.add(listener),
    () => said,
  );
  return (
    <div role="status" className="sr-only">
      {sentence}
    </div>
  );
}
