import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { CliContext } from '../cli-context.ts';
import { CliFailure } from '../cli-failure.ts';
import type { SettingsOptions, SiteAtStart } from '../local-commands.ts';
import { applyFiles } from '../commands/site-commands.ts';
import { EXIT } from '../exit-codes.ts';
import { printable } from '../printable.ts';
import { readSiteFiles } from './site-files.ts';

const LOOK_EVERY_MS = 200;
const ANSWER_TIMEOUT_MS = 2_000;

interface Start {
  /** Named on the command line: it is applied at each start, and that of the settings is not. */
  readonly file?: string | undefined;
  readonly settings: SettingsOptions;
  /** The server ended. */
  readonly over: AbortSignal;
}

/** Applies a site file once the server of this process answers. A file that cannot be applied does not end the server. */
export async function applyWhenUp(context: CliContext, start: Start): Promise<void> {
  const { file, settings, over } = start;
  if (file !== undefined)
    return await orSayWhy(context, file, async () => {
      const here = await whenUp(context, settings, over);
      if (here !== undefined) await applyFiles(here, { file: [file] });
    });
  const site = await context.local.siteAtStart(settings);
  if (site !== undefined) await orSayWhy(context, site.file, () => applyIfChanged(context, site, start));
}

/** What people set up since then stays, until somebody writes the file anew. */
async function applyIfChanged(
  context: CliContext,
  { file, wasApplied, noteApplied }: SiteAtStart,
  { settings, over }: Start,
): Promise<void> {
  const digest = digestOf(await readSiteFiles(context, [file], 'badConfiguration'));
  if (wasApplied(digest)) return;
  const here = await whenUp(context, settings, over);
  if (here === undefined) return;
  await applyFiles(here, { file: [file] });
  noteApplied(digest);
}

function digestOf(texts: Awaited<ReturnType<typeof readSiteFiles>>): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex');
}

async function orSayWhy(context: CliContext, file: string, apply: () => Promise<void>): Promise<void> {
  try {
    await apply();
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    for (const line of error.message.split('\n')) context.terminal.err(`muster: ${printable(line)}\n`);
    context.output.talk(`The server runs without ${file}; once it is right: muster apply -f ${file}`);
  }
}

/** Undefined where the server ended before. */
async function whenUp(
  context: CliContext,
  settings: SettingsOptions,
  over: AbortSignal,
): Promise<CliContext | undefined> {
  while (!over.aborted) {
    // Of this computer, never another that MUSTER_SERVER may name; it is written anew when the server starts.
    const door = await context.local.localDoor(settings);
    const here = door === undefined ? undefined : context.at(door);
    if (here !== undefined && (await isAnswered(here))) return here;
    await wait(LOOK_EVERY_MS, undefined, { signal: over }).catch(() => undefined);
  }
  return undefined;
}

export async function isAnswered({ client }: CliContext): Promise<boolean> {
  try {
    await (await client({ answerTimeoutMs: ANSWER_TIMEOUT_MS })).call('getStatus', {});
    return true;
  } catch (error) {
    const isEarly =
      error instanceof CliFailure &&
      (error.exitCode === EXIT.unreachable || error.exitCode === EXIT.notPermitted);
    if (!isEarly) throw error;
    return false;
  }
}
