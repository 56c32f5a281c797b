import { type Ipv4Address, parseIpv4, parseIpv4Network } from '../../lib/addresses.ts';
import { domainList } from '../../protocols/dhcp/domain-list-format.ts';
import {
  address,
  addressList,
  addressPairs,
  boolean,
  int32,
  type OptionKind,
  routes,
  text as textFormat,
  uint16,
  uint16List,
  uint32,
  uint8,
  uint8List,
  userClasses,
} from '../../protocols/dhcp/option-formats.ts';
import { type OptionRow, Options } from '../../protocols/dhcp/options.ts';
import type { ExtraOption } from './subnet.ts';

const ROWS: readonly OptionRow<unknown>[] = Object.values(Options);

/** Longer values would be split over several instances, of which EDK2 and GRUB read only the first. */
const MAX_OPTION_BYTES = 255;
/** Options may be from 1 to 254; 0 and 255 are the pad and the end. */
const LAST_CODE = 254;
const MAX_SUGGESTIONS = 5;

/** Options nobody sets by hand, and why: Muster knows them better, or they have a field of their own. */
const OWNED: Readonly<Record<number, string>> = {
  1: "it is the mask of the subnet's network",
  3: 'it is the field "routers" of the subnet',
  6: 'it is the field "dnsServers" of the subnet',
  12: "it is the machine's name, or the host name of its reservation",
  13: 'EDK2 takes it for the size of the boot file and reads no further',
  15: 'it is the field "domainName" of the subnet',
  28: "it is the broadcast address of the subnet's network",
  50: 'only clients send it',
  51: 'it comes from the lease times of the subnet',
  52: 'Muster never puts options in other fields, since some boot loaders do not find them there',
  53: 'it is the type of the message',
  54: 'it is the address of this server',
  55: 'only clients send it',
  56: 'it is the reason of a refusal',
  57: 'only clients send it',
  58: 'it comes from the lease time',
  59: 'it comes from the lease time',
  60: 'firmware that is sent it asks port 4011 and gives up without an answer',
  61: "it is the client's own, sent back",
  66: 'it is the field "nextServer" of the subnet',
  67: 'it is the field "bootFile" of the subnet',
  77: 'only clients send it',
  80: 'it is the rapid commit of the subnet',
  81: 'Muster does not update DNS',
  82: "it is the relay agent's, sent back",
  90: 'Muster does not do DHCP authentication',
  93: 'only clients send it',
  94: 'only clients send it',
  97: "it is the machine's UUID, sent back",
  118: "it is the client's own, sent back",
};

/** Why an option cannot be given in a subnet's options; undefined where it can. */
export function whyOwned(code: number): string | undefined {
  return OWNED[code];
}

/** The IANA name as people type it: `NTP Servers` is `ntp-servers`. */
export function optionName(row: Pick<OptionRow<unknown>, 'name'>): string {
  return row.name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

/**
 * An option as people write it: its IANA name with dashes (`ntp-servers`), its name in ISC dhcpd, or its number;
 * and its value in the form of the option: addresses with commas, numbers, text, `true`, or bytes as `0x…`. An
 * option Muster has no name for is given as bytes, or as text in double quotes.
 *
 * @throws SyntaxError where the text has not the form of the option; RangeError where there is no such option, the
 * value does not fit, or Muster sets the option itself.
 */
export function parseOptionText(nameOrCode: string, text: string): ExtraOption {
  const { code, row } = findOption(nameOrCode.trim());
  const shown = row ? `${optionName(row)} (option ${code})` : `option ${code}`;
  const owned = whyOwned(code);
  if (owned !== undefined) throw new RangeError(`Cannot set ${shown}: ${owned}`);
  const value = parseValue(row?.format.kind ?? 'bytes', text.trim(), shown);
  if (value.length > MAX_OPTION_BYTES)
    throw new RangeError(
      `Cannot set ${shown} to ${value.length} bytes: boot firmware reads ${MAX_OPTION_BYTES} at most`,
    );
  return { code, text: text.trim(), hex: toHex(value) };
}

/** The code an option's name, its name in ISC dhcpd or its number stands for. @throws RangeError where there is none. */
export function optionCode(nameOrCode: string): number {
  return findOption(nameOrCode.trim()).code;
}

/** The bytes an `ExtraOption` stands for. */
export function optionBytesFromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function toHex(value: Uint8Array): string {
  return [...value].map((octet) => octet.toString(16).padStart(2, '0')).join('');
}

function findOption(nameOrCode: string): { code: number; row: OptionRow<unknown> | undefined } {
  if (/^\d+$/.test(nameOrCode)) {
    const code = Number(nameOrCode);
    if (code < 1 || code > LAST_CODE)
      throw new RangeError(`There is no option ${nameOrCode}: numbers go from 1 to ${LAST_CODE}`);
    return { code, row: ROWS.find((row) => row.code === code) };
  }
  const name = nameOrCode.toLowerCase();
  const row = ROWS.find((candidate) => optionName(candidate) === name || candidate.alias === name);
  if (!row) throw new RangeError(`There is no option "${nameOrCode}": give its number${suggestions(name)}`);
  return { code: row.code, row };
}

function suggestions(name: string): string {
  const [start = ''] = name.split('-');
  if (start.length < 2) return '';
  const near = ROWS.filter((row) => whyOwned(row.code) === undefined)
    .flatMap((row) => [optionName(row), ...(row.alias === undefined ? [] : [row.alias])])
    .filter((candidate) => candidate.includes(start))
    .slice(0, MAX_SUGGESTIONS);
  return near.length === 0 ? '' : `, or one of ${[...new Set(near)].join(', ')}`;
}

/** Reads the text of one value; `shown` names the option in errors. */
type ValueParser = (text: string, shown: string) => Uint8Array;

const PARSERS: Readonly<Record<OptionKind, ValueParser>> = {
  address: (text) => address.encode(parseIpv4(text)),
  'address list': (text, shown) => addressList.encode(items(text, shown).map(parseIpv4)),
  'address pairs': (text, shown) => addressPairs.encode(pairs(text, shown, parseIpv4)),
  text: parseText,
  uint8: (text, shown) => uint8.encode(parseNumber(text, shown, 0, 0xff)),
  uint16: (text, shown) => uint16.encode(parseNumber(text, shown, 0, 0xffff)),
  uint32: (text, shown) => uint32.encode(parseNumber(text, shown, 0, 0xffff_ffff)),
  seconds: (text, shown) => uint32.encode(parseNumber(text, shown, 0, 0xffff_ffff)),
  int32: (text, shown) => int32.encode(parseNumber(text, shown, -0x8000_0000, 0x7fff_ffff)),
  boolean: parseBoolean,
  'uint8 list': (text, shown) =>
    uint8List.encode(items(text, shown).map((item) => parseNumber(item, shown, 0, 0xff))),
  'uint16 list': (text, shown) =>
    uint16List.encode(items(text, shown).map((item) => parseNumber(item, shown, 0, 0xffff))),
  'domain list': (text, shown) => domainList.encode(items(text, shown)),
  routes: (text, shown) =>
    routes.encode(pairs(text, shown, parseIpv4Network).map(([network, router]) => ({ network, router }))),
  'user classes': (text, shown) => userClasses.encode(items(text, shown)),
  nothing: (text, shown) => {
    if (text !== '') throw new SyntaxError(`${shown} takes no value, not "${text}"`);
    return new Uint8Array(0);
  },
  bytes: parseBytes,
};

function parseValue(kind: OptionKind, text: string, shown: string): Uint8Array {
  return PARSERS[kind](text, shown);
}

function items(text: string, shown: string): readonly string[] {
  const found = text.split(/[\s,]+/).filter((item) => item !== '');
  if (found.length === 0)
    throw new SyntaxError(`${shown} needs at least one value, with commas between several`);
  return found;
}

/** `A B, A B`: as in dhcpd.conf. */
function pairs<T>(
  text: string,
  shown: string,
  parseFirst: (text: string) => T,
): readonly (readonly [T, Ipv4Address])[] {
  return text.split(',').map((pair) => {
    const [first = '', second = '', ...rest] = pair.trim().split(/\s+/);
    if (second === '' || rest.length > 0)
      throw new SyntaxError(
        `${shown} takes pairs with a space inside and commas between, not "${pair.trim()}"`,
      );
    return [parseFirst(first), parseIpv4(second)];
  });
}

function parseNumber(text: string, shown: string, least: number, most: number): number {
  if (!/^-?\d+$/.test(text)) throw new SyntaxError(`${shown} takes a number, not "${text}"`);
  const value = Number(text);
  if (value < least || value > most)
    throw new RangeError(`${shown} takes a number from ${least} to ${most}, not ${text}`);
  return value;
}

const BOOLEANS: Readonly<Record<string, boolean>> = {
  true: true,
  on: true,
  yes: true,
  false: false,
  off: false,
  no: false,
};

function parseBoolean(text: string, shown: string): Uint8Array {
  const value = Object.hasOwn(BOOLEANS, text.toLowerCase()) ? BOOLEANS[text.toLowerCase()] : undefined;
  if (value === undefined) throw new SyntaxError(`${shown} takes true or false, not "${text}"`);
  return boolean.encode(value);
}

function parseText(text: string, shown: string): Uint8Array {
  if (text === '') throw new SyntaxError(`${shown} needs a text of at least one letter`);
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  if (/[\u0000-\u001F\u007F]/.test(text))
    throw new SyntaxError(`${shown} takes a text without control characters`);
  return textFormat.encode(text);
}

function parseBytes(text: string, shown: string): Uint8Array {
  const quoted = /^"(.*)"$/.exec(text)?.[1];
  if (quoted !== undefined) return parseText(quoted, shown);
  const digits = /^0x((?:[\da-f]{2})+)$/i.exec(
    text.replaceAll(/(?<=[\da-f]{2})[:\s](?=[\da-f]{2})/gi, ''),
  )?.[1];
  if (digits === undefined)
    throw new SyntaxError(
      `${shown} takes its bytes as 0x and hex digits, such as 0x0104c0a80001, or text in double quotes, not "${text}"`,
    );
  return optionBytesFromHex(digits);
}
