import { styleText } from 'node:util';
import { pino } from 'pino';
import type { Settings } from '../core/settings/settings.ts';

/** What the program's parts may say to whoever runs it. Data beside the sentence is for programs that read JSON. */
export interface Log {
  error(text: string, data?: Readonly<Record<string, unknown>>): void;
  warn(text: string, data?: Readonly<Record<string, unknown>>): void;
  info(text: string, data?: Readonly<Record<string, unknown>>): void;
  debug(text: string, data?: Readonly<Record<string, unknown>>): void;
}

const LEVELS = ['error', 'warn', 'info', 'debug'] as const;
type Level = (typeof LEVELS)[number];
const COLOURS = { error: 'red', warn: 'yellow', info: 'reset', debug: 'gray' } as const;

export interface LogTarget {
  readonly write: (line: string) => void;
  readonly terminal: boolean;
  readonly colour: boolean;
}

/** Standard error: sentences on a terminal, JSON lines elsewhere, so that journald and programs can read them. */
export function openLog(settings: Pick<Settings, 'log.level' | 'log.format'>, target: LogTarget): Log {
  const format = settings['log.format'];
  return format === 'text' || (format === 'auto' && target.terminal)
    ? textLog(settings['log.level'], target)
    : jsonLog(settings['log.level'], target);
}

function jsonLog(level: Level, target: LogTarget): Log {
  const logger = pino(
    { level, base: {}, formatters: { level: (label) => ({ level: label }) } },
    { write: target.write },
  );
  const say = (name: Level) => (text: string, data?: Readonly<Record<string, unknown>>) =>
    logger[name]({ ...data }, text);
  return { error: say('error'), warn: say('warn'), info: say('info'), debug: say('debug') };
}

function textLog(level: Level, target: LogTarget): Log {
  const say =
    (name: Level) =>
    (text: string, data?: Readonly<Record<string, unknown>>): void => {
      if (LEVELS.indexOf(name) > LEVELS.indexOf(level)) return;
      const line = name === 'info' ? text : `${name}: ${text}`;
      target.write(`${target.colour ? styleText(COLOURS[name], line, { validateStream: false }) : line}\n`);
      const stack = data?.['stack'];
      if (typeof stack === 'string') target.write(`${stack}\n`);
    };
  return { error: say('error'), warn: say('warn'), info: say('info'), debug: say('debug') };
}

/** An unexpected throw as data: its text, and its stack for whoever mends it. */
export function faultData(error: unknown): Readonly<Record<string, unknown>> {
  return error instanceof Error ? { fault: error.message, stack: error.stack } : { fault: String(error) };
}
