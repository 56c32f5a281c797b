import type { ByteReader } from '../../lib/byte-reader.ts';
import type { ByteWriter } from '../../lib/byte-writer.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import {
  associationFormat,
  bytesFormat,
  duidFormat,
  linkLayerFormat,
  nicFormat,
  type OptionFormat,
  parametersFormat,
  type RawOption,
  readTypeLengthValues,
  statusFormat,
  textFormat,
  uint16Format,
  uint16ListFormat,
  uint8Format,
  userClassFormat,
  vendorClassFormat,
} from './option-formats.ts';

export interface OptionRow<T> {
  readonly code: number;
  /** As IANA's "DHCPv6 Option Codes" has it, without OPTION_ or OPT_. */
  readonly name: string;
  readonly format: OptionFormat<T>;
  /** `many`: it may stand there several times. */
  readonly times: 'once' | 'many';
}

function option<T>(
  code: number,
  name: string,
  format: OptionFormat<T>,
  times: 'once' | 'many' = 'once',
): OptionRow<T> {
  return { code, name, format, times };
}

/** The options Muster reads or writes; it passes all others over. */
export const Options = {
  clientId: option(1, 'CLIENTID', duidFormat), //                      RFC 8415 §21.2
  serverId: option(2, 'SERVERID', duidFormat), //                      RFC 8415 §21.3
  association: option(3, 'IA_NA', associationFormat, 'many'), //       RFC 8415 §21.4
  optionRequest: option(6, 'ORO', uint16ListFormat), //                RFC 8415 §21.7
  preference: option(7, 'PREFERENCE', uint8Format), //                 RFC 8415 §21.8
  elapsedTime: option(8, 'ELAPSED_TIME', uint16Format), //             RFC 8415 §21.9
  relayMessage: option(9, 'RELAY_MSG', bytesFormat), //                RFC 8415 §21.10
  statusCode: option(13, 'STATUS_CODE', statusFormat), //              RFC 8415 §21.13
  userClass: option(15, 'USER_CLASS', userClassFormat), //             RFC 8415 §21.15
  vendorClass: option(16, 'VENDOR_CLASS', vendorClassFormat, 'many'), // RFC 8415 §21.16
  interfaceId: option(18, 'INTERFACE_ID', bytesFormat), //             RFC 8415 §21.18
  bootfileUrl: option(59, 'BOOTFILE_URL', textFormat), //              RFC 5970 §3.1
  bootfileParameters: option(60, 'BOOTFILE_PARAM', parametersFormat), // RFC 5970 §3.2
  clientArchitecture: option(61, 'CLIENT_ARCH_TYPE', uint16ListFormat), // RFC 5970 §3.3
  networkInterface: option(62, 'NII', nicFormat), //                   RFC 5970 §3.4
  clientLinkLayer: option(79, 'CLIENT_LINKLAYER_ADDR', linkLayerFormat), // RFC 6939 §4
  relayPort: option(135, 'RELAY_PORT', uint16Format), //               RFC 8357 §4.2
} as const;

const ROWS: ReadonlyMap<number, OptionRow<unknown>> = new Map(
  Object.values(Options).map((row) => [row.code, row as OptionRow<unknown>]),
);

/** The options of a message in their order. Every value of a known one is of its format. */
export class Dhcpv6Options {
  readonly #raw: readonly RawOption[];

  private constructor(raw: readonly RawOption[]) {
    this.#raw = raw;
  }

  static of(...options: readonly RawOption[]): Dhcpv6Options {
    return new Dhcpv6Options(options);
  }

  /** @throws DecodeError, also for a known option whose value is malformed, or that is there too often. */
  static read(reader: ByteReader): Dhcpv6Options {
    const startsAt = reader.offset;
    const raw = readTypeLengthValues(reader);
    const seen = new Set<number>();
    for (const { code, value } of raw) {
      const row = ROWS.get(code);
      if (row === undefined) continue;
      if (row.times === 'once' && seen.has(code))
        throw new DecodeError(`The option ${row.name} stands there twice`, startsAt);
      seen.add(code);
      checkValue(row, value, startsAt);
    }
    return new Dhcpv6Options(raw);
  }

  /** The first of them, or undefined. */
  get<T>(row: OptionRow<T>): T | undefined {
    const found = this.#raw.find(({ code }) => code === row.code);
    return found && row.format.decode(found.value);
  }

  all<T>(row: OptionRow<T>): readonly T[] {
    return this.#raw.filter(({ code }) => code === row.code).map(({ value }) => row.format.decode(value));
  }

  has({ code }: OptionRow<unknown>): boolean {
    return this.#raw.some((one) => one.code === code);
  }

  raw(): readonly RawOption[] {
    return this.#raw;
  }

  write(writer: ByteWriter): void {
    for (const { code, value } of this.#raw) writer.uint16(code).uint16(value.length).bytes(value);
  }
}

/** One option with its value, for `Dhcpv6Options.of`. */
export function optionOf<T>(row: OptionRow<T>, value: T): RawOption {
  return { code: row.code, value: row.format.encode(value) };
}

function checkValue(row: OptionRow<unknown>, value: Uint8Array, startsAt: number): void {
  try {
    row.format.decode(value);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new DecodeError(`The option ${row.name} is malformed: ${error.message}`, startsAt);
  }
}
