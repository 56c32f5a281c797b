import type { Command } from 'commander';
import type { Act } from '../cli-context.ts';
import { wholeNumber } from '../option-values.ts';
import { hashOf, readPassword } from '../secrets.ts';

export function addPasswordCommands(program: Command, act: Act): void {
  const password = program.command('password').description('passwords of installed systems');
  password
    .command('hash')
    .description(
      'the hash of a password for answer files ($6$); asked for, or the first line of standard input',
    )
    .option('--rounds <number>', 'how much work one guess is; 5000 if not said', wholeNumber)
    .action(
      act<{ readonly rounds?: number }>(async (context, _, { rounds }) => {
        const hash = await hashOf(await readPassword(context, 'password'), rounds);
        context.output.text(`${hash}\n`);
      }),
    );
}
