import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Icon } from '../parts/icon.tsx';
import { Status } from '../parts/status.tsx';
import { useText } from '../text/language.tsx';
import { useLiveness } from './live-data.tsx';
import { NAVIGATION } from './navigation.ts';
import { PaletteButton } from './palette.tsx';
import { Preferences } from './preferences.tsx';
import { SHELL } from './text.ts';

/** Where there is room: beside the page. */
export function Sidebar(): ReactNode {
  return (
    <header className="flex w-56 shrink-0 flex-col gap-4 border-r bg-panel p-3 narrow:hidden">
      <SidebarParts />
    </header>
  );
}

/** The same in the menu of a narrow screen. @param onGo it was left for a page. */
export function SidebarParts({ onGo }: { readonly onGo?: () => void }): ReactNode {
  const text = useText(SHELL);
  return (
    <>
      <div className="flex h-8 items-center gap-2 px-2">
        <Mark />
        <span className="text-lg font-semibold tracking-tight">Muster</span>
      </div>
      <PaletteButton />
      <nav aria-label={text.pages} className="min-h-0 flex-1 overflow-y-auto">
        <ul className="flex flex-col gap-0.5">
          {NAVIGATION.map(({ to, icon, title }) => (
            <li key={to}>
              <Link
                to={to}
                activeOptions={{ exact: to === '/' }}
                {...(onGo ? { onClick: onGo } : {})}
                className="flex h-8 items-center gap-2.5 rounded-md px-2 font-medium text-dim hover:bg-raised hover:text-text narrow:h-11 aria-[current=page]:bg-raised aria-[current=page]:text-text"
              >
                <Icon name={icon} />
                {title(text)}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <LiveSign />
      <Preferences />
    </>
  );
}

export function Mark(): ReactNode {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true" className="size-5 text-accent">
      <rect width="16" height="16" rx="4" fill="currentColor" />
      <path
        d="M4 12V5.4L8 9l4-3.6V12"
        fill="none"
        stroke="var(--on-accent)"
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

const TONES = { live: 'good', connecting: 'wait', lost: 'bad' } as const;

function LiveSign(): ReactNode {
  const text = useText(SHELL);
  const liveness = useLiveness();
  return (
    <div role="status" title={text.liveLong[liveness]} className="px-2 text-sm">
      <Status tone={TONES[liveness]} icon={liveness === 'live' ? 'dot' : 'warning'}>
        {text.live[liveness]}
      </Status>
    </div>
  );
}
