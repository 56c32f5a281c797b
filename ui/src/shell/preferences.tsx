import type { ReactNode } from 'react';
import { useSession } from '../data/session.tsx';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import { type Language, LANGUAGES } from '../text/catalogue.ts';
import { useLanguage, useText } from '../text/language.tsx';
import { SHELL } from './text.ts';
import { chooseTheme, type Theme, THEMES, useTheme } from './theme.ts';

const THEME_ICONS = { system: 'screen', light: 'sun', dark: 'moon' } as const;

/** Theme, language, and who is here. */
export function Preferences(): ReactNode {
  const { session, logOut } = useSession();
  const text = useText(SHELL);
  return (
    <div className="flex flex-col gap-1 border-t pt-3">
      <ThemeChoice />
      <LanguageChoice />
      {session.is === 'known' && session.by === 'session' && (
        <Button look="quiet" icon="out" className="justify-start px-2" onClick={() => void logOut()}>
          {text.logOut} <span className="truncate text-sm">{session.who}</span>
        </Button>
      )}
    </div>
  );
}

const ROW =
  'flex h-8 narrow:h-11 items-center gap-2.5 rounded-md px-2 text-dim hover:bg-raised hover:text-text';
const SELECT = 'h-full min-w-0 flex-1 bg-transparent font-medium text-inherit';

export function ThemeChoice(): ReactNode {
  const text = useText(SHELL);
  const theme = useTheme();
  return (
    <label className={ROW}>
      <Icon name={THEME_ICONS[theme]} />
      <span className="sr-only">{text.theme.label}</span>
      <select className={SELECT} value={theme} onChange={(event) => chooseTheme(event.target.value as Theme)}>
        {THEMES.map((one) => (
          <option key={one} value={one} className="bg-panel text-text">
            {text.theme[one]}
          </option>
        ))}
      </select>
    </label>
  );
}

export function LanguageChoice(): ReactNode {
  const text = useText(SHELL);
  const { language, choose } = useLanguage();
  return (
    <label className={ROW}>
      <Icon name="language" />
      <span className="sr-only">{text.language}</span>
      <select
        className={SELECT}
        value={language}
        onChange={(event) => choose(event.target.value as Language)}
      >
        {Object.entries(LANGUAGES).map(([code, name]) => (
          <option key={code} value={code} lang={code} className="bg-panel text-text">
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
