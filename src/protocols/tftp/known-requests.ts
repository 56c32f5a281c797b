import type { TftpRequest } from './packet.ts';
import type { Agreement } from './plane-agreement.ts';

/** Different requests that are remembered: machines of one kind all send the same few. */
const MAX_KNOWN = 256;

/** A request as it came to a door, and what follows from its bytes alone. */
export interface KnownRequest {
  /** Each byte is the character of that number. */
  readonly bytes: string;
  readonly request: TftpRequest;
  readonly asksWindow: boolean;
  /** What the last client that sent it was granted, and most likely the next one is. */
  agreed: Agreement | undefined;
}

/** Requests that came a moment ago, so that a storm of equal ones is decoded and negotiated once. */
export class KnownRequests {
  readonly #known = new Map<string, KnownRequest>();

  of(bytes: string): KnownRequest | undefined {
    return this.#known.get(bytes);
  }

  add(bytes: string, request: TftpRequest): KnownRequest {
    const asksWindow = request.options.some(({ name }) => name.toLowerCase() === 'windowsize');
    const known: KnownRequest = { bytes, request, asksWindow, agreed: undefined };
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.set(bytes, known);
    return known;
  }
}
