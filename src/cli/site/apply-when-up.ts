import { setTimeout as wait } from 'node:timers/promises';
import type { CliContext } from '../cli-context.ts';
import { CliFailure } from '../cli-failure.ts';
import type { SettingsOptions } from '../local-commands.ts';
import { applyFiles } from '../commands/site-commands.ts';
import { EXIT } from '../exit-codes.ts';
import { printable } from '../printable.ts';

const LOOK_EVERY_MS = 200;
const ANSWER_TIMEOUT_MS = 2_000;

/** Applies a site file once the server of this process answers. A file that cannot be applied does not end the server. */
export async function applyWhenUp(
  context: CliContext,
  {
    file,
    settings,
    over,
  }: { readonly file: string; readonly settings: SettingsOptions; readonly over: AbortSignal },
): Promise<void> {
  try {
    const here = await whenUp(context, settings, over);
    if (here !== undefined) await applyFiles(here, { file: [file] });
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
