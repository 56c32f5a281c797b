import type { Settings } from '../core/settings/settings.ts';
import { loadLibc } from '../os/libc.ts';
import { NfsPlane } from '../protocols/nfs/plane.ts';
import { faultData } from './log.ts';
import { tellRestart, type TellRestartNeeds } from './tell-restart.ts';

/** How files go out over NFS: by the plane, or by the main thread where that cannot be or is not wanted. */
export interface NfsWay {
  readonly plane: NfsPlane | undefined;
  /** Undefined with the plane. */
  readonly plainBecause: string | undefined;
  close(): Promise<void>;
}

export interface NfsWayNeeds extends TellRestartNeeds {
  readonly settings: Pick<Settings, 'nfs.plane' | 'nfs.port'>;
}

export function chooseNfsWay({ settings, services, log }: NfsWayNeeds): NfsWay {
  const libc = loadLibc();
  if (settings['nfs.port'] === 'off') return plainWay('nfs.port is off');
  if (settings['nfs.plane'] === 'off') return plainWay('nfs.plane is off');
  if ('unavailable' in libc) return plainWay(libc.because);
  const plane = new NfsPlane({
    libc,
    report: (_, error) => log.error('NFS could not serve a call', faultData(error)),
    restarted: tellRestart('NFS', { services, log }),
  });
  return { plane, plainBecause: undefined, close: () => plane.close() };

  function plainWay(plainBecause: string): NfsWay {
    if (settings['nfs.port'] !== 'off')
      log.info(`Files go out over NFS from the main thread, which is slower: ${plainBecause}`);
    return { plane: undefined, plainBecause, close: () => Promise.resolve() };
  }
}
