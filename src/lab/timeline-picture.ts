import { type BootProgress, STAGE_NAMES, STAGES, type StageName } from './boot-progress.ts';
import { plainText } from './console-lines.ts';

/** How the terminal wants its text. */
export interface PictureStyle {
  readonly columns: number;
  /** ANSI colours, unless NO_COLOR is set (no-color.org). */
  readonly color: boolean;
  /** Signs beyond ASCII, where the locale is UTF-8. */
  readonly unicode: boolean;
}

/** SGR sequences of ECMA-48 §8.3.117. */
const TONES = { good: '32', bad: '31', busy: '33', quiet: '2', strong: '1' } as const;
export type Tone = keyof typeof TONES;

const SIGNS = {
  unicode: { done: '✓', now: '▸', later: '·', full: '█', empty: '░', cut: '…' },
  ascii: { done: '+', now: '>', later: '.', full: '#', empty: '-', cut: '~' },
} as const;

const TELLING_BYTES = 100_000;
const BAR_CELLS = 24;
const TITLE_COLUMNS = 26;

/** The state of the boot as a block of lines: a line for each stage, with its seconds. */
export function drawProgress(progress: BootProgress, nowMs: number, style: PictureStyle): readonly string[] {
  return STAGE_NAMES.map((name) => stageLine(progress, name, nowMs, style));
}

function stageLine(progress: BootProgress, name: StageName, nowMs: number, style: PictureStyle): string {
  const signs = style.unicode ? SIGNS.unicode : SIGNS.ascii;
  const title = STAGES[name].padEnd(TITLE_COLUMNS);
  const beganAtMs = progress.beganAtMs[name];
  if (progress.stage === name) {
    const seconds = secondsText(nowMs - (beganAtMs ?? nowMs));
    const details = [name === 'installer' ? bar(progress.percent, style) : '', progress.doing];
    const line = `${signs.now} ${title} ${seconds}  ${details.filter((text) => text !== '').join('  ')}`;
    return paint(fit(line, style), 'busy', style);
  }
  if (beganAtMs === undefined) return paint(fit(`${signs.later} ${title}`, style), 'quiet', style);
  const seconds = secondsText(endOf(progress, name, nowMs) - beganAtMs);
  return paint(fit(`${signs.done} ${title} ${seconds}`, style), 'good', style);
}

/** When the stage gave way to the next one that was reached. */
function endOf(progress: BootProgress, name: StageName, nowMs: number): number {
  const later = [...STAGE_NAMES, 'done' as const].slice(STAGE_NAMES.indexOf(name) + 1);
  return later.map((one) => progress.beganAtMs[one]).find((atMs) => atMs !== undefined) ?? nowMs;
}

function bar(percent: number | undefined, style: PictureStyle): string {
  if (percent === undefined) return '';
  const signs = style.unicode ? SIGNS.unicode : SIGNS.ascii;
  const full = Math.round((Math.min(100, Math.max(0, percent)) / 100) * BAR_CELLS);
  return `${signs.full.repeat(full)}${signs.empty.repeat(BAR_CELLS - full)} ${String(percent).padStart(3)} %`;
}

/** `  3.1 s`: right-aligned, so that seconds stand under each other. */
export function secondsText(milliseconds: number): string {
  return `${(Math.max(0, milliseconds) / 1000).toFixed(1).padStart(5)} s`;
}

/** ` (14.2 MB, 4.1 MB/s)`, from the values that go with a file that was sent; nothing where there are none. */
export function amountText(data: Readonly<Record<string, unknown>> | undefined): string {
  const bytes = data?.['bytes'];
  const rate = data?.['bytesPerSecond'];
  if (typeof bytes !== 'number') return '';
  // The rate of a file of a few kilobytes tells of the round trips, not of the network.
  const telling = typeof rate === 'number' && bytes >= TELLING_BYTES;
  return ` (${bytesText(bytes)}${telling ? `, ${bytesText(rate)}/s` : ''})`;
}

function bytesText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(0)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** One line of plain text, cut to the terminal's width. */
export function fit(text: string, style: PictureStyle): string {
  const letters = Array.from(plainText(text.replaceAll('\n', ' ')));
  const room = Math.max(20, style.columns - 1);
  const cut = style.unicode ? SIGNS.unicode.cut : SIGNS.ascii.cut;
  return letters.length <= room ? letters.join('') : `${letters.slice(0, room - 1).join('')}${cut}`;
}

export function paint(text: string, tone: Tone, style: Pick<PictureStyle, 'color'>): string {
  return style.color && text !== '' ? `\u001B[${TONES[tone]}m${text}\u001B[0m` : text;
}
