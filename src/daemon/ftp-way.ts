import type { Settings } from '../core/settings/settings.ts';
import { loadLibc } from '../os/libc.ts';
import { FtpPlane, type FtpPlaneRestart } from '../protocols/ftp/plane.ts';
import type { EventLog } from '../services/event-log.ts';
import { faultData, type Log } from './log.ts';

/** How files go out over FTP: by the plane, or by the main thread where that cannot be or is not wanted. */
export interface FtpWay {
  readonly plane: FtpPlane | undefined;
  /** Undefined with the plane. */
  readonly plainBecause: string | undefined;
  close(): Promise<void>;
}

export interface FtpWayNeeds {
  readonly settings: Pick<Settings, 'ftp.plane' | 'ftp.port' | 'ftp.threads'>;
  readonly services: { readonly events: Pick<EventLog, 'note'> };
  readonly log: Log;
}

export function chooseFtpWay({ settings, services, log }: FtpWayNeeds): FtpWay {
  if (settings['ftp.port'] === 'off') return plainWay('ftp.port is off');
  const libc = loadLibc();
  if (settings['ftp.plane'] === 'off') return plainWay('ftp.plane is off');
  if ('unavailable' in libc) return plainWay(libc.because);
  const plane = new FtpPlane({
    libc,
    threads: settings['ftp.threads'],
    report: (_, error) => log.error('FTP could not send a file', faultData(error)),
    restarted: (restart) => {
      log.error('The part of FTP that sends files died, and starts again', { ...restart });
      services.events.note(restartEvent(restart));
    },
  });
  return { plane, plainBecause: undefined, close: () => plane.close() };

  function plainWay(plainBecause: string): FtpWay {
    if (settings['ftp.port'] !== 'off')
      log.info(`Files go out over FTP from the main thread, which is slower: ${plainBecause}`);
    return { plane: undefined, plainBecause, close: () => Promise.resolve() };
  }
}

function restartEvent({
  because,
  restarts,
  transfersLost,
}: FtpPlaneRestart): Parameters<EventLog['note']>[0] {
  return {
    kind: 'ftp.restarted',
    text: `The part of FTP that sends files died and was started again; ${transfersLost} transfers were lost`,
    because: because.split('\n', 1)[0] ?? because,
    data: { restarts, transfersLost },
  };
}
