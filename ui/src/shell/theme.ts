import { useSyncExternalStore } from 'react';
import { Listeners } from '../data/listeners.ts';

/** `system` follows what the browser's computer is set to. */
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEPT_AS = 'muster.theme';
const changes = new Listeners<void>();

export function useTheme(): Theme {
  return useSyncExternalStore((listener) => changes.add(listener), keptTheme);
}

export function chooseTheme(theme: Theme): void {
  localStorage.setItem(KEPT_AS, theme);
  showKeptTheme();
  changes.tell();
}

/** Also before anything is drawn, so that no page flashes in the other theme. */
export function showKeptTheme(): void {
  document.documentElement.dataset['theme'] = keptTheme();
}

function keptTheme(): Theme {
  const kept = localStorage.getItem(KEPT_AS);
  return THEMES.find((theme) => theme === kept) ?? 'system';
}
