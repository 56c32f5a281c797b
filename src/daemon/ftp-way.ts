import type { Settings } from '../core/settings/settings.ts';
import { loadLibc } from '../os/libc.ts';
import { FtpPlane } from '../protocols/ftp/plane.ts';
import { faultData } from './log.ts';
import { tellRestart, type TellRestartNeeds } from './tell-restart.ts';

/** How files go out over FTP: by the plane, or by the main thread where that cannot be or is not wanted. */
export interface FtpWay {
  readonly plane: FtpPlane | undefined;
  /** Undefined with the plane. */
  readonly plainBecause: string | undefined;
  close(): Promise<void>;
}

export interface FtpWayNeeds extends TellRestartNeeds {
  readonly settings: Pick<Settings, 'ftp.plane' | 'ftp.port' | 'ftp.threads'>;
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
    restarted: tellRestart('FTP', { services, log }),
  });
  return { plane, plainBecause: undefined, close: () => plane.close() };

  function plainWay(plainBecause: string): FtpWay {
    if (settings['ftp.port'] !== 'off')
      log.info(`Files go out over FTP from the main thread, which is slower: ${plainBecause}`);
    return { plane: undefined, plainBecause, close: () => Promise.resolve() };
  }
}
