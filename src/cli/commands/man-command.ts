import type { Command } from 'commander';
import type { Act } from '../cli-context.ts';

/** `muster man | man -l -` shows it; what is installed has it as muster.1. */
export function addManCommand(program: Command, act: Act, version: string): void {
  program
    .command('man')
    .description('print the man page: muster man | man -l -')
    .action(
      act(async ({ output }) => {
        const { referenceOf } = await import('../reference/command-reference.ts');
        const { manPage } = await import('../reference/man-page.ts');
        output.text(manPage(referenceOf(program), version));
      }),
    );
}
