import { z } from 'zod';
import { listOf, row } from './route-row.ts';
import { Snippet, SnippetInput, snippetName } from './snippet-schemas.ts';

const bySnippetName = z.strictObject({ name: snippetName.describe('Its name') });

export const SNIPPET_ROUTES = {
  listSnippets: row({
    method: 'GET',
    path: '/snippets',
    output: listOf(Snippet),
    answers: 'thing',
    role: 'viewer',
    sentence: 'All snippets of answer files',
  }),
  getSnippet: row({
    method: 'GET',
    path: '/snippets/{name}',
    params: bySnippetName,
    output: Snippet,
    answers: 'thing',
    role: 'viewer',
    sentence: 'One snippet',
  }),
  putSnippet: row({
    method: 'PUT',
    path: '/snippets/{name}',
    params: bySnippetName,
    input: SnippetInput,
    output: Snippet,
    answers: 'thing',
    role: 'admin',
    sentence: 'Adds a snippet, or puts this in its place; refused where it would include itself',
  }),
  deleteSnippet: row({
    method: 'DELETE',
    path: '/snippets/{name}',
    params: bySnippetName,
    answers: 'nothing',
    role: 'admin',
    sentence: 'Takes a snippet away; refused while a template or another snippet includes it',
  }),
} as const;
