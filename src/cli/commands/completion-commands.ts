import { Argument, type Command } from 'commander';
import type { Act, CliContext } from '../cli-context.ts';
import { CliFailure } from '../cli-failure.ts';
import type { Completion } from '../completion/completion.ts';
import { SHELLS, type Shell } from '../completion/shell-scripts.ts';
import { printable } from '../printable.ts';

/** A shell that waits for more is a nuisance: without an answer of the server nothing is offered. */
const ANSWER_TIMEOUT_MS = 800;

/** `muster completion SHELL` prints what the shell reads once; `complete`, which help does not show, is what it asks. */
export function addCompletionCommands(program: Command, act: Act): void {
  const shell = (): Argument => new Argument('<shell>', 'which one').choices(SHELLS);
  program
    .command('completion')
    .addArgument(shell())
    .description(
      'print what has a shell complete commands, flags and names: source <(muster completion bash)',
    )
    .action(
      act(async ({ output }, [name = '']) => {
        const { SCRIPTS } = await import('../completion/shell-scripts.ts');
        output.text(SCRIPTS[name as Shell]);
      }),
    );
  program
    .command('complete', { hidden: true })
    .addArgument(shell())
    .argument('[words...]', 'what was typed behind the name of the program; the last is to be completed')
    .description('what may stand at the end of these words')
    .action(
      act(async (context, [name = '', ...words]) => await answer(context, program, name as Shell, words)),
    );
}

async function answer(
  context: CliContext,
  program: Command,
  shell: Shell,
  words: readonly string[],
): Promise<void> {
  const { answerFor, FILES_ANSWER, wordsFrom } = await import('../completion/shell-scripts.ts');
  const { completionOf } = await import('../completion/completion.ts');
  const typed = wordsFrom(shell, words);
  const completion = completionOf(program, typed);
  if (completion.of === 'files') return context.output.text(`${FILES_ANSWER}\n`);
  const last = typed.at(-1) ?? '';
  const names = await namesFor(context, completion, typed, last);
  const found = completion.of === 'nothing' ? [] : completion.candidates;
  // Names of other people's things go to a shell: one that speaks to the terminal is not offered.
  const safe = [...found, ...names].filter(({ word }) => word === printable(word) && !/\s/.test(word));
  const candidates = safe.map((one) => ({ ...one, sentence: printable(one.sentence) }));
  context.output.text(answerFor(shell, candidates, last));
}

async function namesFor(
  context: CliContext,
  completion: Completion,
  words: readonly string[],
  typed: string,
): Promise<readonly { readonly word: string; readonly sentence: string }[]> {
  if (completion.of !== 'things') return [];
  const { thingsOf } = await import('../completion/things.ts');
  const value = (flag: string): string | undefined => words[words.indexOf(flag) + 1 || words.length];
  const [server, tokenFile] = [value('--server'), value('--token-file')];
  const asked = {
    answerTimeoutMs: ANSWER_TIMEOUT_MS,
    ...(server && { server }),
    ...(tokenFile && { tokenFile }),
  };
  try {
    const things = await thingsOf(await context.client(asked), completion.kinds, typed);
    return things.filter(({ word }) => word.startsWith(typed));
  } catch (error) {
    // Whoever types is told nothing: the command will say it when it is run.
    if (error instanceof CliFailure) return [];
    throw error;
  }
}
