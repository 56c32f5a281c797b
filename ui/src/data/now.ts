import { useSyncExternalStore } from 'react';
import { Listeners } from './listeners.ts';

const EVERY_MS = 1_000;
const ticks = new Listeners<void>();
let nowMs = Date.now();

/** The time, which moves once a second: one timer for all who show it. */
export function useNow(): number {
  return useSyncExternalStore(
    (listener) => ticks.add(listener),
    () => nowMs,
  );
}

window.setInterval(() => {
  nowMs = Date.now();
  if (!document.hidden) ticks.tell();
}, EVERY_MS);
