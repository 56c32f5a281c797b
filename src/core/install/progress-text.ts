import type { Install } from './install.ts';

/** How far an installer was, as it said itself: `at 66 % (fetching the tree)`. */
export function progressText({ percent, step }: Pick<Install, 'percent' | 'step'>): string {
  const named = step === undefined || step === '' ? '' : `(${step})`;
  if (percent === undefined) return named === '' ? 'before it said how far it was' : `at its step ${named}`;
  return `at ${percent} %${named === '' ? '' : ` ${named}`}`;
}

/** `90 s`, `12 min`, `3 h`: rounded, for people. */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
