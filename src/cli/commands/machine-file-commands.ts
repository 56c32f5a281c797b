import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { z } from 'zod';
import { type Imported, MAX_IMPORT_BYTES } from '../../contract/machine-import-schemas.ts';
import { allPages } from '../all-pages.ts';
import type { Act, CliContext } from '../cli-context.ts';
import { CliFailure } from '../cli-failure.ts';
import type { FileContent, FileError, WireMachine } from '../machine-files/file-row.ts';
import type { View } from '../output.ts';
import { selectorOption } from '../selector-option.ts';
import { countForm } from '../text-forms.ts';

const FORMATS = ['csv', 'json'] as const;
type Format = (typeof FORMATS)[number];

/** Errors of a file that are told; the rest are counted. */
const MAX_ERRORS_TOLD = 100;

type WireImported = z.output<typeof Imported>;

/** Many machines at once, from a file and into one. */
export function addMachineFileCommands(machine: Command, act: Act): void {
  machine
    .command('import')
    .argument('<file>', 'CSV or JSON; - is standard input')
    .description('add and change machines as a file says: all of them, or none where one line is wrong')
    .addOption(new Option('--format <format>', 'what the file is; left out: by its name').choices(FORMATS))
    .option('--dry-run', 'say what would become of each machine, and change nothing')
    .action(act<ImportFlags>(async (context, [file = ''], flags) => await importFile(context, file, flags)));
  machine
    .command('export')
    .description('all machines in a form that import takes, and that changes nothing then')
    .addOption(new Option('--format <format>', 'what to write').choices(FORMATS).default('csv'))
    .addOption(selectorOption('only those with such labels'))
    .action(
      act<{ readonly format: Format; readonly selector?: string }>(
        async ({ client, output }, _, { format, selector }) => {
          const query = selector === undefined ? {} : { selector };
          const items = await allPages(await client(), 'listMachines', query);
          output.text(await written(items, format));
        },
      ),
    );
}

async function written(items: readonly WireMachine[], format: Format): Promise<string> {
  if (format === 'csv') return (await import('../machine-files/machine-csv.ts')).writeMachineCsv(items);
  return (await import('../machine-files/machine-json.ts')).writeMachineJson(items);
}

interface ImportFlags {
  readonly format?: Format;
  readonly dryRun?: true;
}

async function importFile(context: CliContext, file: string, flags: ImportFlags): Promise<void> {
  const text = await readText(context, file);
  const { rows, errors } = await read(text, flags.format ?? formatOf(file, text));
  const looks = flags.dryRun === true || errors.length > 0;
  const imported = await (await context.client()).call('importMachines', {
    input: { machines: rows.map(({ input }) => input), purpose: looks ? 'look' : 'apply' },
  });
  const refused = imported.objections.map(({ row, because }) => ({
    ...(rows[row]?.placeOf('') ?? { line: 1, column: 1 }),
    message: because,
  }));
  const all = [...errors, ...refused].toSorted(
    (one, other) => one.line - other.line || one.column - other.column,
  );
  if (all.length > 0) throw tellErrors(context, file, all);
  await tell(context, imported);
}

/** @throws CliFailure where it cannot be read, or is none. */
async function readText({ terminal }: CliContext, file: string): Promise<string> {
  if (file === '-') return await terminal.readInput();
  const path = resolve(terminal.workingFolder, file);
  try {
    const { size } = await stat(path);
    if (size > MAX_IMPORT_BYTES)
      throw new CliFailure('failed', `${file} has ${size} bytes, and ${MAX_IMPORT_BYTES} are read`);
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    if (error instanceof CliFailure) throw error;
    if (error instanceof TypeError)
      throw new CliFailure('failed', `${file} is not in UTF-8: save it as UTF-8`);
    throw new CliFailure(
      'failed',
      `Cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function formatOf(file: string, text: string): Format {
  const isJson = /\.json$/i.test(file) || (file === '-' && /^\s*[[{]/.test(text));
  return isJson ? 'json' : 'csv';
}

async function read(text: string, format: Format): Promise<FileContent> {
  if (format === 'csv') return (await import('../machine-files/machine-csv.ts')).readMachineCsv(text);
  return (await import('../machine-files/machine-json.ts')).readMachineJson(text);
}

/** Each at its place, as compilers write it. */
function tellErrors({ terminal }: CliContext, file: string, errors: readonly FileError[]): CliFailure {
  const shown = errors.slice(0, MAX_ERRORS_TOLD);
  const name = file === '-' ? '<stdin>' : file;
  for (const { line, column, message } of shown) terminal.err(`${name}:${line}:${column}: ${message}\n`);
  const more = errors.length - shown.length;
  const rest = more === 0 ? '' : `, of which ${more} are not told here`;
  return new CliFailure('failed', `Nothing was changed: ${countForm(errors.length, 'error')}${rest}`);
}

async function tell({ output }: CliContext, imported: WireImported): Promise<void> {
  const { applied, machines } = imported;
  const count = (what: WireImported['machines'][number]['what']): number =>
    machines.filter((one) => one.what === what).length;
  const [added, changed, unchanged] = [count('added'), count('changed'), count('unchanged')];
  if (output.choices.format !== 'table' || !applied)
    await output.list(CHANGES, machines, 'The file holds no machine');
  const would = applied ? '' : ' would be';
  output.talk(
    `${countForm(added, 'machine')}${would} added, ${changed} changed, ${unchanged} as they were${applied ? '' : ' (--dry-run)'}`,
  );
}

const CHANGES: Pick<View<WireImported['machines'][number]>, 'columns' | 'nameOf'> = {
  nameOf: ({ name }) => name,
  columns: [
    { head: 'NAME', cell: ({ name }) => name },
    { head: 'WHAT', cell: ({ what }) => what },
    { head: 'FIELDS', cell: ({ fields }) => fields.join(', '), gives: 'cut' },
  ],
};
