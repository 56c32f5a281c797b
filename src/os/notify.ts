import { execFile } from 'node:child_process';
import { type Libc, loadLibc, type NoLibc } from './libc.ts';

/** What systemd puts in the environment of a service (sd_notify(3), sd_watchdog_enabled(3)). */
export interface NotifyEnvironment {
  readonly NOTIFY_SOCKET?: string | undefined;
  readonly WATCHDOG_USEC?: string | undefined;
  readonly WATCHDOG_PID?: string | undefined;
}

/** Tells systemd how this service is. Nothing here ever fails: a service manager that does not listen is no reason. */
export interface Notifier {
  /** How often `watchdog` must be called, already halved as systemd advises; undefined when nobody waits for it. */
  readonly watchdogEveryMs: number | undefined;
  /** All is open; what waits for the service goes on. */
  ready(status: string): Promise<void>;
  status(text: string): Promise<void>;
  stopping(): Promise<void>;
  watchdog(): Promise<void>;
}

export interface NotifierOptions {
  readonly environment: NotifyEnvironment;
  /** Told once of what went wrong. */
  readonly report?: (because: string) => void;
  readonly libc?: Libc | NoLibc;
}

const SYSTEMD_NOTIFY_LIMIT_MS = 5_000;

export function openNotifier({ environment, report = () => {}, libc }: NotifierOptions): Notifier {
  const { NOTIFY_SOCKET: path } = environment;
  const tell = path ? tellOnce(path, libc ?? loadLibc(), report) : () => Promise.resolve();
  return {
    watchdogEveryMs: path ? watchdogEveryMs(environment, process.pid) : undefined,
    ready: (status) => tell(['READY=1', statusLine(status)]),
    status: (text) => tell([statusLine(text)]),
    stopping: () => tell(['STOPPING=1']),
    watchdog: () => tell(['WATCHDOG=1']),
  };
}

/** Half the time after which systemd ends a service that is silent; undefined when it does not watch this process. */
export function watchdogEveryMs(environment: NotifyEnvironment, pid: number): number | undefined {
  const { WATCHDOG_USEC: usec = '', WATCHDOG_PID: watched } = environment;
  if (watched !== undefined && watched !== String(pid)) return undefined;
  return /^[1-9]\d*$/.test(usec) ? Number(usec) / 2_000 : undefined;
}

/** One line: each line of the datagram is an assignment of its own. */
function statusLine(text: string): string {
  return `STATUS=${text.replaceAll(/\s+/g, ' ')}`;
}

type Tell = (lines: readonly string[]) => Promise<void>;

function tellOnce(path: string, libc: Libc | NoLibc, report: (because: string) => void): Tell {
  const send = 'unavailable' in libc ? tellByProgram : tellBySocket(path, libc);
  let reported = false;
  return async (lines) => {
    try {
      await send(lines);
    } catch (error) {
      if (reported) return;
      reported = true;
      report(
        `systemd is not told of this service: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  };
}

function tellBySocket(path: string, libc: Libc): Tell {
  return async (lines) => {
    const fd = libc.socket('unix');
    try {
      libc.sendUnix(fd, path, Buffer.from(lines.join('\n')));
    } finally {
      libc.close(fd);
    }
  };
}

/** systemd-notify finds the socket in the environment it inherits. The unit allows it with NotifyAccess=all. */
const tellByProgram: Tell = (lines) =>
  new Promise((resolve, reject) => {
    execFile('systemd-notify', [...lines], { timeout: SYSTEMD_NOTIFY_LIMIT_MS }, (error) =>
      error ? reject(error) : resolve(),
    );
  });
