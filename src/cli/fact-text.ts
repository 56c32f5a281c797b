import type { z } from 'zod';
import type { MachineFacts } from '../contract/fact-schemas.ts';
import { bytesForm, countForm, timeForm } from './text-forms.ts';

type WireFacts = z.output<typeof MachineFacts>;
type Facts = WireFacts['facts'];
type Name = keyof Facts;

/** Every fact in the order in which it is told: what it is called, and its value as people read it. */
const ROWS: readonly (readonly [name: Name, label: string, text: (facts: Facts) => string | undefined])[] = [
  ['vendor', 'vendor', ({ vendor }) => vendor],
  ['product', 'product', ({ product }) => product],
  ['serial', 'serial number', ({ serial }) => serial],
  ['assetTag', 'asset tag', ({ assetTag }) => assetTag],
  ['uuid', 'UUID', ({ uuid }) => uuid],
  ['firmware', 'firmware', ({ firmware }) => firmware],
  ['biosVersion', 'firmware version', ({ biosVersion }) => biosVersion],
  ['vendorClass', 'vendor class', ({ vendorClass }) => vendorClass],
  ['architecture', 'architecture', ({ architecture }) => architecture],
  ['cpu', 'processor', ({ cpu }) => cpu && processorText(cpu)],
  [
    'memoryMegabytes',
    'memory',
    ({ memoryMegabytes: size }) => (size === undefined ? undefined : `${size} MiB`),
  ],
  ['disks', 'disks', ({ disks }) => disks && linesOr(disks.map(diskText), 'none is built in')],
  ['nics', 'network cards', ({ nics }) => nics && linesOr(nics.map(cardText), 'none')],
  ['hostname', 'host name', ({ hostname }) => hostname],
];

/** What is known, each fact with who said it and when. */
export function factDetails({
  facts,
  origins,
}: WireFacts): readonly (readonly [label: string, text: string])[] {
  return ROWS.flatMap(([name, label, text]) => {
    const said = text(facts);
    const origin = origins[name];
    if (said === undefined || origin === undefined) return [];
    // A list has who said it in a line of its own.
    const space = said.includes('\n') ? '\n' : ' ';
    return [[label, `${said}${space}(${origin.source}, ${timeForm(origin.at)})`]];
  });
}

/** In one line, for a page with other things on it; undefined where nothing is known. */
export function factSummary({
  vendor,
  product,
  cpu,
  memoryMegabytes,
  disks,
  nics,
}: Facts): string | undefined {
  const parts = [
    [vendor, product].filter((part) => part !== undefined).join(' '),
    cpu === undefined ? '' : processorText(cpu),
    memoryMegabytes === undefined ? '' : `${memoryMegabytes} MiB`,
    disks === undefined ? '' : countForm(disks.length, 'disk'),
    nics === undefined ? '' : countForm(nics.length, 'network card'),
  ].filter((part) => part !== '');
  return parts.length === 0 ? undefined : parts.join(', ');
}

function processorText({ model, cores, threads }: NonNullable<Facts['cpu']>): string {
  return [
    model ?? '',
    cores === undefined ? '' : countForm(cores, 'core'),
    threads === undefined ? '' : countForm(threads, 'thread'),
  ]
    .filter((part) => part !== '')
    .join(', ');
}

function diskText(disk: NonNullable<Facts['disks']>[number]): string {
  const { name, bytes, model, serial, rotational, holdsData, holds } = disk;
  return [
    name,
    bytesForm(bytes),
    model ?? '',
    serial === undefined ? '' : `serial ${serial}`,
    rotational === true ? 'spins' : '',
    holdsData === undefined ? '' : holdsData ? `holds ${holds ?? 'data'}` : 'is blank',
  ]
    .filter((part) => part !== '')
    .join(', ');
}

function cardText({ mac, name, driver, speedMegabits, lldp }: NonNullable<Facts['nics']>[number]): string {
  const plugged = [lldp?.system ?? lldp?.chassis, lldp?.port].filter((part) => part !== undefined);
  return [
    mac,
    name,
    driver ?? '',
    speedMegabits === undefined ? '' : `${speedMegabits} Mbit/s`,
    plugged.length === 0 ? '' : `plugged into ${plugged.join(' ')}`,
  ]
    .filter((part) => part !== '')
    .join(', ');
}

function linesOr(lines: readonly string[], none: string): string {
  return lines.length === 0 ? none : lines.join('\n');
}
