import type { Settings } from '../core/settings/settings.ts';
import { loadLibc } from '../os/libc.ts';
import { HttpPlane } from '../protocols/http/plane.ts';
import { faultData } from './log.ts';
import { tellRestart, type TellRestartNeeds } from './tell-restart.ts';

/** How files go out over HTTP: by the plane, or by the main thread where that cannot be or is not wanted. */
export interface HttpWay {
  readonly plane: HttpPlane | undefined;
  /** Undefined with the plane. */
  readonly plainBecause: string | undefined;
  close(): Promise<void>;
}

export interface HttpWayNeeds extends TellRestartNeeds {
  readonly settings: Pick<Settings, 'machineHttp.plane' | 'machineHttp.port' | 'machineHttp.threads'>;
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
    restarted: tellRestart('HTTP', { services, log }),
  });
  return { plane, plainBecause: undefined, close: () => plane.close() };

  function plainWay(plainBecause: string): HttpWay {
    if (settings['machineHttp.port'] !== 'off')
      log.info(`Files go out over HTTP from the main thread, which is slower: ${plainBecause}`);
    return { plane: undefined, plainBecause, close: () => Promise.resolve() };
  }
}
