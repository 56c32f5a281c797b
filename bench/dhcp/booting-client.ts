import { type Ipv4Address, UNSPECIFIED } from '../../src/lib/addresses.ts';
import type { DhcpMessage } from '../../src/protocols/dhcp/message.ts';
import { MessageType, Options } from '../../src/protocols/dhcp/options.ts';

/**
 * The DHCP of one PXE ROM as an engine (PXE 2.1 §2.2.3): it asks, takes the first offer, and asks again after 4, 8, 16
 * and 32 seconds when nothing comes. It is told what arrived and what time it is, and says what to send.
 */

/** PXE 2.1 §2.2.3, table 2-2. */
export const RETRY_MS: readonly number[] = [4000, 8000, 16_000, 32_000];

export type BootingStep =
  | { readonly do: 'wait' }
  | { readonly do: 'discover' }
  | { readonly do: 'request'; readonly address: Ipv4Address; readonly serverId: Ipv4Address }
  | { readonly do: 'bound'; readonly address: Ipv4Address }
  /** It would now try the next boot device. */
  | { readonly do: 'give up' };

const WAIT: BootingStep = { do: 'wait' };

export class BootingClient {
  #state: 'off' | 'selecting' | 'requesting' | 'bound' | 'given up' = 'off';
  readonly #startsMs: number;
  #deadlineMs: number;
  #tries = 0;
  #repetitions = 0;
  #wish: { readonly address: Ipv4Address; readonly serverId: Ipv4Address } | undefined;

  /** @param startsMs when it is switched on. */
  constructor(startsMs: number) {
    this.#startsMs = startsMs;
    this.#deadlineMs = startsMs;
  }

  get startsMs(): number {
    return this.#startsMs;
  }

  get deadlineMs(): number {
    return this.#deadlineMs;
  }

  /** Messages that were sent again because nothing came. */
  get repetitions(): number {
    return this.#repetitions;
  }

  get isBound(): boolean {
    return this.#state === 'bound';
  }

  onTime(nowMs: number): BootingStep {
    if (nowMs < this.#deadlineMs) return WAIT;
    if (this.#state === 'off') return this.#discover(nowMs);
    const waitMs = RETRY_MS[this.#tries];
    if (waitMs === undefined) return this.#giveUp();
    this.#repetitions += 1;
    if (this.#state === 'selecting' || this.#wish === undefined) return this.#ask({ do: 'discover' }, nowMs);
    return this.#ask({ do: 'request', ...this.#wish }, nowMs);
  }

  onReply(reply: Pick<DhcpMessage, 'yiaddr' | 'options'>, nowMs: number): BootingStep {
    const type = reply.options.get(Options.messageType);
    const serverId = reply.options.get(Options.dhcpServerId);
    if (this.#state === 'selecting' && type === MessageType.DHCPOFFER && serverId !== undefined) {
      if (reply.yiaddr === UNSPECIFIED) return WAIT;
      this.#state = 'requesting';
      this.#tries = 0;
      this.#wish = { address: reply.yiaddr, serverId };
      return this.#ask({ do: 'request', ...this.#wish }, nowMs);
    }
    if (this.#state !== 'requesting') return WAIT;
    if (type === MessageType.DHCPNAK) return this.#discover(nowMs);
    if (type !== MessageType.DHCPACK) return WAIT;
    this.#state = 'bound';
    this.#deadlineMs = Infinity;
    return { do: 'bound', address: reply.yiaddr };
  }

  #discover(nowMs: number): BootingStep {
    this.#state = 'selecting';
    this.#tries = 0;
    this.#wish = undefined;
    return this.#ask({ do: 'discover' }, nowMs);
  }

  #ask(step: BootingStep, nowMs: number): BootingStep {
    this.#deadlineMs = nowMs + (RETRY_MS[this.#tries] ?? Infinity);
    this.#tries += 1;
    return step;
  }

  #giveUp(): BootingStep {
    this.#state = 'given up';
    this.#deadlineMs = Infinity;
    return { do: 'give up' };
  }
}
