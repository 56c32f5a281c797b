import type { Settings } from '../core/settings/settings.ts';
import type { DoorsRestart } from '../os/doors/kept-doors.ts';
import { loadLibc } from '../os/libc.ts';
import { HttpPlane } from '../protocols/http/plane.ts';
import type { EventLog } from '../services/event-log.ts';
import { faultData, type Log } from './log.ts';

/** How files go out over HTTP: by the plane, or by the main thread where that cannot be or is not wanted. */
export interface HttpWay {
  readonly plane: HttpPlane | undefined;
  /** Undefined with the plane. */
  readonly plainBecause: string | undefined;
  close(): Promise<void>;
}

export interface HttpWayNeeds {
  readonly settings: Pick<Settings, 'machineHttp.plane' | 'machineHttp.port' | 'machineHttp.threads'>;
  readonly services: { readonly events: Pick<EventLog, 'note'> };
  readonly log: Log;
}

export function chooseHttpWay({ settings, services, log }: HttpWayNeeds): HttpWay {
  const libc = loadLibc();
  if (settings['machineHttp.port'] === 'off') return plainWay('HTTP for machines is off');
  if (settings['machineHttp.plane'] === 'off') return plainWay('machineHttp.plane is off');
  if ('unavailable' in libc) return plainWay(libc.because);
  const plane = new HttpPlane({
    libc,
    threads: settings['machineHttp.threads'],
    report: (_, error) => log.error('HTTP could not serve a request', faultData(error)),
    restarted: (restart) => {
      log.error('The part of HTTP that sends files died, and starts again', { ...restart });
      services.events.note(restartEvent(restart));
    },
  });
  return { plane, plainBecause: undefined, close: () => plane.close() };

  function plainWay(plainBecause: string): HttpWay {
    if (settings['machineHttp.port'] !== 'off')
      log.info(`Files go out over HTTP from the main thread, which is slower: ${plainBecause}`);
    return { plane: undefined, plainBecause, close: () => Promise.resolve() };
  }
}

function restartEvent({ because, restarts, connectionsLost }: DoorsRestart): Parameters<EventLog['note']>[0] {
  return {
    kind: 'http.restarted',
    text: `The part of HTTP that sends files died and was started again; ${connectionsLost} connections were lost`,
    because: because.split('\n', 1)[0] ?? because,
    data: { restarts, connectionsLost },
  };
}
