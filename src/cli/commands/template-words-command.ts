import type { Command } from 'commander';
import type { z } from 'zod';
import type { TemplateWord } from '../../contract/profile-schemas.ts';
import type { Act } from '../cli-context.ts';
import type { View } from '../output.ts';

type WireWord = z.output<typeof TemplateWord>;

/** `muster profile variables`: what a template may use. */
export function addTemplateWords(profile: Command, act: Act): void {
  profile
    .command('variables')
    .argument('[word]', 'only those with this in their name or sentence')
    .description('the variables, names and filters that templates may use, and what each is')
    .action(
      act(async ({ client, output }, [word = '']) => {
        const { items } = await (await client()).call('listVariables', {});
        const wanted = word.toLowerCase();
        const fitting = items.filter(({ name, sentence }) =>
          `${name}\n${sentence}`.toLowerCase().includes(wanted),
        );
        await output.list(WORDS, fitting, `Nothing that templates may use has "${word}" in it`);
      }),
    );
}

const WORDS: Pick<View<WireWord>, 'columns' | 'nameOf'> = {
  nameOf: ({ name }) => name,
  columns: [
    { head: 'NAME', cell: ({ is, name }) => (is === 'filter' ? `| ${name}` : name) },
    { head: 'GIVES', cell: givesForm, gives: 'whole' },
    { head: 'WHAT IT IS', cell: ({ sentence }) => sentence, gives: 'cut' },
  ],
};

function givesForm({ gives, choices, initial }: WireWord): string {
  const values = choices?.join(' or ') ?? gives ?? '';
  return initial === undefined ? values : `${values} (${initial})`;
}
