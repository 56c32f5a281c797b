import { EXIT } from '../cli/exit-codes.ts';
import type { SettingsOptions, TalkOptions } from '../cli/local-commands.ts';
import { clockSource } from './clock-source.ts';
import { StartError } from './lifecycle.ts';
import { loadSettings, SettingsError } from './load-settings.ts';
import { faultData, type Log, openLog } from './log.ts';
import { sourcesOf } from './settings-sources.ts';
import { runDaemon } from './run-daemon.ts';
import { VERSION } from './version.ts';

/** A second signal ends the program at once. */
const STOP_SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** `muster up`: runs in the foreground until SIGTERM or Ctrl-C. @returns the exit code */
export async function up(options: SettingsOptions & TalkOptions): Promise<number> {
  const say = (text: string): void => void process.stderr.write(text);
  let log: Log | undefined;
  try {
    const { settings } = loadSettings({ ...sourcesOf(options) });
    const terminal = process.stderr.isTTY;
    log = openLog(settings, { write: say, terminal, colour: options.color === 'color' });
    await runDaemon({
      settings,
      version: VERSION,
      log,
      clocks: clockSource(),
      say: options.quiet ? () => undefined : say,
      frame: /utf-?8/i.test(process.env['LC_ALL'] ?? process.env['LC_CTYPE'] ?? process.env['LANG'] ?? '')
        ? 'lines'
        : 'plain',
      environment: process.env,
      stop: stopSignal(),
    });
    return EXIT.ok;
  } catch (error) {
    return sayWhy(error, say, log);
  }
}

function sayWhy(error: unknown, say: (text: string) => void, log: Log | undefined): number {
  if (error instanceof SettingsError) {
    say(`muster: ${error.message}\n`);
    return EXIT.badConfiguration;
  }
  if (error instanceof StartError) {
    say(`muster: ${error.message}\n`);
    return error.exitCode;
  }
  if (log) log.error('Muster stopped through a mistake of its own', faultData(error));
  else say(`muster: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return EXIT.failed;
}

function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of STOP_SIGNALS) process.once(signal, () => stop.abort());
  return stop.signal;
}
