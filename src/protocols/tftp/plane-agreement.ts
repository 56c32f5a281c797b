import type { ClientPath } from './client-paths.ts';
import type { KnownRequest } from './known-requests.ts';
import { negotiate } from './options.ts';
import { encodePacket, type TftpOption } from './packet.ts';
import type { DoorOrder } from './plane-messages.ts';
import { type ClientTraits, limitsFor } from './quirks.ts';
import type { TransferShape } from './transfer-action.ts';

/** What of an agreement is told when the transfer has ended. */
export interface Granted {
  readonly options: readonly TftpOption[];
  /** Whose rows in the quirk table apply. */
  readonly firmware: readonly string[];
  readonly blockBytes: number;
  readonly windowBlocks: number;
}

/** What a client was granted for its request, and by what that was decided beside the request and the door's limits. */
export interface Agreement {
  readonly totalBytes: number;
  readonly vendorClass: string | undefined;
  readonly mostWindowBlocks: number | undefined;
  readonly shape: TransferShape;
  readonly granted: Granted;
  /** Undefined when the client gets data at once. */
  readonly oack: Uint8Array | undefined;
}

/** What is known of the client. */
export interface KnownClient {
  readonly path: ClientPath;
  readonly traits: ClientTraits;
}

export function agreeOn(
  known: KnownRequest,
  door: DoorOrder,
  totalBytes: number,
  { path: { mostWindowBlocks }, traits: { vendorClass } }: KnownClient,
): Agreement {
  const { agreed } = known;
  if (
    agreed?.totalBytes === totalBytes &&
    agreed.vendorClass === vendorClass &&
    agreed.mostWindowBlocks === mostWindowBlocks
  )
    return agreed;
  const { options } = known.request;
  const { limits, firmware } = limitsFor({ vendorClass, options }, { ...door.limits, mtu: door.mtu });
  const maxWindowBlocks = Math.min(limits.maxWindowBlocks, mostWindowBlocks ?? Infinity);
  const wish = { mode: 'octet', totalBytes } as const;
  const { answered, shape } = negotiate(options, wish, { ...limits, maxWindowBlocks });
  const { blockBytes, windowBlocks } = shape;
  const begins = answered.length > 0 ? 'OACK' : 'data';
  known.agreed = {
    totalBytes,
    vendorClass,
    mostWindowBlocks,
    shape: { ...shape, totalBytes, begins },
    granted: { options: answered, firmware, blockBytes, windowBlocks },
    oack: begins === 'OACK' ? encodePacket({ op: 'OACK', options: answered }) : undefined,
  };
  return known.agreed;
}
