import type { Settings } from '../core/settings/settings.ts';
import { batchesWork } from '../os/datagram-batch.ts';
import { loadLibc } from '../os/libc.ts';
import { type PlaneRestart, TftpPlane } from '../protocols/tftp/plane.ts';
import { serveTftp } from '../protocols/tftp/server.ts';
import type { TftpServer, TftpServerOptions } from '../protocols/tftp/server-options.ts';
import type { EventLog } from '../services/event-log.ts';
import { faultData, type Log } from './log.ts';

/** How TFTP is served: by the plane, or by the plain server where that cannot be or is not wanted. */
export interface TftpWay {
  readonly serve: (options: TftpServerOptions) => Promise<TftpServer>;
  /** Undefined with the plane. */
  readonly plainBecause: string | undefined;
  /** Threads of the plane that died and were started again. */
  readonly restarts: () => number;
  close(): Promise<void>;
}

export interface TftpWayNeeds {
  readonly settings: Pick<Settings, 'tftp.plane' | 'tftp.port' | 'tftp.threads' | 'tftp.dataPort'>;
  readonly services: { readonly events: Pick<EventLog, 'note'> };
  readonly log: Log;
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
    restarted: (restart) => {
      log.error('The part of TFTP that sends files died, and starts again', { ...restart });
      services.events.note(restartEvent(restart));
    },
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

function restartEvent({ because, restarts, transfersLost }: PlaneRestart): Parameters<EventLog['note']>[0] {
  return {
    kind: 'tftp.restarted',
    text: `The part of TFTP that sends files died and was started again; ${transfersLost} transfers under way were lost`,
    because: because.split('\n', 1)[0] ?? because,
    data: { restarts, transfersLost },
  };
}
