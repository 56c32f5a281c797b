import type { CliContext } from './cli-context.ts';
import { CliFailure } from './cli-failure.ts';
import { printable } from './printable.ts';

/**
 * Asks a person where the server says that data is there. `-y` is for commands that can be taken back, or that say
 * themselves what goes; it never answers this.
 */
export async function confirmingErase<T>(
  context: CliContext,
  erase: true | undefined,
  arm: (confirmed: { readonly confirmErase?: boolean }) => Promise<T>,
  { question, yes } = { question: 'Erase it?', yes: '--erase has it erased' },
): Promise<T> {
  try {
    return await arm(erase === undefined ? {} : { confirmErase: erase });
  } catch (error) {
    if (!(error instanceof CliFailure) || error.problem !== 'holds-data') throw error;
    if (!context.terminal.inIsTerminal)
      throw new CliFailure('failed', `${error.message}. Nothing was armed; ${yes}`);
    const answer = await context.terminal.ask(`${printable(error.message)}. ${question} [y/N] `);
    if (!/^y(?:es)?$/i.test(answer.trim())) throw new CliFailure('failed', 'Nothing was armed');
    return await arm({ confirmErase: true });
  }
}
