import { FILTERS } from '../src/core/answers/filters.ts';
import { TEMPLATE_NAMES } from '../src/core/answers/template-names.ts';
import { type AnswerVariable, ANSWER_VARIABLES } from '../src/core/answers/variables.ts';
import { LEFT_OUT } from '../src/core/answers/variables-left-out.ts';
import { page, table } from './page-parts.ts';

/** docs/answer-variables.md */
export function answerVariablesPage(): string {
  const rows = ANSWER_VARIABLES.map((row) => [
    `\`${row.name}\``,
    kindText(row),
    row.initial === '' ? '' : `\`${row.initial}\``,
    leftOutText(row.name),
    row.sentence,
  ]);
  const filters = Object.entries(FILTERS).map(([name, filter]) => [`\`${name}\``, filter.sentence]);
  const names = TEMPLATE_NAMES.map(({ name, gives, sentence }) => [`\`${name}\``, gives, sentence]);
  return page(
    'Variables of answer files',
    'src/core/answers/variables.ts',
    "Set with `--var NAME=VALUE` on a profile or a machine; a machine's value wins. `muster profile render MACHINE` shows the answer file that comes of it, [answer-files.md](answer-files.md) says how. `muster profile variables` tells all of this page, and so does the page of a profile in the browser. `root_password` and `user_password` are taken too, and kept as their hashes.",
    table(['variable', 'kind', 'default', 'not in', 'what it is'], rows),
    '## Names that Muster gives\n\nBesides the variables, a template knows:',
    table(['name', 'gives', 'what it is'], names),
    '## Filters\n\nTemplates are Jinja. A value that stands in a template of your own goes through the filter of the language it stands in, which quotes it or refuses it:',
    table(['filter', 'what it does'], filters),
  );
}

function kindText({ kind, choices, least, most }: AnswerVariable): string {
  if (choices !== undefined) return choices.map((choice) => `\`${choice}\``).join(' or ');
  return least === undefined || most === undefined ? kind : `${kind} from ${least} to ${most}`;
}

function leftOutText(name: string): string {
  return Object.entries(LEFT_OUT)
    .flatMap(([kind, rows]) => (rows[name] === undefined ? [] : [`${kind}: ${rows[name]}`]))
    .join('; ');
}
