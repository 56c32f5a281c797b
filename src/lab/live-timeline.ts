import { advance, type BootProgress, POWER_ON, type Signal } from './boot-progress.ts';
import {
  amountText,
  drawProgress,
  fit,
  paint,
  type PictureStyle,
  secondsText,
  type Tone,
} from './timeline-picture.ts';

type TimelineSignal = Extract<Signal, { readonly from: 'timeline' }>;

/** Where the timeline is shown: `process.stdout`, or a test. */
export interface TimelineScreen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Elsewhere than on a terminal there is no width to keep to, but no line is endless either. */
const PLAIN_COLUMNS = 400;
const DEFAULT_COLUMNS = 80;
const REDRAW_MS = 200;

/** Kinds that are no news while a machine boots: each repeats what another line says. */
const UNTOLD_KINDS: ReadonlySet<string> = new Set(['server.started', 'server.interface', 'dhcp.offered']);
const TONES: Readonly<Record<string, Tone>> = {
  'install.failed': 'bad',
  'tftp.failed': 'bad',
  'install.finished': 'good',
  'install.diskBooted': 'good',
  'tftp.refused': 'quiet',
};

/**
 * The story of a boot on a terminal: what happened scrolls by, and below it stands a block that says how far the
 * machine is. On anything but a terminal it is plain lines, each once.
 */
export class LiveTimeline {
  readonly #screen: TimelineScreen;
  readonly #style: PictureStyle;
  readonly #redraws: boolean;
  readonly #nowMs: () => number;
  #poweredOnAtMs: number | undefined;
  #progress: BootProgress = POWER_ON;
  #drawnLines = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param nowMs a clock that only goes forward. */
  constructor(
    screen: TimelineScreen,
    environment: NodeJS.ProcessEnv,
    nowMs: () => number = () => performance.now(),
  ) {
    this.#screen = screen;
    this.#nowMs = nowMs;
    const terminal = screen.isTTY === true && environment['TERM'] !== 'dumb';
    const locale = environment['LC_ALL'] ?? environment['LC_CTYPE'] ?? environment['LANG'] ?? '';
    this.#style = {
      columns: terminal ? (screen.columns ?? DEFAULT_COLUMNS) : PLAIN_COLUMNS,
      color: terminal && (environment['NO_COLOR'] ?? '') === '',
      unicode: /utf-?8/i.test(locale),
    };
    this.#redraws = terminal;
  }

  /** Whether the block with the seconds of each stage is on the screen. */
  get showsStages(): boolean {
    return this.#redraws;
  }

  get progress(): BootProgress {
    return this.#progress;
  }

  /** The machine is switched on: from now on seconds are counted. */
  start(): void {
    this.#poweredOnAtMs = this.#nowMs();
    if (!this.#redraws) return;
    this.#timer = setInterval(() => this.#draw(), REDRAW_MS);
    this.#draw();
  }

  /** Leaves the block as it stands; what is said later goes below it. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#redraws && this.#poweredOnAtMs !== undefined) this.#draw();
    this.#drawnLines = 0;
  }

  /** A line of its own, such as a command or a heading. */
  say(text: string, tone?: Tone): void {
    const line = fit(text, this.#style);
    this.#print(tone ? paint(line, tone, this.#style) : line);
  }

  /** Takes what a witness saw; an event of the timeline is told, the rest only moves the block. */
  take(signal: Signal): void {
    const atMs = this.#elapsedMs();
    const before = this.#progress;
    this.#progress = advance(before, signal, atMs);
    if (signal.from === 'timeline') this.#tell(signal.event, atMs);
    else if (this.#progress.stage !== before.stage) this.#tellHappening(signal, atMs);
  }

  #tell(event: TimelineSignal['event'], atMs: number): void {
    if (UNTOLD_KINDS.has(event.kind)) return;
    const because = event.because === undefined ? '' : ` (because ${event.because})`;
    const words = `${event.text}${amountText(event.data)}${because}`;
    const line = fit(`${secondsText(atMs)}  ${event.kind.padEnd(20)}  ${words}`, this.#style);
    const tone = TONES[event.kind];
    this.#print(tone ? paint(line, tone, this.#style) : line);
  }

  #tellHappening(signal: Signal, atMs: number): void {
    const words = signal.from === 'machine' ? 'The machine restarts' : `console: ${signalText(signal)}`;
    this.#print(fit(`${secondsText(atMs)}  ${'machine'.padEnd(20)}  ${words}`, this.#style));
  }

  #elapsedMs(): number {
    return this.#poweredOnAtMs === undefined ? 0 : this.#nowMs() - this.#poweredOnAtMs;
  }

  #print(line: string): void {
    this.#erase();
    this.#screen.write(`${line}\n`);
    if (this.#timer !== undefined) this.#draw();
  }

  #draw(): void {
    this.#erase();
    const lines = drawProgress(this.#progress, this.#elapsedMs(), this.#style);
    this.#screen.write(`\n${lines.join('\n')}\n`);
    this.#drawnLines = lines.length + 1;
  }

  /** Up to where the block began, and everything from there gone (ECMA-48 §8.3.22 CUU, §8.3.39 ED). */
  #erase(): void {
    if (this.#drawnLines > 0) this.#screen.write(`\u001B[${this.#drawnLines}A\r\u001B[J`);
    this.#drawnLines = 0;
  }
}

function signalText(signal: Signal): string {
  return signal.from === 'console' ? signal.text : '';
}
