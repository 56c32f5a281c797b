import { check, issuesText } from '../../contract/issues.ts';
import { labelKey, variableName } from '../../contract/fields.ts';
import { MAX_IMPORT_ROWS } from '../../contract/machine-import-schemas.ts';
import { type CsvCell, CsvError, type CsvRecord, formatCsvRecord, parseCsv } from '../../lib/csv.ts';
import { editDistance } from '../../lib/edit-distance.ts';
import { CSV_COLUMNS, CSV_FAMILIES, type CsvColumn, type FamilyField } from './csv-columns.ts';
import {
  checkedRow,
  type FileContent,
  type FileError,
  type FileRow,
  type Place,
  type WireMachine,
} from './file-row.ts';

/** Machines as spreadsheets have them: the first line names the columns, each further one is a machine. */

type Column =
  | { readonly kind: 'field'; readonly column: CsvColumn }
  /** One label or variable. */
  | { readonly kind: 'entry'; readonly field: FamilyField; readonly key: string };

/** Letters by which a name may differ from the one that was meant. */
const TYPING_ERRORS = 2;

/** What spreadsheets write where numbers have a decimal comma, and what stands between cells that are copied. */
const OTHER_SEPARATORS = { ';': 'semicolons', '\t': 'tabs' } as const;

export function readMachineCsv(text: string): FileContent {
  const separators = otherSeparatorsOf(text);
  if (separators !== undefined) {
    const message = `the values are separated by ${separators}, and commas are wanted: export it with the comma as the separator, or write JSON`;
    return { rows: [], errors: [errorAt(undefined, message)] };
  }
  let records: readonly CsvRecord[];
  try {
    records = parseCsv(text);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { line, column, message } = error;
    return { rows: [], errors: [{ line, column, message }] };
  }
  const [head = [], ...lines] = records;
  const header = readHeader(head);
  const [tooMany] = lines.slice(MAX_IMPORT_ROWS);
  if (tooMany)
    return { rows: [], errors: [errorAt(tooMany[0], `at most ${MAX_IMPORT_ROWS} machines fit in a file`)] };
  const contents = lines.map((record) => readRecord(record, header.columns));
  return {
    rows: contents.flatMap(({ rows }) => rows),
    errors: [...header.errors, ...contents.flatMap(({ errors }) => errors)],
  };
}

/** Undefined where commas separate, or the first line names no column either way. */
function otherSeparatorsOf(text: string): string | undefined {
  // trimStart takes the byte order mark along.
  const [head = ''] = text.trimStart().split(/[\r\n]/, 1);
  if (head.includes(',')) return undefined;
  for (const [separator, name] of Object.entries(OTHER_SEPARATORS)) {
    const words = head.split(separator).map((word) => word.trim().replaceAll('"', ''));
    if (words.length > 1 && words.some((word) => typeof columnOf(word) !== 'string')) return name;
  }
  return undefined;
}

interface Header {
  /** Undefined for one that is passed over, since something is wrong with it. */
  readonly columns: readonly (Column | undefined)[];
  readonly errors: readonly FileError[];
}

function readHeader(head: CsvRecord): Header {
  const errors: FileError[] = [];
  const names = head.map((cell) => cell.text);
  const columns = head.map((cell, at) => {
    if (names.indexOf(cell.text) !== at) {
      errors.push(errorAt(cell, `the column "${cell.text}" is there twice`));
      return undefined;
    }
    const column = columnOf(cell.text);
    if (typeof column !== 'string') return column;
    errors.push(errorAt(cell, column));
    return undefined;
  });
  if (!names.includes('name'))
    errors.push(errorAt(head[0], 'the first line names the columns, and "name" is not there'));
  return { columns, errors };
}

/** @returns a sentence where there is no such column. */
function columnOf(name: string): Column | string {
  const column = Object.hasOwn(CSV_COLUMNS, name) ? CSV_COLUMNS[name] : undefined;
  if (column) return { kind: 'field', column };
  for (const [prefix, field] of Object.entries(CSV_FAMILIES)) {
    if (!name.startsWith(prefix)) continue;
    const key = name.slice(prefix.length);
    const checked = check(field === 'labels' ? labelKey : variableName, key);
    return checked.fits ? { kind: 'entry', field, key } : issuesText(checked.issues);
  }
  const known = Object.keys(CSV_COLUMNS);
  const meant = known.find((one) => editDistance(one, name.toLowerCase(), TYPING_ERRORS) !== undefined);
  const advice =
    meant === undefined
      ? `there are ${known.join(', ')}, label.KEY and var.NAME`
      : `did you mean "${meant}"?`;
  return `there is no column "${name}": ${advice}`;
}

function readRecord(record: CsvRecord, columns: Header['columns']): FileContent {
  const [surplus] = record.slice(columns.length);
  if (surplus)
    return { rows: [], errors: [errorAt(surplus, 'the first line names no column for this value')] };
  if (record.length < columns.length) {
    const message = `${record.length} values are there, and the first line names ${columns.length} columns`;
    return { rows: [], errors: [errorAt(record.at(-1), message)] };
  }
  const errors: FileError[] = [];
  const input: Record<string, unknown> = {};
  const places = new Map<string, Place>();
  for (const [at, cell] of record.entries()) {
    const column = columns[at];
    if (!column) continue;
    try {
      places.set(readCell(cell, column, input), cell);
    } catch (error) {
      errors.push(errorAt(cell, error instanceof Error ? error.message : String(error)));
    }
  }
  const start = record[0] ?? { line: 1, column: 1 };
  const content = checkedRow(input, placesOf(places, start));
  return errors.length === 0
    ? content
    : { rows: [], errors: [...errors, ...content.errors].toSorted(byPlace) };
}

/** @returns the path of the field that was set. */
function readCell(cell: CsvCell, column: Column, input: Record<string, unknown>): string {
  if (column.kind === 'field') {
    const { field, whenEmpty, read } = column.column;
    const value = cell.text === '' ? whenEmpty : read(cell.text);
    if (value !== undefined) input[field] = value;
    return field;
  }
  const { field, key } = column;
  const entries = (input[field] ?? {}) as Record<string, string | null>;
  input[field] = { ...entries, [key]: cell.text === '' && !cell.isQuoted ? null : cell.text };
  return `${field}.${key}`;
}

/** An issue's path may go on behind that of its cell: `macs[1]` stands in the cell of `macs`. */
function placesOf(places: ReadonlyMap<string, Place>, start: Place): FileRow['placeOf'] {
  return (path) => {
    const field = [...places.keys()].find(
      (one) => path === one || path.startsWith(`${one}[`) || path.startsWith(`${one}.`),
    );
    const { line, column } = (field === undefined ? places.get('name') : places.get(field)) ?? start;
    return { line, column };
  };
}

function errorAt(cell: Place | undefined, message: string): FileError {
  return { line: cell?.line ?? 1, column: cell?.column ?? 1, message };
}

function byPlace(one: Place, other: Place): number {
  return one.line - other.line || one.column - other.column;
}

/** Reading it again changes nothing: there is a column for everything that one of the machines has. */
export function writeMachineCsv(machines: readonly WireMachine[]): string {
  const families = Object.entries(CSV_FAMILIES).flatMap(([prefix, field]) =>
    [...new Set(machines.flatMap((machine) => Object.keys(machine[field])))]
      .toSorted()
      .map((key) => ({ name: `${prefix}${key}`, write: (machine: WireMachine) => machine[field][key] })),
  );
  const columns = [...Object.entries(CSV_COLUMNS).map(([name, { write }]) => ({ name, write })), ...families];
  return [
    formatCsvRecord(columns.map(({ name }) => name)),
    ...machines.map((machine) => formatCsvRecord(columns.map(({ write }) => write(machine)))),
  ].join('');
}
