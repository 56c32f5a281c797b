import type { Command } from 'commander';
import type { z } from 'zod';
import type { Snippet } from '../../contract/snippet-schemas.ts';
import type { Act } from '../cli-context.ts';
import type { View } from '../output.ts';
import { readText } from '../read-text.ts';
import { countForm } from '../text-forms.ts';

type WireSnippet = z.output<typeof Snippet>;

export function addSnippetCommands(program: Command, act: Act): void {
  const snippet = program
    .command('snippet')
    .description('pieces of text that templates of answer files include by name');
  snippet
    .command('put')
    .argument('<name>')
    .argument('<file>', 'its text, in Jinja; - reads standard input')
    .description('add a snippet, or put this in its place')
    .action(
      act(async (context, [name = '', file = '']) => {
        const text = await readText(context, file, 'the snippet');
        const put = await (await context.client()).call('putSnippet', { params: { name }, input: { text } });
        const sentence = `Snippet ${name} is there: templates include it with {% include "${name}" %}`;
        await context.output.changed(SNIPPETS, put, sentence);
      }),
    );
  snippet
    .command('ls')
    .description('all snippets')
    .action(
      act(async ({ client, output }) => {
        const { items } = await (await client()).call('listSnippets', {});
        await output.list(SNIPPETS, items, 'There is no snippet: muster snippet put NAME FILE makes one');
      }),
    );
  snippet
    .command('show')
    .argument('<name>')
    .description('the text of a snippet')
    .action(
      act(async ({ client, output }, [name = '']) => {
        const shown = await (await client()).call('getSnippet', { params: { name } });
        if (output.choices.format === 'table') output.text(shown.text);
        else await output.thing(SNIPPETS, shown);
      }),
    );
  snippet
    .command('rm')
    .argument('<name>')
    .description('take a snippet away; refused while a template or another snippet includes it')
    .action(
      act(async (context, [name = '']) => {
        await context.confirm(`Take snippet ${name} away?`);
        await (await context.client()).call('deleteSnippet', { params: { name } });
        context.output.talk(`Snippet ${name} is gone`);
      }),
    );
}

const SNIPPETS: View<WireSnippet> = {
  nameOf: ({ name }) => name,
  columns: [
    { head: 'NAME', cell: ({ name }) => name },
    { head: 'LINES', cell: ({ text }) => countForm(text.split('\n').length, 'line') },
  ],
  details: (snippet) => [
    ['name', snippet.name],
    ['text', countForm(snippet.text.split('\n').length, 'line')],
  ],
};
