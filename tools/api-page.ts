import { z } from 'zod';
import { MAX_ROWS } from '../src/contract/fields.ts';
import { PROBLEMS } from '../src/contract/problem.ts';
import { API_PREFIX, OPENAPI_PATH, ROUTES } from '../src/contract/routes.ts';
import { RATE_LIMITS, REQUEST_COSTS } from '../src/core/requests/rate-limits.ts';
import { KEY_LIFE_MS, MAX_KEPT_TEXT, MAX_KEYS } from '../src/core/requests/request-keys.ts';
import { SLOW_READER_MS } from '../src/api/slow-reader.ts';
import { MISSED_EVENT_NAME, TIMELINE_EVENT_NAME } from '../src/contract/events.ts';
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
    ...KEYS,
    ...STREAM,
    ...LIMITS,
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

const { known, stranger } = RATE_LIMITS;
const { read, change, unknown, failedLogIn } = REQUEST_COSTS;

const LIMITS = [
  '## How often',
  `Each session and each token, and where nobody logs in each address, may ask for ${known.burst} at once and ${known.perSecond} a second for long; whoever is not logged in ${stranger.burst} at once and ${stranger.perSecond} a second, of one address (of IPv6: one /64). Reading counts ${read}, changing ${change}, a token or session that is not known ${unknown}, and a log-in that is wrong ${failedLogIn} more. What goes beyond is not done: 429 \`too-often\`, with \`Retry-After\`. The headers \`RateLimit\` and \`RateLimit-Policy\` of every JSON answer tell what is left (draft-ietf-httpapi-ratelimit-headers). \`muster\` says so and waits, for up to a minute.`,
];

const STREAM = [
  '## Following events',
  `\`GET /events/stream\` sends server-sent events (\`event: ${TIMELINE_EVENT_NAME}\`), of some kinds, of one machine or of machines with such labels where that is asked. A reader that comes back with \`Last-Event-ID\` misses nothing and gets nothing twice; where events after its last one are kept no more, it gets a message \`event: ${MISSED_EVENT_NAME}\` first, with \`{ after, goesOnAfter, because }\`, and should read anew what it shows. A reader that takes nothing for ${SLOW_READER_MS / 1000} s is cut off; nothing piles up for it meanwhile.`,
];

const KEYS = [
  '## Asking once',
  `A \`POST\` may carry an \`Idempotency-Key\`, a word of the client's own making such as a UUID (draft-ietf-httpapi-idempotency-key-header). Asked again with the same key and the same body within ${KEY_LIFE_MS / 3_600_000} hours, it is not done again: the first answer comes, with \`Idempotency-Repeated: true\`, also after a restart. With another body the answer is 422 \`key-reused\`, while the first is under way 409 \`under-way\`. Where the server was stopped in between, 409 \`refused\` says that it is not known whether it was done. The last ${MAX_KEYS} keys are known, and answers of up to ${MAX_KEPT_TEXT} characters. Rows whose answer holds a secret (log-ins, tokens, links) take no key. \`muster\` sends one with each \`POST\`, and sends it again when the connection breaks.`,
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
