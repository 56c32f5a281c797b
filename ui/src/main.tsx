import './styles.css';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { AskProblem } from './data/client.ts';
import { SessionProvider } from './data/session.tsx';
import { Toasts } from './parts/toasts.tsx';
import { router } from './router.tsx';
import { showKeptTheme } from './shell/theme.ts';
import { LanguageProvider } from './text/language.tsx';

/** Answers are kept true by events, so that age alone makes few of them stale. */
const FRESH_MS = 30_000;
const MAX_RETRIES = 2;

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      // A "no" of the server stays a "no"; only a server that is not there is asked again.
      retry: (failures, error) =>
        failures < MAX_RETRIES && error instanceof AskProblem && error.type === 'unreachable',
    },
  },
});

showKeptTheme();
const place = document.querySelector('#page');
if (!place) throw new Error('The page has no place for its content');
createRoot(place).render(
  <StrictMode>
    {/* The page's Content-Security-Policy takes no style elements. */}
    <CSPProvider disableStyleElements>
      <LanguageProvider>
        <QueryClientProvider client={queries}>
          <SessionProvider>
            <Toasts>
              <RouterProvider router={router} />
            </Toasts>
          </SessionProvider>
        </QueryClientProvider>
      </LanguageProvider>
    </CSPProvider>
  </StrictMode>,
);
