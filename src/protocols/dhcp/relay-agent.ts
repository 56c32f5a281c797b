import { type Ipv4Address, ipv4FromBytes, UNSPECIFIED } from '../../lib/addresses.ts';
import { ByteReader } from '../../lib/byte-reader.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import type { DhcpMessage } from './message.ts';
import { Options } from './options.ts';

/** Sub-options of option 82 that Muster acts on; all are sent back as they came (RFC 3046 §2.2). */
const SubOption = {
  circuitId: 1, //              RFC 3046 §3.1
  remoteId: 2, //               RFC 3046 §3.2
  linkSelection: 5, //          RFC 3527
  serverIdOverride: 11, //      RFC 5107
} as const;

export interface RelayAgentInformation {
  readonly circuitId?: Uint8Array;
  readonly remoteId?: Uint8Array;
  /** An address of the link the client is on, where that is not giaddr's. */
  readonly linkSelection?: Ipv4Address;
  /** What the client is to take for its server, so that its renewals go by way of the relay too. */
  readonly serverIdOverride?: Ipv4Address;
}

/**
 * What the relay says. A message that no relay sent (giaddr is zero) gives nothing, whatever its option 82: a
 * client could have written it, or a switch that watches without being a relay (RFC 3046 §2.1).
 */
export function relayAgentInformation(
  message: Pick<DhcpMessage, 'giaddr' | 'options'>,
): RelayAgentInformation {
  const raw = message.options.raw(Options.relayAgent.code);
  if (raw === undefined || message.giaddr === UNSPECIFIED) return {};
  return readSubOptions(raw);
}

function readSubOptions(raw: Uint8Array): RelayAgentInformation {
  const values = subOptions(raw);
  const circuitId = values.get(SubOption.circuitId);
  const remoteId = values.get(SubOption.remoteId);
  const linkSelection = addressOf(values.get(SubOption.linkSelection));
  const serverIdOverride = addressOf(values.get(SubOption.serverIdOverride));
  return {
    ...(circuitId === undefined ? {} : { circuitId }),
    ...(remoteId === undefined ? {} : { remoteId }),
    ...(linkSelection === undefined ? {} : { linkSelection }),
    ...(serverIdOverride === undefined ? {} : { serverIdOverride }),
  };
}

/** Sub-options up to the first that does not fit: a relay's mistake costs what it says, not the client's address. */
function subOptions(raw: Uint8Array): ReadonlyMap<number, Uint8Array> {
  const reader = new ByteReader(raw);
  const values = new Map<number, Uint8Array>();
  try {
    while (reader.remaining > 0) values.set(reader.uint8(), reader.bytes(reader.uint8()));
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
  }
  return values;
}

function addressOf(value: Uint8Array | undefined): Ipv4Address | undefined {
  if (value?.length !== 4) return undefined;
  const address = ipv4FromBytes(value);
  return address === UNSPECIFIED ? undefined : address;
}
