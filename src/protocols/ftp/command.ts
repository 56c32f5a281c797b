import { ByteReader, decodeText } from '../../lib/byte-reader.ts';

/** The lines of a control connection: RFC 959 §5.3 on top of Telnet (RFC 854), paths as UTF-8 (RFC 2640 §2.2). */

export interface Command {
  /** In upper case; not looked up anywhere yet. */
  readonly verb: string;
  /** What stands behind the first space, as it was sent: a path may begin or end with spaces. */
  readonly argument: string;
}

export type ControlLine =
  | { readonly read: 'command'; readonly command: Command }
  /** It had more than `MAX_LINE_BYTES`, and nothing of it was kept. */
  | { readonly read: 'too long' };

/** Bytes of a line without its end: the longest path that Linux takes, and a verb. */
export const MAX_LINE_BYTES = 4096 + 8;

const CR = 0x0d;
const LF = 0x0a;
const NUL = 0x00;

/** RFC 854, p. 14. Everything from 240 on is a Telnet command when IAC stands before it. */
const Telnet = { SE: 0xf0, SB: 0xfa, WILL: 0xfb, DONT: 0xfe, IAC: 0xff } as const;

/**
 * Takes the bytes of a control connection in whatever pieces they arrive, and gives its lines one by one. It holds one
 * line, and the pieces it was given and not yet asked for.
 */
export class CommandReader {
  #input = new ByteReader(new Uint8Array(0));
  readonly #line = new Uint8Array(MAX_LINE_BYTES);
  #length = 0;
  #isTooLong = false;
  #telnet: 'text' | 'command' | 'option' | 'sub-negotiation' | 'end of sub-negotiation' = 'text';

  /** Bytes that arrived and were not looked at yet. */
  get waitingBytes(): number {
    return this.#input.remaining;
  }

  push(bytes: Uint8Array): void {
    const rest = this.#input.rest();
    if (rest.length === 0) {
      this.#input = new ByteReader(bytes);
      return;
    }
    const both = new Uint8Array(rest.length + bytes.length);
    both.set(rest);
    both.set(bytes, rest.length);
    this.#input = new ByteReader(both);
  }

  /** Undefined when no whole line is there. Empty lines, which people type to see whether anybody is there, are none. */
  next(): ControlLine | undefined {
    while (this.#input.remaining > 0) {
      const byte = this.#text(this.#input.uint8());
      if (byte === undefined) continue;
      if (byte !== LF) {
        this.#keep(byte);
        continue;
      }
      const line = this.#endOfLine();
      if (line !== undefined) return line;
    }
    // Python's ftplib sends ABOR as urgent data, and the system takes the last byte of that, its LF, out of the stream.
    return this.#isAbortWithoutEnd() ? this.#endOfLine() : undefined;
  }

  /** The byte as text; undefined when it belongs to a Telnet command. No option is ever agreed to. */
  #text(byte: number): number | undefined {
    switch (this.#telnet) {
      case 'text':
        if (byte !== Telnet.IAC) return byte;
        this.#telnet = 'command';
        return undefined;
      case 'command':
        return this.#afterIac(byte);
      case 'option':
        this.#telnet = 'text';
        return undefined;
      case 'sub-negotiation':
        if (byte === Telnet.IAC) this.#telnet = 'end of sub-negotiation';
        return undefined;
      case 'end of sub-negotiation':
        this.#telnet = byte === Telnet.SE ? 'text' : 'sub-negotiation';
        return undefined;
      default:
        return this.#telnet satisfies never;
    }
  }

  #afterIac(byte: number): number | undefined {
    this.#telnet = 'text';
    if (byte === Telnet.IAC) return byte;
    if (byte >= Telnet.WILL && byte <= Telnet.DONT) this.#telnet = 'option';
    if (byte === Telnet.SB) this.#telnet = 'sub-negotiation';
    // lftp sends the Data Mark that ends its Synch as urgent data, which the system takes out of the stream: what
    // follows its IAC then is the command ABOR.
    return byte >= Telnet.SE ? undefined : byte;
  }

  #keep(byte: number): void {
    // The other half of a Synch: where the IAC before a Data Mark was the urgent byte, the mark stands alone. No verb
    // begins so.
    if (this.#length === 0 && byte >= Telnet.SE) return;
    if (this.#length === MAX_LINE_BYTES) {
      this.#isTooLong = true;
      return;
    }
    // A carriage return that stands for itself has a NUL behind it (RFC 2640 §3.1).
    if (byte === NUL && this.#length > 0 && this.#line.at(this.#length - 1) === CR) return;
    this.#line.fill(byte, this.#length, this.#length + 1);
    this.#length += 1;
  }

  #isAbortWithoutEnd(): boolean {
    return this.#length === 5 && /^ABOR\r$/i.test(decodeText(this.#line.subarray(0, this.#length)));
  }

  #endOfLine(): ControlLine | undefined {
    const isTooLong = this.#isTooLong;
    const end = this.#length > 0 && this.#line.at(this.#length - 1) === CR ? this.#length - 1 : this.#length;
    const text = decodeText(this.#line.subarray(0, end));
    this.#length = 0;
    this.#isTooLong = false;
    if (isTooLong) return { read: 'too long' };
    return text.trim() === '' ? undefined : { read: 'command', command: parseCommand(text) };
  }
}

/** Spaces before the verb mean nothing. */
export function parseCommand(line: string): Command {
  const text = line.trimStart();
  const space = text.indexOf(' ');
  if (space === -1) return { verb: text.toUpperCase(), argument: '' };
  return { verb: text.slice(0, space).toUpperCase(), argument: text.slice(space + 1) };
}
