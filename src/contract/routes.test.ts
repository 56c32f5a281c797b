import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { fillPath, pathParameters, ROUTE_NAMES, ROUTES } from './routes.ts';
import { type RouteRow } from './route-row.ts';

const ROWS: readonly (readonly [string, RouteRow])[] = ROUTE_NAMES.map((name) => [name, ROUTES[name]]);

describe('every row of the contract', () => {
  for (const [name, row] of ROWS) {
    test(`${name}: the parameters in its path are those of its schema`, () => {
      expect(pathParameters(row.path)).toEqual(Object.keys(row.params.shape));
    });
    test(`${name}: each field that goes in or out has a sentence for the docs`, () => {
      for (const schema of [row.params, row.query, row.input, row.output]) {
        expect(undescribed(schema)).toEqual([]);
      }
    });
    test(`${name}: says who may ask it, and why those may who change nothing`, () => {
      if (typeof row.role === 'object') expect(row.role.public.split(' ').length).toBeGreaterThan(3);
      else if (row.method !== 'GET' && row.role === 'viewer') expect(row.harmless).toMatch(/ /);
      else expect(row.harmless).toBeUndefined();
      if (row.notAudited !== undefined) expect(row.method).not.toBe('GET');
    });
    test(`${name}: takes no query it does not know`, () => {
      expect(row.query.safeParse({ nonsense: '1' }).success).toBe(false);
    });
  }

  test('answers at a place of its own', () => {
    const places = ROWS.map(([, { method, path }]) => `${method} ${path}`);
    expect(new Set(places).size).toBe(places.length);
  });
});

/** Where a property has no description, as JSON Schema shows it to readers of the docs. */
function undescribed(schema: z.ZodType): readonly string[] {
  if (schema instanceof z.ZodUndefined) return [];
  const missing: string[] = [];
  walk(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), '', missing);
  return missing;
}

function walk(node: unknown, path: string, missing: string[]): void {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) {
    node.forEach((item) => walk(item, path, missing));
    return;
  }
  for (const [key, value] of Object.entries(node)) {
    if (key === 'properties') {
      for (const [name, property] of Object.entries(value as Record<string, { description?: string }>)) {
        if (!property.description) missing.push(`${path}.${name}`);
      }
    }
    walk(value, `${path}.${key}`, missing);
  }
}

describe('fillPath', () => {
  for (const [path, params, expected] of [
    ['/machines', {}, '/machines'],
    ['/machines/{machine}', { machine: '52:54:00:12:34:56' }, '/machines/52%3A54%3A00%3A12%3A34%3A56'],
    ['/installs/{id}/cancel', { id: '../x?y' }, '/installs/..%2Fx%3Fy/cancel'],
  ] as const) {
    test(`${path} with ${JSON.stringify(params)} is ${expected}`, () => {
      expect(fillPath(path, params)).toBe(expected);
    });
  }

  test('says which parameter is missing', () => {
    expect(() => fillPath('/subnets/{name}', {})).toThrow('"/subnets/{name}" needs a value for "name"');
  });
});
