import { Outlet, useLocation } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';
import { useSession } from '../data/session.tsx';
import { LoginPage } from '../pages/login/login-page.tsx';
import { ErrorState } from '../parts/error-state.tsx';
import { Announcer } from '../parts/announcer.tsx';
import { useText } from '../text/language.tsx';
import { LiveData } from './live-data.tsx';
import { NarrowBar } from './narrow-bar.tsx';
import { Palette } from './palette.tsx';
import { Sidebar } from './sidebar.tsx';
import { SHELL } from './text.ts';

const MAIN_ID = 'main';

/** What stands around every page; who is not logged in gets the door instead. */
export function Shell(): ReactNode {
  const { session, look } = useSession();
  switch (session.is) {
    case 'unknown':
      return null;
    case 'unreachable':
      return (
        <main className="mx-auto max-w-2xl p-6">
          <ErrorState problem={session.problem} retry={() => void look()} />
        </main>
      );
    case 'logged out':
      return <LoginPage />;
    case 'known':
      return <Frame />;
    default:
      return session satisfies never;
  }
}

function Frame(): ReactNode {
  const text = useText(SHELL);
  const main = useRef<HTMLElement>(null);
  useFocusOnChange(main);
  return (
    <LiveData>
      <a
        href={`#${MAIN_ID}`}
        className="sr-only z-50 rounded-md bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {text.skip}
      </a>
      <div className="flex h-full narrow:flex-col">
        <Sidebar />
        <NarrowBar />
        <main id={MAIN_ID} ref={main} tabIndex={-1} className="min-w-0 flex-1 overflow-y-auto">
          <div className="mx-auto flex min-h-full max-w-[90rem] flex-col p-6 narrow:p-4">
            <Outlet />
          </div>
        </main>
      </div>
      <Palette />
      <Announcer />
    </LiveData>
  );
}

/** Whoever goes to another page goes on there, as with pages of a server; not at the first one. */
function useFocusOnChange(main: React.RefObject<HTMLElement | null>): void {
  const { pathname } = useLocation();
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    main.current?.focus();
  }, [main, pathname]);
}
