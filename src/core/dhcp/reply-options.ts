import { messageBytes } from '../../protocols/dhcp/message.ts';
import { optionBytes } from '../../protocols/dhcp/option-overload.ts';
import { DhcpOptions, type OptionRow, Options } from '../../protocols/dhcp/options.ts';
import { type Silence, silence } from './silence.ts';
import type { SubnetSetting } from './subnet-settings.ts';

/** A client must take a datagram of 576 bytes with its headers, and says in option 57 when it takes more (RFC 2132 §9.10). */
const LEAST_DATAGRAM_BYTES = 576;
const IP_AND_UDP_HEADER_BYTES = 28;
/** EDK2 says 65280 in its DHCPREQUEST, and then drops what is longer than this. */
const MOST_MESSAGE_BYTES = 1472;
/** pxelinux reads these though it cannot ask for them: the ROM asked before it was there (RFC 5071). */
const SENT_UNASKED: ReadonlySet<number> = new Set([
  Options.pxelinuxMagic.code,
  Options.configurationFile.code,
  Options.pathPrefix.code,
  Options.rebootTime.code,
]);

/** The options of one reply, in their order on the wire. */
export class ReplyOptions {
  readonly #request: DhcpOptions;
  readonly #asked: readonly number[] | undefined;
  readonly #limit: number;
  /** In the order in which they were added: what, its value, and whether it may go where there is no room for all. */
  readonly #codes: number[] = [];
  readonly #values: Uint8Array[] = [];
  readonly #mayBeDropped: boolean[] = [];
  /** Of the message with all that is in the list. */
  #bytes = messageBytes(DhcpOptions.none);

  /** @param limit bytes of the whole message; else what the client says it takes. */
  constructor(request: DhcpOptions, limit = messageLimit(request)) {
    this.#request = request;
    this.#limit = limit;
    this.#asked = request.get(Options.parameterList);
  }

  must<T>(row: OptionRow<T>, value: T): void {
    this.#add(row.code, row.format.encode(value), false);
  }

  may<T>(row: OptionRow<T>, value: T): void {
    this.#add(row.code, row.format.encode(value), true);
  }

  /** Only where the client asks for it, or does not say what it wants. */
  asked<T>(row: OptionRow<T>, value: T): void {
    if (this.#isWanted(row.code)) this.may(row, value);
  }

  /** One whose bytes are known already, sent as it says. */
  setting({ code, value, when }: SubnetSetting): void {
    if (when === 'always' || SENT_UNASKED.has(code) || this.#isWanted(code))
      this.#add(code, value, when === 'asked');
  }

  /** Byte for byte as the client or its relay sent it: RFC 6842, RFC 4578 §2.3, RFC 3011, RFC 3046 §2.2. */
  echo(row: OptionRow<unknown>): void {
    const value = this.#request.raw(row.code);
    if (value !== undefined) this.#add(row.code, value, false);
  }

  #isWanted(code: number): boolean {
    return this.#asked?.includes(code) ?? true;
  }

  #add(code: number, value: Uint8Array, mayBeDropped: boolean): void {
    if (this.#codes.includes(code)) return;
    this.#codes.push(code);
    this.#values.push(value);
    this.#mayBeDropped.push(mayBeDropped);
    this.#bytes += optionBytes(value);
  }

  /** What fits in the largest message this client takes; the last of those that may be dropped goes first. */
  build(): DhcpOptions | Silence {
    while (this.#bytes > this.#limit) {
      const last = this.#mayBeDropped.lastIndexOf(true);
      const dropped = this.#values[last];
      if (!dropped)
        return silence(
          'tooLarge',
          `the reply would have ${this.#bytes} bytes, and the client takes ${this.#limit}`,
        );
      for (const list of [this.#codes, this.#values, this.#mayBeDropped]) list.splice(last, 1);
      this.#bytes -= optionBytes(dropped);
    }
    return new DhcpOptions(this.#codes, this.#values);
  }
}

function messageLimit(options: DhcpOptions): number {
  const datagram = Math.max(LEAST_DATAGRAM_BYTES, options.get(Options.maxMessageSize) ?? 0);
  return Math.min(datagram - IP_AND_UDP_HEADER_BYTES, MOST_MESSAGE_BYTES);
}
