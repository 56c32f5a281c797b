import { check } from '../../contract/issues.ts';
import { MAX_IMPORT_ROWS } from '../../contract/machine-import-schemas.ts';
import { PowerSeen } from '../../contract/power-schemas.ts';
import { readYamlSource } from '../../core/answers/yaml-source.ts';
import { checkedRow, type FileContent, type FileRow, type Place, type WireMachine } from './file-row.ts';

/** Machines as a list in JSON, each with the fields that the API has; also as `machine ls -o json` prints them. */

/** What Muster gives a machine by itself, or has seen of it. */
const GIVEN = new Set(['id', 'createdAt', 'power']);

export function readMachineJson(text: string): FileContent {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { rows: [], errors: [{ ...placeOfSyntaxError(text, error), message: 'it is not JSON here' }] };
  }
  const at = placesIn(text);
  if (!Array.isArray(value))
    return { rows: [], errors: [{ ...at([]), message: 'a list of machines is wanted' }] };
  if (value.length > MAX_IMPORT_ROWS)
    return {
      rows: [],
      errors: [{ ...at([MAX_IMPORT_ROWS]), message: `at most ${MAX_IMPORT_ROWS} machines fit in a file` }],
    };
  const contents = value.map((item: unknown, row) => {
    const placeOf = (path: string): Place => at([row, ...stepsOf(path)]);
    return withWish(item, placeOf) ?? checkedRow(withoutGiven(item), placeOf);
  });
  return { rows: contents.flatMap(({ rows }) => rows), errors: contents.flatMap(({ errors }) => errors) };
}

export function writeMachineJson(machines: readonly WireMachine[]): string {
  return `${JSON.stringify(machines.map(withoutGiven), undefined, 2)}\n`;
}

/**
 * Power as it was seen is passed over. How it is reached cannot be set here: no file holds the password that goes with
 * it, and where it is passed over nobody would know.
 */
function withWish(item: unknown, placeOf: FileRow['placeOf']): FileContent | undefined {
  if (typeof item !== 'object' || item === null || !('power' in item)) return undefined;
  if (check(PowerSeen.strict(), item.power).fits) return undefined;
  const message =
    'power: how it is reached is not set by this file: muster power set does it, or the power of a site file (muster apply)';
  const { rows: _, errors } = checkedRow(withoutGiven(item), placeOf);
  return { rows: [], errors: [...errors, { ...placeOf('power'), message }] };
}

function withoutGiven(item: unknown): unknown {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
  return Object.fromEntries(Object.entries(item).filter(([name]) => !GIVEN.has(name)));
}

/** Node says where in words only. */
function placeOfSyntaxError(text: string, error: unknown): Place {
  const [, position] = /at position (\d+)/.exec(error instanceof Error ? error.message : '') ?? [];
  const before = text.slice(0, position === undefined ? text.length : Number(position));
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: before.length - lineStart + 1 };
}

/** `labels.rack`, `macs[1]`. */
function stepsOf(path: string): readonly (string | number)[] {
  const [field = '', ...rest] = path.split(/[.[]/);
  const key = path.slice(field.length + 1);
  if (rest.length === 0) return field === '' ? [] : [field];
  return path[field.length] === '[' ? [field, Number.parseInt(key, 10)] : [field, key];
}

/** JSON is YAML, whose reader knows where each value stands; it is asked only where something is wrong. */
function placesIn(text: string): (steps: readonly (string | number)[]) => Place {
  let source: ReturnType<typeof readYamlSource> | undefined;
  return (steps) => {
    source ??= readYamlSource(text, '1.2');
    // Deeper than any machine: that is what is wrong with it, and it is told where it goes too deep.
    if (!source.read) return { line: source.problems[0]?.line ?? 1, column: source.problems[0]?.column ?? 1 };
    // A field that is missing, or is too much, is told where the next thing around it stands.
    for (let length = steps.length; length >= 0; length -= 1) {
      const node = source.document.getIn(steps.slice(0, length), true);
      const [offset] = (node as { readonly range?: readonly number[] } | undefined)?.range ?? [];
      if (offset === undefined) continue;
      return source.placeAt(offset);
    }
    return { line: 1, column: 1 };
  };
}
