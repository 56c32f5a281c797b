import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useSyncExternalStore } from 'react';
import { ask } from '../data/client.ts';
import { liveEvents, type Liveness } from '../data/live-events.ts';
import { refreshByEvents } from '../data/refreshing.ts';

/** Holds the stream of events open while somebody is logged in, and keeps answers true by it. */
export function LiveData({ children }: { readonly children: ReactNode }): ReactNode {
  const client = useQueryClient();
  useEffect(() => {
    liveEvents.start();
    const stop = refreshByEvents(client);
    const stopLooking = liveEvents.onLiveness(lookWhetherLoggedIn);
    return () => {
      stop();
      stopLooking();
      liveEvents.stop();
    };
  }, [client]);
  return children;
}

/** A stream does not say why it was refused; any other request does, and leads to the door where it has to. */
function lookWhetherLoggedIn(): void {
  if (liveEvents.liveness === 'lost') void ask('getStatus', {}).catch(() => undefined);
}

export function useLiveness(): Liveness {
  return useSyncExternalStore(liveEvents.onLiveness, () => liveEvents.liveness);
}
