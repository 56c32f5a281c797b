import type { Command } from 'commander';
import type { WireEvent } from '../../contract/events.ts';
import { withoutUndefined } from '../../lib/without-undefined.ts';
import type { Act, CliContext } from '../cli-context.ts';
import { CliFailure } from '../cli-failure.ts';
import { followEvents } from '../follow-events.ts';
import { wholeNumber } from '../option-values.ts';
import { jsonText } from '../output.ts';
import { padTo } from '../text-width.ts';
import { printable } from '../printable.ts';
import { selectorOption } from '../selector-option.ts';
import { readEvents } from '../read-events.ts';
import { paint, type TableShape, type Tone } from '../table.ts';
import { recentTimeForm } from '../text-forms.ts';

interface EventFlags {
  readonly follow?: true;
  readonly limit?: number;
  readonly after?: number;
  readonly kind?: string;
  readonly selector?: string;
  readonly search?: string;
}

/** Shown before what is new, with `-f`. */
const RECENT = 10;
const SHOWN = 50;

export function addEventCommands(program: Command, act: Act): void {
  program
    .command('events')
    .argument('[machine]', 'only those of this machine: its name, id or a MAC address, known or not')
    .description('what happened, oldest first')
    .option('-f, --follow', 'go on with what happens')
    .option('--limit <number>', `at most this many of those that happened (default: ${SHOWN})`, wholeNumber)
    .option('--kind <kinds>', 'only these, with * for any part: install.*,power.failed')
    .addOption(selectorOption('only those of machines with such labels'))
    .option('--search <text>', 'only those that say this; not together with -f')
    .option('--after <id>', 'the oldest after this event', wholeNumber)
    .action(act<EventFlags>(async (context, [machine], flags) => await show(context, machine, flags)));
}

async function show(context: CliContext, machine: string | undefined, flags: EventFlags): Promise<void> {
  const { output } = context;
  const client = await context.client();
  const { kind, selector, search } = flags;
  if (flags.follow && search !== undefined)
    throw new CliFailure('usage', 'Events are not searched as they happen: leave out -f, or say --kind');
  const whose = withoutUndefined({ machine, kind, selector });
  const items = await readEvents(
    client,
    { ...whose, ...(search === undefined ? {} : { q: search }) },
    flags.after,
    flags.limit ?? (flags.follow ? RECENT : SHOWN),
  );
  if (!flags.follow && output.choices.format !== 'table') {
    await output.data(
      items,
      items.map(({ id }) => String(id)),
    );
    return;
  }
  if (items.length === 0) output.talk('Nothing has happened yet');
  const write = await eventWriter(context);
  for (const event of items) write(event);
  if (flags.follow) await followEvents(context, client, whose, items.at(-1)?.id ?? flags.after ?? 0, write);
}

/** Events as they come: a line each for people, JSON lines or YAML documents for programs. */
async function eventWriter({ output, terminal }: CliContext): Promise<(event: WireEvent) => void> {
  const { format, color } = output.choices;
  if (format === 'json') return (event) => output.text(`${jsonText(event)}\n`);
  if (format === 'name') return (event) => output.text(`${event.id}\n`);
  if (format === 'yaml') {
    const { yamlText } = await import('../yaml-text.ts');
    return (event) => output.text(`---\n${yamlText(event)}`);
  }
  return (event) => output.text(`${eventLine(event, terminal.nowMs(), color)}\n`);
}

const TONE_OF_KIND: readonly (readonly [kind: RegExp, tone: Tone])[] = [
  [/\.(?:failed|refused|declined|foreignServer)$/, 'bad'],
  [/^install\.(?:finished|diskBooted)$/, 'good'],
  [/^install\./, 'busy'],
  [/\.silent$/, 'quiet'],
];

/** Time, machine, kind, text, because. */
export function eventLine(event: WireEvent, nowMs: number, color: TableShape['color']): string {
  const who = printable(event.machine ?? event.mac ?? event.machineId ?? '-');
  const tone = TONE_OF_KIND.find(([kind]) => kind.test(event.kind))?.[1];
  const because = event.because === undefined ? '' : paint(` (${printable(event.because)})`, 'quiet', color);
  const kind = paint(printable(event.kind).padEnd(KIND_WIDTH), tone, color);
  return `${recentTimeForm(event.at, nowMs)}  ${padTo(who, WHO_WIDTH)}  ${kind}  ${printable(event.text)}${because}`;
}

/** A MAC address fits. */
const WHO_WIDTH = 17;
/** The longest kind fits. */
const KIND_WIDTH = 20;
