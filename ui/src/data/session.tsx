import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from 'react';
import type { RouteName } from '../../../src/contract/routes.ts';
import { type Answer, ask, AskProblem, onLoggedOut } from './client.ts';
import { ROUTE_TABLE } from './route-table.ts';

type WhoAsks = Answer<'getSession'>;
type Role = NonNullable<WhoAsks['role']>;

/** Who is here, as the server knows them. */
export type Session =
  | { readonly is: 'unknown' }
  | { readonly is: 'unreachable'; readonly problem: AskProblem }
  /** `openId`: where a log-in at an OpenID provider begins, if there is one. */
  | { readonly is: 'logged out'; readonly openId?: string }
  | { readonly is: 'known'; readonly who: string; readonly role: Role; readonly by: WhoAsks['by'] };

interface SessionOwner {
  readonly session: Session;
  /** Looks again: after a log-in, or where the server was not there. */
  readonly look: () => Promise<void>;
  readonly logOut: () => Promise<void>;
}

const SessionContext = createContext<SessionOwner | undefined>(undefined);
/** What each may, the later ones may too. */
const ROLES: readonly Role[] = ['viewer', 'operator', 'admin'];

export function SessionProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [session, setSession] = useState<Session>({ is: 'unknown' });
  const look = useCallback(async () => setSession(await lookWho()), []);
  const logOut = useCallback(async () => {
    await ask('logOut', {});
    // Nothing of what was read stays in the page for who comes next.
    window.location.assign('/');
  }, []);
  useEffect(() => {
    onLoggedOut.tell = () => void lookWho().then(setSession);
    void lookWho().then(setSession);
  }, []);
  const owner = useMemo(() => ({ session, look, logOut }), [session, look, logOut]);
  return <SessionContext value={owner}>{children}</SessionContext>;
}

export function useSession(): SessionOwner {
  const owner = use(SessionContext);
  if (!owner) throw new Error('There is no session outside of SessionProvider');
  return owner;
}

/** Whether whoever is here may ask this row; a button for what is refused anyway is not shown. */
export function useMay(route: RouteName): boolean {
  const { session } = useSession();
  const [wanted] = ROUTE_TABLE[route].split(' ');
  if (wanted === 'public') return true;
  return session.is === 'known' && ROLES.indexOf(session.role) >= ROLES.findIndex((role) => role === wanted);
}

async function lookWho(): Promise<Session> {
  try {
    const { who, role, by, openId } = await ask('getSession', {});
    if (who !== undefined && role !== undefined) return { is: 'known', who, role, by };
    return { is: 'logged out', ...(openId === undefined ? {} : { openId }) };
  } catch (error) {
    if (error instanceof AskProblem) return { is: 'unreachable', problem: error };
    throw error;
  }
}
