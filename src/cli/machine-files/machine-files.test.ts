import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { machineToContract } from '../../api/to-contract.ts';
import { check } from '../../contract/issues.ts';
import { ImportRow, MAX_IMPORT_ROWS } from '../../contract/machine-import-schemas.ts';
import { Machine } from '../../contract/machine-schemas.ts';
import type { PowerSeen } from '../../contract/power-schemas.ts';
import type { Machine as CoreMachine } from '../../core/machines/machine.ts';
import { planImport } from '../../core/machines/plan-import.ts';
import { macFromBytes, parseUuid } from '../../lib/addresses.ts';
import type { FileContent } from './file-row.ts';
import { readMachineCsv, writeMachineCsv } from './machine-csv.ts';
import { readMachineJson, writeMachineJson } from './machine-json.ts';

function errorsOf({ errors }: FileContent): readonly string[] {
  return errors.map(({ line, column, message }) => `${line}:${column}: ${message}`);
}

describe('machines in CSV', () => {
  test('have a column for each field, in any order, and several MAC addresses in one cell', () => {
    const { rows, errors } = readMachineCsv(
      ['mac;name'.replace(';', ','), '"52-54-00-00-00-01; 525400000002",web1', ',web2\n'].join('\r\n'),
    );
    expect(errors).toEqual([]);
    expect(rows.map(({ input }) => input)).toEqual([
      { name: 'web1', macs: ['52-54-00-00-00-01', '525400000002'] },
      { name: 'web2', macs: [] },
    ]);
  });

  test('keep apart an empty value, which takes away, and an empty text', () => {
    const { rows } = readMachineCsv(
      'name,uuid,port,memory,label.rack,label.gpu,var.x\nweb1,,eth0/7@r1,2G,,"",a b\n',
    );
    expect(rows[0]?.input).toEqual({
      name: 'web1',
      uuid: null,
      port: { circuitId: 'eth0/7', remoteId: 'r1' },
      memoryMegabytes: 2048,
      labels: { rack: null, gpu: '' },
      variables: { x: 'a b' },
    });
  });

  for (const [title, text, expected] of [
    ['nothing at all', '', ['1:1: the first line names the columns, and "name" is not there']],
    [
      'columns that do not exist',
      'name,macs,colour,label.-x,var.1\nweb1,,,,\n',
      [
        '1:6: there is no column "macs": did you mean "mac"?',
        expect.stringMatching(/^1:11: there is no column "colour": there are name, mac, uuid, serial/),
        expect.stringMatching(/^1:18: "-x" is not the key of a label/),
        expect.stringMatching(/^1:27: a variable's name is made of letters/),
      ],
    ],
    ['a column twice', 'name,mac,mac\n', ['1:10: the column "mac" is there twice']],
    [
      'semicolons for commas, as spreadsheets write them in many countries',
      'name;mac;label.rack\r\nweb1;525400000001;a,b\r\n',
      [
        expect.stringMatching(
          /^1:1: the values are separated by semicolons, and commas are wanted: export it/,
        ),
      ],
    ],
    [
      'semicolons between quotes',
      '\uFEFF"mac";"name"\n"525400000001";"web1"\n',
      [expect.stringMatching(/^1:1: the values are separated by semicolons/)],
    ],
    [
      'tabs for commas',
      'name\tmac\nweb1\t525400000001\n',
      [expect.stringMatching(/^1:1: the values are separated by tabs, and commas are wanted/)],
    ],
    [
      'one semicolon among commas, which is another mistake',
      'name,mac;uuid\n',
      [expect.stringMatching(/^1:6: there is no column "mac;uuid"/)],
    ],
    ['a quote that is open', 'name\n"web1', ['2:1: a quote is not closed']],
    [
      'every bad cell',
      'name,mac,uuid,serial,memory,loader,label.rack\n"a\nb",5254,x,,lots,lilo,ä\nweb2,,,,,,\nweb_3,52540000000z 5254,,,,,\n',
      [
        expect.stringMatching(/^2:1: name: a host name is wanted/),
        expect.stringMatching(/^3:4: macs\[0\]: "5254" is not a MAC address/),
        expect.stringMatching(/^3:9: uuid: "x" is not a UUID/),
        expect.stringMatching(/^3:12: an amount of memory is wanted/),
        expect.stringMatching(/^3:17: loader: "lilo" is none of pxelinux, grub, ipxe/),
        expect.stringMatching(/^3:22: labels.rack: "ä" is not the value of a label/),
        expect.stringMatching(/^5:1: name: a host name is wanted/),
        expect.stringMatching(/^5:7: macs\[0\]: "52540000000z" is not a MAC address/),
        expect.stringMatching(/^5:7: macs\[1\]: "5254" is not a MAC address/),
      ],
    ],
    [
      'values without a column, and columns without a value',
      'name,mac\nweb1,525400000001,x\nweb2\n',
      [
        '2:19: the first line names no column for this value',
        '3:1: 1 values are there, and the first line names 2 columns',
      ],
    ],
    ['no name', 'name,mac\n,525400000001\n', ['2:1: name: is missing']],
    [
      'too many machines',
      `name\n${'x\n'.repeat(MAX_IMPORT_ROWS + 1)}`,
      [`${MAX_IMPORT_ROWS + 2}:1: at most ${MAX_IMPORT_ROWS} machines fit in a file`],
    ],
  ] as const) {
    test(`are refused with their places: ${title}`, () => {
      expect(errorsOf(readMachineCsv(text))).toEqual(expected);
    });
  }
});

describe('machines in JSON', () => {
  test('are a list as machine ls prints it, whose ids and power as it was seen are passed over', () => {
    const power = '{"driver": "redfish", "state": "on", "stateAt": "2026-11-27T06:00:00.000Z"}';
    const text = `[{"id": "m-1", "name": "web1", "macs": ["525400000001"], "power": ${power}, "createdAt": "x", "uuid": null}]`;
    expect(readMachineJson(text).rows.map(({ input }) => input)).toEqual([
      { name: 'web1', macs: ['525400000001'], uuid: null },
    ]);
  });

  for (const [title, text, expected] of [
    ['an end too early', '[\n  {"name": ', ['2:12: it is not JSON here']],
    ['a comma too much', '[\n  {"name": "a",},\n]', ['2:16: it is not JSON here']],
    [
      'lists in lists, which no machine is',
      `[\n{"name": "a", "macs": ${'['.repeat(100_000)}${']'.repeat(100_000)}}]`,
      [expect.stringMatching(/^2:121: macs\[0\]: .* and a text is wanted$/)],
    ],
    [
      'how its power is reached, which no file of machines sets',
      '[\n  {"name": "web_1", "power": {"driver": "ipmi", "host": "192.0.2.9"}}\n]',
      [
        expect.stringMatching(/^2:12: name: a host name/),
        expect.stringMatching(/^2:30: power: how it is reached is not set by this file: muster power set/),
      ],
    ],
    ['no list', '{"name": "a"}', ['1:1: a list of machines is wanted']],
    [
      'every bad value',
      '[\n  {"name": "web_1", "macs": ["525400000001", "x"],\n   "labels": {"a": "b", "c": "-"}},\n  {"mac": "x"},\n 7]',
      [
        expect.stringMatching(/^2:12: name: a host name/),
        expect.stringMatching(/^2:46: macs\[1\]: "x" is not a MAC address/),
        expect.stringMatching(/^3:30: labels.c: "-" is not the value/),
        expect.stringMatching(/^4:3: name: is missing/),
        expect.stringMatching(/^4:3: there is no field "mac"/),
        expect.stringMatching(/^5:2: 7 is there, and an object is wanted/),
      ],
    ],
  ] as const) {
    test(`are refused with their places: ${title}`, () => {
      expect(errorsOf(readMachineJson(text))).toEqual(expected);
    });
  }
});

const short = fc.string({ unit: fc.constantFrom('a', 'B', '7', '-', '.'), minLength: 1, maxLength: 6 });
const word = short.map((text) => `x${text}y`);
const awkward = fc.string({ unit: fc.constantFrom('a', ' ', '"', ',', '\n', '\r', '=', 'ä', '\\', '\t') });
const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });
const extras = fc.record(
  {
    uuid: fc.constant(parseUuid('4c4c4544-0044-4810-8031-b4c04f564231')),
    serial: word,
    assetTag: word.map((text) => `${text}, "${text}"`),
    port: fc.record({ circuitId: word, remoteId: maybe(word) }).map(({ circuitId, remoteId }) => ({
      circuitId,
      ...(remoteId === undefined ? {} : { remoteId }),
    })),
    loader: fc.constantFrom('ipxe', 'grub', 'pxelinux'),
    source: fc.constantFrom('http', 'nfs'),
    memoryMegabytes: fc.integer({ min: 1, max: 2 ** 30 }),
    memoryCheck: fc.constant('off'),
  },
  { requiredKeys: [] },
);
/** As `machine ls` tells it beside a machine. */
const power = fc.constantFrom<z.input<typeof PowerSeen> | undefined>(
  undefined,
  { driver: 'wol' },
  { driver: 'redfish', state: 'on', stateAt: '2026-11-27T06:00:00.000Z' },
  {
    driver: 'ipmi',
    trouble: { kind: 'unreachable', because: 'it does not answer', at: '2026-11-27T06:00:00.000Z' },
  },
);
const machines = fc
  .array(
    fc.record({
      extra: extras,
      cards: fc.integer({ min: 1, max: 3 }),
      labels: fc.dictionary(
        word.map((text) => `e.org/${text}`),
        fc.oneof(word, fc.constant('')),
        { maxKeys: 3 },
      ),
      variables: fc.dictionary(
        short.map((text) => `v${text.replaceAll(/[-.]/g, '_')}`),
        awkward,
        { maxKeys: 3 },
      ),
    }),
    { maxLength: 5 },
  )
  .map((shapes) =>
    shapes.map(
      ({ extra, cards, labels, variables }, at): CoreMachine => ({
        id: `m-${at}`,
        name: `web${at}`,
        macs: Array.from({ length: cards }, (_, card) => macFromBytes(Uint8Array.of(2, 0, 0, 0, at, card))),
        labels,
        variables,
        createdAtMs: 0,
        ...extra,
      }),
    ),
  );

for (const [format, write, read] of [
  ['CSV', writeMachineCsv, readMachineCsv],
  ['JSON', writeMachineJson, readMachineJson],
] as const) {
  test(`what was exported as ${format} changes nothing when it is imported, and makes the same machines elsewhere`, () => {
    fc.assert(
      fc.property(machines, power, (all, seen) => {
        const told = seen === undefined ? {} : { power: seen };
        const wire = all.map((machine) => Machine.parse({ ...machineToContract(machine), ...told }));
        const written = write(wire);
        expect(written).not.toContain('driver');
        const content = read(written);
        expect(content.errors).toEqual([]);
        const rows = content.rows.map(({ input }) => {
          const checked = check(ImportRow, input);
          if (!checked.fits) throw new Error(JSON.stringify(checked.issues));
          return checked.value;
        });
        const around = { nowMs: 0, newId: () => 'm-0' };
        const here = planImport(rows, { ...around, all });
        expect(here.objections).toEqual([]);
        expect(here.rows.map(({ what, fields }) => [what, fields])).toEqual(all.map(() => ['unchanged', []]));
        let drawn = 0;
        const elsewhere = planImport(rows, { nowMs: 0, newId: () => `m-${drawn++}`, all: [] });
        expect(elsewhere.rows.map(({ machine }) => machine)).toEqual(all);
      }),
    );
  });
}
