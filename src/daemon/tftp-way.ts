import type { Settings } from '../core/settings/settings.ts';
import { batchesWork } from '../os/datagram-batch.ts';
import { loadLibc } from '../os/libc.ts';
import { TftpPlane } from '../protocols/tftp/plane.ts';
import { serveTftp } from '../protocols/tftp/server.ts';
import type { TftpServer, TftpServerOptions } from '../protocols/tftp/server-options.ts';
import { faultData } from './log.ts';
import { tellRestart, type TellRestartNeeds } from './tell-restart.ts';

/** How TFTP is served: by the plane, or by the plain server where that cannot be or is not wanted. */
export interface TftpWay {
  readonly serve: (options: TftpServerOptions) => Promise<TftpServer>;
  /** Undefined with the plane. */
  readonly plainBecause: string | undefined;
  /** Threads of the plane that died and were started again. */
  readonly restarts: () => number;
  close(): Promise<void>;
}

export interface TftpWayNeeds extends TellRestartNeeds {
  readonly settings: Pick<Settings, 'tftp.plane' | 'tftp.port' | 'tftp.threads' | 'tftp.dataPort'>;
}

export function chooseTftpWay({ settings, services, log }: TftpWayNeeds): TftpWay {
  const libc = loadLibc();
  const dataPort = settings['tftp.dataPort'];
  if (settings['tftp.port'] === 'off') return plainWay('TFTP is off');
  if (settings['tftp.plane'] === 'off') return plainWay('tftp.plane is off');
  if (dataPort === 'each') return plainWay('each transfer is to have a port of its own (tftp.dataPort)');
  if ('unavailable' in libc) return plainWay(libc.because);
  if (!batchesWork()) return plainWay(`its structures are not known for ${process.arch}`);
  const plane = new TftpPlane({
    libc,
    threads: settings['tftp.threads'],
    dataPort,
    report: (what, error) => {
      if (what === 'dropped') log.debug(`TFTP dropped what makes no sense: ${String(error)}`);
      else log.error('TFTP could not serve a request', faultData(error));
    },
    restarted: tellRestart('TFTP', { services, log }),
  });
  return {
    serve: (options) => plane.serve(options),
    plainBecause: undefined,
    restarts: () => plane.restarts,
    close: () => plane.close(),
  };

  function plainWay(plainBecause: string): TftpWay {
    if (settings['tftp.port'] !== 'off')
      log.info(`TFTP is served by the plain server, which is slower: ${plainBecause}`);
    return { serve: serveTftp, plainBecause, restarts: () => 0, close: () => Promise.resolve() };
  }
}
