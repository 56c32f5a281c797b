import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useSyncExternalStore } from 'react';
import { liveEvents, type Liveness } from '../data/live-events.ts';
import { refreshByEvents } from '../data/refreshing.ts';

/** Holds the stream of events open while somebody is logged in, and keeps answers true by it. */
export function LiveData({ children }: { readonly children: ReactNode }): ReactNode {
  const client = useQueryClient();
  useEffect(() => {
    liveEvents.start();
    const stop = refreshByEvents(client);
    return () => {
      stop();
      liveEvents.stop();
    };
  }, [client]);
  return children;
}

export function useLiveness(): Liveness {
  return useSyncExternalStore(liveEvents.onLiveness, () => liveEvents.liveness);
}
