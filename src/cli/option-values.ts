import { InvalidArgumentError } from 'commander';
import { parseMachineText } from '../lib/machine-texts.ts';
import { parseIpv4, parseIpv4Network, parseMac, parseUuid } from '../lib/addresses.ts';

/** What people type after an option, made into values; what does not fit ends the command with exit code 2. */

type Taker<T> = (text: string, before: T) => T;

/** An option that takes one value, checked by a parser of its own. */
function one(parse: (text: string) => string): (text: string) => string {
  return (text) => orRefuse(() => parse(text));
}

/** An option that may come several times, and takes several values with commas; empty: none. */
function several<T>(parse: (text: string) => T): Taker<readonly T[] | undefined> {
  return (text, before = []) => [...before, ...words(text).map((word) => orRefuse(() => parse(word)))];
}

/** As `several`, for values that may hold commas. */
function repeated<T>(parse: (text: string) => T): Taker<readonly T[] | undefined> {
  return (text, before = []) => [...before, orRefuse(() => parse(text))];
}

/** An empty text takes the value away. */
function orEmpty(parse: (text: string) => string): (text: string) => string {
  return one((text) => (text === '' ? '' : parse(text)));
}

export const addresses = several(parseIpv4);
export const macs = several(parseMac);
export const names = several((text) => text);
export const texts = repeated((text) => text);
export const addressOrEmpty = orEmpty(parseIpv4);
export const uuidOrEmpty = orEmpty(parseUuid);
export const machineTextOrEmpty = orEmpty(parseMachineText);
export const network = one((text) => {
  parseIpv4Network(text);
  return text;
});

export interface RangeText {
  readonly first: string;
  readonly last: string;
}

/** `A-B`, both ends included. */
export const ranges = several((text): RangeText => {
  const [first = '', last = '', ...more] = text.split('-').map((end) => end.trim());
  if (more.length > 0 || last === '')
    throw new SyntaxError(
      `"${text}" is not a range: its two ends are wanted, such as 192.168.1.100-192.168.1.200`,
    );
  return { first: parseIpv4(first), last: parseIpv4(last) };
});

export interface ReservationText {
  readonly mac: string;
  readonly address: string;
  readonly hostname?: string;
}

/** `MAC=ADDRESS` or `MAC=ADDRESS=HOSTNAME`. */
export const reservations = several((text): ReservationText => {
  const [mac = '', address = '', hostname, ...more] = text.split('=');
  if (more.length > 0 || address === '')
    throw new SyntaxError(`"${text}" is not a reservation: MAC=ADDRESS or MAC=ADDRESS=HOSTNAME is wanted`);
  return {
    mac: parseMac(mac),
    address: parseIpv4(address),
    ...(hostname === undefined ? {} : { hostname }),
  };
});

/** A port, as the relay calls it; whether it can be one is for the server to say. */
export interface PortText {
  readonly circuitId: string;
  readonly remoteId?: string;
}

export interface PortReservationText extends PortText {
  readonly address: string;
  readonly hostname?: string;
}

/** `CIRCUIT` or `CIRCUIT@REMOTE`; identifiers with `@` or `=` in them are written in hex. */
export function parsePort(text: string): PortText {
  const [circuitId = '', remoteId, ...more] = text.split('@');
  if (circuitId === '' || remoteId === '' || more.length > 0)
    throw new SyntaxError(`"${text}" is not a port: CIRCUIT or CIRCUIT@REMOTE is wanted`);
  return { circuitId, ...(remoteId === undefined ? {} : { remoteId }) };
}

export const ports = several(parsePort);

/** One port; empty takes it away. */
export function portOrEmpty(text: string): PortText | '' {
  return text === '' ? '' : orRefuse(() => parsePort(text));
}

/** `PORT=ADDRESS` or `PORT=ADDRESS=HOSTNAME`. */
export const portReservations = several((text): PortReservationText => {
  const [port = '', address = '', hostname, ...more] = text.split('=');
  if (more.length > 0 || address === '')
    throw new SyntaxError(`"${text}" is not a reservation: PORT=ADDRESS or PORT=ADDRESS=HOSTNAME is wanted`);
  return {
    ...parsePort(port),
    address: parseIpv4(address),
    ...(hostname === undefined ? {} : { hostname }),
  };
});

export const macOption = one(parseMac);

/** `87.5`; whether it fits is for the server to say. */
export function percent(text: string): number {
  if (!/^\d{1,3}(?:\.\d{1,3})?%?$/.test(text))
    throw new InvalidArgumentError('a part of the lease in per cent is wanted, such as 50 or 87.5');
  return Number(text.replace('%', ''));
}

/** `NAME=VALUE`; the value may hold anything, `=` too. */
export const pairs = repeated((text): readonly [name: string, value: string] => {
  const at = text.indexOf('=');
  if (at <= 0) throw new SyntaxError(`"${text}" is not a pair: NAME=VALUE is wanted`);
  return [text.slice(0, at), text.slice(at + 1)];
});

const SECONDS_IN: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** RFC 2131 §3.3. */
const FOR_EVER_SECONDS = 0xffff_ffff;

/** Seconds, or a number with `s`, `m`, `h` or `d` after it, or `infinite`. */
export function seconds(text: string): number {
  if (text === 'infinite') return FOR_EVER_SECONDS;
  const [, digits = '', unit = ''] = /^(\d{1,10})([smhd]?)$/.exec(text) ?? [];
  const factor = SECONDS_IN[unit];
  if (digits === '' || factor === undefined)
    throw new InvalidArgumentError(`a length of time is wanted, such as 21600 or 6h`);
  return Number(digits) * factor;
}

const BYTE_UNITS = ['', 'k', 'm', 'g', 't'];

/** Bytes, or a number with a unit after it: `50G` or `50GB` in steps of 1000, as sizes are shown; `50GiB` of 1024. */
export function bytes(text: string): number {
  const [, digits = '', unit = '', binary] = /^(\d{1,12})([kmgt]?)(i?)b?$/i.exec(text) ?? [];
  const power = BYTE_UNITS.indexOf(unit.toLowerCase());
  if (digits === '' || (binary !== '' && power === 0))
    throw new InvalidArgumentError('a size is wanted, such as 50G or 800M');
  return Number(digits) * (binary === '' ? 1000 : 1024) ** power;
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('a whole number is wanted');
  return Number(text);
}

/** It may be less than nothing. */
export function integer(text: string): number {
  if (!/^-?\d{1,9}$/.test(text)) throw new InvalidArgumentError('a whole number is wanted');
  return Number(text);
}

function words(text: string): readonly string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** The parsers' own sentences, as the command line's complaint. */
function orRefuse<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}
