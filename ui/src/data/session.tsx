import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from 'react';
import { API_PREFIX, onLoggedOut } from './client.ts';

/** Who is logged in here; `open` where the server asks nobody. */
export type Session =
  | { readonly is: 'unknown' }
  | { readonly is: 'open' }
  | { readonly is: 'logged out' }
  | { readonly is: 'logged in'; readonly user: string; readonly role: string };

interface SessionOwner {
  readonly session: Session;
  /** Looks again: after a log-in. */
  readonly look: () => Promise<void>;
  readonly logOut: () => Promise<void>;
}

const SessionContext = createContext<SessionOwner | undefined>(undefined);
export const SESSION_URL = `${API_PREFIX}/session`;
const NO_SUCH_PAGE = 404;

export function SessionProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [session, setSession] = useState<Session>({ is: 'unknown' });
  const look = useCallback(async () => setSession(await lookWho()), []);
  const logOut = useCallback(async () => {
    await fetch(SESSION_URL, { method: 'DELETE' });
    setSession({ is: 'logged out' });
  }, []);
  useEffect(() => {
    onLoggedOut.tell = () => setSession({ is: 'logged out' });
    void look();
  }, [look]);
  const owner = useMemo(() => ({ session, look, logOut }), [session, look, logOut]);
  return <SessionContext value={owner}>{children}</SessionContext>;
}

export function useSession(): SessionOwner {
  const owner = use(SessionContext);
  if (!owner) throw new Error('There is no session outside of SessionProvider');
  return owner;
}

/** A server without this page has no log-in, and everybody who reaches it may do everything. */
async function lookWho(): Promise<Session> {
  try {
    const response = await fetch(SESSION_URL);
    if (response.status === NO_SUCH_PAGE) return { is: 'open' };
    if (!response.ok) return { is: 'logged out' };
    const { user, role } = (await response.json()) as { user: string; role: string };
    return { is: 'logged in', user, role };
  } catch {
    // Not reachable: the pages say so, and ask again.
    return { is: 'open' };
  }
}
