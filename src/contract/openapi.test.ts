import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, test } from 'vitest';
import { type JsonObject, openApiDocument } from './openapi.ts';
import { type RouteRow } from './route-row.ts';
import { pathParameters, ROUTE_NAMES, ROUTES } from './routes.ts';

const DOCUMENT = openApiDocument('1.2.3');
const TEXT = JSON.stringify(DOCUMENT);
const ROWS: readonly (readonly [string, RouteRow])[] = ROUTE_NAMES.map((name) => [name, ROUTES[name]]);

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly description: string;
    readonly schema: JsonObject;
  }[];
  readonly requestBody?: { readonly content: JsonObject };
  readonly responses: Readonly<Record<string, { readonly content?: JsonObject; readonly $ref?: string }>>;
}

function operationOf({ path, method }: RouteRow): Operation | undefined {
  const paths = DOCUMENT['paths'] as unknown as Record<string, Record<string, Operation>>;
  return paths[path]?.[method.toLowerCase()];
}

test('is what the validator of OpenAPI 3.1 takes', async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(JSON.parse(TEXT) as Record<string, unknown>);
  expect(errors).toBeUndefined();
  expect([valid, validator.version]).toEqual([true, '3.1']);
});

describe('every row of the contract is in it', () => {
  for (const [name, row] of ROWS) {
    test(name, () => {
      const operation = operationOf(row);
      expect(operation).toMatchObject({ operationId: name, summary: row.sentence });
      const { parameters = [], description, security, requestBody, responses } = operation!;
      expect(parameters.filter((one) => one.in === 'path').map((one) => one.name)).toEqual(
        pathParameters(row.path),
      );
      expect(parameters.filter((one) => one.in === 'query').map((one) => one.name)).toEqual(
        Object.keys(row.query.shape),
      );
      for (const parameter of parameters) expect(parameter.description, parameter.name).not.toBe('');
      expect(requestBody === undefined).toBe(row.input.safeParse(undefined).success && row.takes !== 'bytes');
      expect(responses['default']).toEqual({ $ref: '#/components/responses/Problem' });
      expect(security).toEqual(typeof row.role === 'string' ? undefined : []);
      expect(description).toContain(typeof row.role === 'string' ? `the role ${row.role}` : row.role.public);
    });
  }

  test('and nothing else is', () => {
    const paths = DOCUMENT['paths'] as unknown as Record<string, Record<string, Operation>>;
    const ids = Object.values(paths).flatMap((item) => Object.values(item).map((one) => one.operationId));
    expect(ids.toSorted()).toEqual([...ROUTE_NAMES].toSorted());
  });
});

for (const [name, answer, content] of [
  ['getMachine', '200', { 'application/json': { schema: { $ref: '#/components/schemas/Machine' } } }],
  ['addMachine', '201', { 'application/json': { schema: { $ref: '#/components/schemas/Machine' } } }],
  ['deleteMachine', '204', undefined],
  [
    'streamEvents',
    '200',
    { 'text/event-stream': { schema: { $ref: '#/components/schemas/TimelineEvent' } } },
  ],
  ['readImageFile', '200', { '*/*': {} }],
] as const) {
  test(`${name} answers ${answer} with ${JSON.stringify(content)}`, () => {
    expect(operationOf(ROUTES[name])?.responses[answer]?.content).toEqual(content);
  });
}

test('a body that has a name is referred to, also by rows that list it', () => {
  expect(operationOf(ROUTES.addMachine)?.requestBody?.content).toEqual({
    'application/json': { schema: { $ref: '#/components/schemas/MachineInput' } },
  });
  const { items } = (DOCUMENT['components'] as { schemas: Record<string, never> }).schemas;
  expect(items).toBeUndefined();
  expect(TEXT).toContain('{"type":"array","items":{"$ref":"#/components/schemas/Lease"}');
});

test('every reference leads to something, and everything named is referred to', () => {
  const { schemas } = DOCUMENT['components'] as { schemas: JsonObject };
  const referred = [...TEXT.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
    ([, name = '']) => name,
  );
  expect([...new Set(referred)].toSorted()).toEqual(Object.keys(schemas).toSorted());
  for (const [name, schema] of Object.entries(schemas)) expect(schema, name).not.toEqual({});
});

test('a number in a query is one, with its bounds', () => {
  const limit = operationOf(ROUTES.listLeases)?.parameters?.find(({ name }) => name === 'limit');
  expect(limit).toMatchObject({ required: false, schema: { type: 'integer', minimum: 1, maximum: 1000 } });
  expect(limit?.schema).not.toHaveProperty('anyOf');
});

for (const [name, headers] of [
  ['streamEvents', ['Last-Event-ID']],
  ['addMachine', ['Idempotency-Key']],
  ['logIn', []],
  ['changeMachine', ['If-Match']],
  ['deleteToken', []],
  ['getMachine', []],
] as const) {
  test(`${name} says of ${headers.length === 0 ? 'no header' : headers.join()}`, () => {
    const told = operationOf(ROUTES[name])?.parameters?.filter((one) => one.in === 'header') ?? [];
    expect(told.map((one) => one.name)).toEqual(headers);
  });
}
