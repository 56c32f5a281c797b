import type { Settings } from '../core/settings/settings.ts';
import type { DoorsRestart } from '../os/doors/kept-doors.ts';
import { loadLibc } from '../os/libc.ts';
import { NfsPlane } from '../protocols/nfs/plane.ts';
import type { EventLog } from '../services/event-log.ts';
import { faultData, type Log } from './log.ts';

/** How files go out over NFS: by the plane, or by the main thread where that cannot be or is not wanted. */
export interface NfsWay {
  readonly plane: NfsPlane | undefined;
  /** Undefined with the plane. */
  readonly plainBecause: string | undefined;
  close(): Promise<void>;
}

export interface NfsWayNeeds {
  readonly settings: Pick<Settings, 'nfs.plane' | 'nfs.port'>;
  readonly services: { readonly events: Pick<EventLog, 'note'> };
  readonly log: Log;
}

export function chooseNfsWay({ settings, services, log }: NfsWayNeeds): NfsWay {
  const libc = loadLibc();
  if (settings['nfs.port'] === 'off') return plainWay('nfs.port is off');
  if (settings['nfs.plane'] === 'off') return plainWay('nfs.plane is off');
  if ('unavailable' in libc) return plainWay(libc.because);
  const plane = new NfsPlane({
    libc,
    report: (_, error) => log.error('NFS could not serve a call', faultData(error)),
    restarted: (restart) => {
      log.error('The part of NFS that sends files died, and starts again', { ...restart });
      services.events.note(restartEvent(restart));
    },
  });
  return { plane, plainBecause: undefined, close: () => plane.close() };

  function plainWay(plainBecause: string): NfsWay {
    if (settings['nfs.port'] !== 'off')
      log.info(`Files go out over NFS from the main thread, which is slower: ${plainBecause}`);
    return { plane: undefined, plainBecause, close: () => Promise.resolve() };
  }
}

function restartEvent({ because, restarts, connectionsLost }: DoorsRestart): Parameters<EventLog['note']>[0] {
  return {
    kind: 'nfs.restarted',
    text: `The part of NFS that sends files died and was started again; ${connectionsLost} connections were lost`,
    because: because.split('\n', 1)[0] ?? because,
    data: { restarts, connectionsLost },
  };
}
