import { z } from 'zod';
import { EVENT_STREAM_MEDIA_TYPE } from './events.ts';
import { MAX_KEY_LENGTH, WITHOUT_KEY } from './idempotency.ts';
import { namedSchemas } from './named-schemas.ts';
import { Problem, PROBLEM_MEDIA_TYPE } from './problem.ts';
import { nothing, type RouteRow } from './route-row.ts';
import { API_PREFIX, type RouteName, ROUTE_NAMES, ROUTES } from './routes.ts';
import { SESSION_COOKIE } from './session-cookie.ts';

/**
 * The contract as OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1), whose schemas are those of JSON Schema 2020-12.
 * Nothing is said here that is not in the rows.
 */

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

const REFERENCE = '#/components/schemas/';
const BYTES = 'application/octet-stream';

/** @param version of Muster, which the document is of. */
export function openApiDocument(version: string): JsonObject {
  const shapes = new Shapes();
  const said = { paths: paths(shapes), responses: { Problem: problemAnswer(shapes) } };
  return {
    openapi: '3.1.1',
    info: {
      title: 'Muster',
      version,
      summary: 'Installs operating systems on bare machines over the network',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: API_PREFIX, description: 'The port of the API: 8067, if no other is set' }],
    security: [{ token: [] }, { session: [] }],
    paths: said.paths,
    components: {
      schemas: shapes.referredBy([said.paths, said.responses]),
      responses: said.responses,
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'For programs: muster token add' },
        session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE, description: 'Set by a log-in' },
      },
    },
  };
}

function problemAnswer(shapes: Shapes): JsonObject {
  return {
    description: 'It was not done; the body says why, and what to do',
    content: { [PROBLEM_MEDIA_TYPE]: { schema: shapes.of(Problem) } },
  };
}

function paths(shapes: Shapes): JsonObject {
  const found: Record<string, Record<string, Json>> = {};
  for (const name of ROUTE_NAMES) {
    const row: RouteRow = ROUTES[name];
    (found[row.path] ??= {})[row.method.toLowerCase()] = operation(name, row, shapes);
  }
  return found;
}

function operation(name: RouteName, row: RouteRow, shapes: Shapes): JsonObject {
  const parameters = parametersOf(name, row, shapes);
  const who =
    typeof row.role === 'string' ? `For the role ${row.role}.` : `For everybody: ${row.role.public}.`;
  return {
    operationId: name,
    tags: [row.path.split('/')[1] ?? ''],
    summary: row.sentence,
    description: who,
    ...(typeof row.role === 'string' ? {} : { security: [] }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(row.input === nothing ? {} : { requestBody: bodyOf(row, shapes) }),
    responses: { ...answerOf(row, shapes), default: { $ref: '#/components/responses/Problem' } },
  };
}

function parametersOf(name: RouteName, row: RouteRow, shapes: Shapes): readonly JsonObject[] {
  return [
    ...fieldsOf(row.params, 'path', shapes),
    ...fieldsOf(row.query, 'query', shapes),
    ...(row.answers === 'stream' ? [LAST_EVENT_ID] : []),
    ...(row.method === 'POST' && !WITHOUT_KEY.has(name) ? [KEY] : []),
    ...(row.method !== 'GET' && isShown(row) ? [IF_MATCH] : []),
  ];
}

const LAST_EVENT_ID = {
  name: 'Last-Event-ID',
  in: 'header',
  description: 'The id of the last message that was read: what came after it is sent',
  schema: { type: 'integer', minimum: 0 },
};

const KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'A word of your own: asked again with the same, it is not done again',
  schema: { type: 'string', minLength: 1, maxLength: MAX_KEY_LENGTH },
};

const IF_MATCH = {
  name: 'If-Match',
  in: 'header',
  description: 'The ETag of what was read: it is done only if that is still there as it was',
  schema: { type: 'string' },
};

/** What is changed can be read at the same place. */
function isShown({ path }: RouteRow): boolean {
  return Object.values<RouteRow>(ROUTES).some(
    (row) => row.method === 'GET' && row.answers === 'thing' && row.path === path && path.includes('{'),
  );
}

function fieldsOf(schema: z.ZodObject, place: 'path' | 'query', shapes: Shapes): readonly JsonObject[] {
  const { properties = {}, required = [] } = shapes.inPlace(schema);
  return Object.entries(properties as Record<string, JsonObject>).map(
    ([name, { description = '', ...shape }]) => ({
      name,
      in: place,
      description,
      required: place === 'path' || (required as readonly string[]).includes(name),
      schema: shape,
    }),
  );
}

function bodyOf(row: RouteRow, shapes: Shapes): JsonObject {
  if (row.takes === 'bytes') return { required: true, content: { [BYTES]: {} } };
  return { required: true, content: { 'application/json': { schema: shapes.of(row.input) } } };
}

function answerOf(row: RouteRow, shapes: Shapes): JsonObject {
  switch (row.answers) {
    case 'thing':
      return { 200: { description: 'It is done', content: jsonContent(row, shapes) } };
    case 'created':
      return { 201: { description: 'It is there now', content: jsonContent(row, shapes) } };
    case 'nothing':
      return { 204: { description: 'It is done' } };
    case 'bytes':
      return { 200: { description: 'The bytes', content: { '*/*': {} } } };
    case 'stream':
      return {
        200: {
          description: 'Server-sent events, each with this as its data',
          content: { [EVENT_STREAM_MEDIA_TYPE]: { schema: shapes.of(row.output) } },
        },
      };
    default:
      return row.answers satisfies never;
  }
}

function jsonContent(row: RouteRow, shapes: Shapes): JsonObject {
  return { 'application/json': { schema: shapes.of(row.output) } };
}

/** JSON Schemas of the rows' schemas; those that have a name stand once, and are referred to. */
class Shapes {
  readonly #registry = z.registry<{ id: string }>();
  readonly #names = new Set<string>();
  readonly #shapes: Readonly<Record<string, JsonObject>>;

  constructor() {
    for (const [name, schema] of namedSchemas()) {
      this.#names.add(name);
      this.#registry.add(schema, { id: name });
    }
    // Parts of rows that have no name of their own are put in place; while they are made, they need one as well.
    for (const name of ROUTE_NAMES) {
      const row: RouteRow = ROUTES[name];
      for (const part of ['params', 'query', 'input', 'output'] as const)
        if (!this.#registry.has(row[part])) this.#registry.add(row[part], { id: `${name}.${part}` });
    }
    // What comes in is described as it may be written, and what goes out is written in the same way.
    const options = {
      uri: (id: string) => `${REFERENCE}${id}`,
      io: 'input',
      unrepresentable: 'any',
    } as const;
    const { schemas } = z.toJSONSchema(this.#registry, { ...options, override: withoutChoice });
    this.#shapes = Object.fromEntries(
      Object.entries(schemas).map(([id, { $id: _id, $schema: _schema, ...shape }]) => [
        id,
        shape as JsonObject,
      ]),
    );
  }

  /** A reference where it has a name, and else the shape itself. */
  of(schema: z.ZodType): JsonObject {
    const id = this.#registry.get(schema)?.id ?? '';
    return this.#names.has(id) ? { $ref: `${REFERENCE}${id}` } : this.inPlace(schema);
  }

  inPlace(schema: z.ZodType): JsonObject {
    return this.#shapes[this.#registry.get(schema)?.id ?? ''] ?? {};
  }

  /** The named ones that `root` refers to, and those that these refer to. */
  referredBy(root: Json): JsonObject {
    const found: Record<string, Json> = {};
    const waiting = [root];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      for (const name of referencesIn(node)) {
        if (name in found) continue;
        const shape = this.#shapes[name] ?? {};
        found[name] = shape;
        waiting.push(shape);
      }
    }
    return Object.fromEntries(Object.entries(found).toSorted(([one], [other]) => (one < other ? -1 : 1)));
  }
}

function referencesIn(node: Json): readonly string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]: [string, Json]) =>
    key === '$ref' && typeof value === 'string' && value.startsWith(REFERENCE)
      ? [value.slice(REFERENCE.length)]
      : referencesIn(value),
  );
}

/** A number that is read from digits as well: in a query there is only one way to write it. */
function withoutChoice({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.type === 'integer') delete jsonSchema.anyOf;
}
