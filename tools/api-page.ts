import { z } from 'zod';
import { MAX_ROWS } from '../src/contract/fields.ts';
import { PROBLEMS } from '../src/contract/problem.ts';
import { API_PREFIX, OPENAPI_PATH, ROUTES } from '../src/contract/routes.ts';
import { page, table } from './page-parts.ts';

export function apiPage(): string {
  const rows = Object.values(ROUTES).map((row) => [
    `\`${row.method} ${row.path}\``,
    row.sentence,
    typeof row.role === 'string' ? row.role : 'everybody',
    fieldsOf(row.query),
    fieldsOf(row.input),
  ]);
  return page(
    'API',
    'src/contract/routes.ts',
    `JSON over HTTP under \`${API_PREFIX}\`, for those who log in ([people.md](people.md)): each route says the least role that may ask it, and programs show a token (\`Authorization: Bearer\`). Changing requests carry \`Content-Type: application/json\`.`,
    `\`GET ${OPENAPI_PATH}\` gives all of it as OpenAPI 3.1, for programs that make clients or checks of it: every route below with its parameters, bodies and answers.`,
    table(['route', 'what it does', 'for', 'query', 'body'], rows),
    ...LONG_LISTS,
    ...CONDITIONS,
    '## Refusals',
    'They are problem+json (RFC 9457): `type` is one of these, `detail` says what is the matter and what to do, `issues` names each field that does not fit.',
    table(
      ['`type`', 'status', 'what it means'],
      Object.entries(PROBLEMS).map(([type, { status, title }]) => [`\`${type}\``, String(status), title]),
    ),
  );
}

const LONG_LISTS = [
  '## Long lists',
  `Machines, leases and installs are read in pages: with \`limit\` (at most ${MAX_ROWS}), and then with \`after\`, which is what the page before said as \`next\`. What has no \`next\` is the last page. Nothing comes twice or is passed over when others come and go meanwhile. \`GET /machines\` without \`limit\` gives all. Events go back with \`before\` and forth with \`after\`; with a filter, \`next\` can also come with a page that is not full, or empty: so far it was looked.`,
  "```sh\ncurl -G $MUSTER/api/v1/machines -d limit=100 -d state=failed --data-urlencode 'selector=rack=a' -d q=52:54\n```",
];

const CONDITIONS = [
  '## Changing what was read',
  'Every `GET` that answers JSON has an `ETag`, which changes when the answer does. Sent back as `If-None-Match`, it saves the answer (304). Sent as `If-Match` with a `PUT`, `PATCH`, `DELETE` or an action below a thing, the change is done only if the thing is still as it was read; otherwise the answer is 412 `changed`, nothing was done, and it is to be read again. `If-None-Match: *` adds a thing only where there is none. Nobody else changes anything of that collection between the look and the change; what Muster itself learns meanwhile is merged, and not lost. `muster profile set`, `group put`, `subnet set` and `subnet add` do it like this.',
];

function fieldsOf(schema: z.ZodType): string {
  if (schema instanceof z.ZodUndefined) return '';
  const whole = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  // Of a choice of shapes, what stands in any of them; what stands in all of them is wanted.
  const shapes = (whole.oneOf ?? whole.anyOf ?? [whole]).filter((shape) => typeof shape === 'object');
  const names = new Set(shapes.flatMap(({ properties = {} }) => Object.keys(properties)));
  return [...names]
    .map((name) =>
      shapes.every(({ required = [] }) => required.includes(name)) ? `\`${name}\`` : `\`${name}?\``,
    )
    .join(', ');
}
