import { type Ipv4Address, ipv4FromBytes, UNSPECIFIED } from '../../lib/addresses.ts';
import { ByteReader } from '../../lib/byte-reader.ts';
import { DecodeError } from '../../lib/decode-error.ts';
import type { DhcpMessage } from './message.ts';
import { type DhcpOptions, Options } from './options.ts';

/** Sub-options of option 82 that Muster acts on; all are sent back as they came (RFC 3046 §2.2). */
const SubOption = {
  circuitId: 1, //              RFC 3046 §3.1
  remoteId: 2, //               RFC 3046 §3.2
  linkSelection: 5, //          RFC 3527
  flags: 10, //                 RFC 5010
  serverIdOverride: 11, //      RFC 5107
  relaySourcePort: 19, //       RFC 8357
} as const;

/** In the flags: the client sent its message by unicast, and the relay took it up on its way (RFC 5010 §3). */
const CAME_BY_UNICAST = 0x80;

/** The place a cable leads to, as the switch or relay calls it. */
export interface RelayPort {
  readonly circuitId?: Uint8Array;
  readonly remoteId?: Uint8Array;
}

export interface RelayAgentInformation extends RelayPort {
  /** An address of the link the client is on, where that is not giaddr's. */
  readonly linkSelection?: Ipv4Address;
  /** What the client is to take for its server, so that its renewals go by way of the relay too. */
  readonly serverIdOverride?: Ipv4Address;
  /** How the client's message came to the relay; absent where the relay does not say. */
  readonly cameBy?: 'unicast' | 'broadcast';
  /** The relay wants its replies at the port it sends from. */
  readonly usesSourcePort?: true;
}

/**
 * What the relay says. A message that no relay sent (giaddr is zero) gives nothing, whatever its option 82: a
 * client could have written it, or a switch that watches without being a relay (RFC 3046 §2.1).
 */
export function relayAgentInformation(
  message: Pick<DhcpMessage, 'giaddr' | 'options'>,
): RelayAgentInformation {
  return message.giaddr === UNSPECIFIED ? {} : readRelayAgent(message.options);
}

/**
 * The port the client is on, also where a switch that is no relay says it (giaddr is zero). A client could write
 * that itself; only for networks whose switches take it away from clients (RFC 3046 §5).
 */
export function relayPort({ options }: Pick<DhcpMessage, 'options'>): RelayPort | undefined {
  const { circuitId, remoteId } = readRelayAgent(options);
  if (circuitId === undefined && remoteId === undefined) return undefined;
  return {
    ...(circuitId === undefined ? {} : { circuitId }),
    ...(remoteId === undefined ? {} : { remoteId }),
  };
}

function readRelayAgent(options: DhcpOptions): RelayAgentInformation {
  const raw = options.raw(Options.relayAgent.code);
  return raw === undefined ? {} : readSubOptions(raw);
}

function readSubOptions(raw: Uint8Array): RelayAgentInformation {
  const values = subOptions(raw);
  const circuitId = values.get(SubOption.circuitId);
  const remoteId = values.get(SubOption.remoteId);
  const linkSelection = addressOf(values.get(SubOption.linkSelection));
  const serverIdOverride = addressOf(values.get(SubOption.serverIdOverride));
  const flags = values.get(SubOption.flags)?.[0];
  return {
    ...(circuitId === undefined ? {} : { circuitId }),
    ...(remoteId === undefined ? {} : { remoteId }),
    ...(linkSelection === undefined ? {} : { linkSelection }),
    ...(serverIdOverride === undefined ? {} : { serverIdOverride }),
    ...(flags === undefined ? {} : { cameBy: (flags & CAME_BY_UNICAST) === 0 ? 'broadcast' : 'unicast' }),
    ...(values.has(SubOption.relaySourcePort) ? { usesSourcePort: true } : {}),
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
