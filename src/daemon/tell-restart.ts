import type { EventLog } from '../services/event-log.ts';
import type { Log } from './log.ts';

/** What planes tell of a thread that died. */
type Restart = {
  readonly because: string;
  /** Of all threads since the start. */
  readonly restarts: number;
  readonly pauseMs: number;
} & ({ readonly connectionsLost: number } | { readonly transfersLost: number });

export interface TellRestartNeeds {
  readonly services: { readonly events: Pick<EventLog, 'note'> };
  readonly log: Log;
}

const KINDS = {
  HTTP: 'http.restarted',
  FTP: 'ftp.restarted',
  NFS: 'nfs.restarted',
  TFTP: 'tftp.restarted',
} as const;

/** A thread that died stands in the log, and in the timeline with what was lost by it. */
export function tellRestart(
  protocol: keyof typeof KINDS,
  { services, log }: TellRestartNeeds,
): (restart: Restart) => void {
  return (restart) => {
    const { because, restarts } = restart;
    log.error(`The part of ${protocol} that sends files died, and starts again`, { ...restart });
    const lost =
      'connectionsLost' in restart
        ? {
            words: `${restart.connectionsLost} connections`,
            data: { connectionsLost: restart.connectionsLost },
          }
        : { words: `${restart.transfersLost} transfers`, data: { transfersLost: restart.transfersLost } };
    services.events.note({
      kind: KINDS[protocol],
      text: `The part of ${protocol} that sends files died and was started again; ${lost.words} were lost`,
      because: because.split('\n', 1)[0] ?? because,
      data: { restarts, ...lost.data },
    });
  };
}
