import { useEffect, useState } from 'react';

/** `system` follows what the browser's computer is set to. */
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEPT_AS = 'muster.theme';

export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState<Theme>(keptTheme);
  useEffect(() => {
    localStorage.setItem(KEPT_AS, theme);
    showTheme(theme);
  }, [theme]);
  return [theme, setTheme];
}

/** Before anything is drawn, so that no page flashes in the other theme. */
export function showKeptTheme(): void {
  showTheme(keptTheme());
}

function keptTheme(): Theme {
  const kept = localStorage.getItem(KEPT_AS);
  return THEMES.find((theme) => theme === kept) ?? 'system';
}

function showTheme(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
}
