import { parseMegabytes } from '../memory-option.ts';
import { parsePort } from '../option-values.ts';
import { portForm } from '../text-forms.ts';
import type { WireMachine, WireRow } from './file-row.ts';

/** A column of a file of machines: the field it is, how a cell is read, and what stands in it. */
export interface CsvColumn {
  readonly field: keyof WireRow;
  /** What an empty cell stands for. */
  readonly whenEmpty: null | readonly string[] | undefined;
  /** @throws Error whose message says what is wanted. */
  readonly read: (text: string) => unknown;
  readonly write: (machine: WireMachine) => string | undefined;
}

const asIs = (text: string): string => text;

/** By their names in the first line. */
export const CSV_COLUMNS: Readonly<Record<string, CsvColumn>> = {
  name: { field: 'name', whenEmpty: undefined, read: asIs, write: ({ name }) => name },
  mac: {
    field: 'macs',
    whenEmpty: [],
    read: (text) => text.split(/[\s;]+/).filter((word) => word !== ''),
    write: ({ macs }) => (macs.length === 0 ? undefined : macs.join(' ')),
  },
  uuid: { field: 'uuid', whenEmpty: null, read: asIs, write: ({ uuid }) => uuid },
  serial: { field: 'serial', whenEmpty: null, read: asIs, write: ({ serial }) => serial },
  asset_tag: { field: 'assetTag', whenEmpty: null, read: asIs, write: ({ assetTag }) => assetTag },
  port: { field: 'port', whenEmpty: null, read: parsePort, write: ({ port }) => port && portForm(port) },
  loader: { field: 'loader', whenEmpty: null, read: asIs, write: ({ loader }) => loader },
  source: { field: 'source', whenEmpty: null, read: asIs, write: ({ source }) => source },
  memory: {
    field: 'memoryMegabytes',
    whenEmpty: null,
    read: parseMegabytes,
    write: ({ memoryMegabytes }) => memoryMegabytes?.toString(),
  },
  memory_check: {
    field: 'memoryCheck',
    whenEmpty: null,
    read: asIs,
    write: ({ memoryCheck }) => memoryCheck,
  },
};

/** Columns of which there is one for each label and each variable. */
export const CSV_FAMILIES = { 'label.': 'labels', 'var.': 'variables' } as const;

export type FamilyField = (typeof CSV_FAMILIES)[keyof typeof CSV_FAMILIES];
