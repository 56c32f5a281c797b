import { ipv4FromBytes, type IpAddress } from '../../lib/addresses.ts';
import { isIpv6 } from '../../lib/ipv6-address.ts';
import { nullProcedure, type Procedure, procedure, type Program, type RpcCaller } from './rpc.ts';
import type { XdrReader, XdrWriter } from './xdr.ts';

/**
 * Which program is behind which port: the port mapper (version 2) and rpcbind (3 and 4), RFC 1833. It knows what this
 * server serves and nothing else: nobody can set or unset anything.
 */

export const PORTMAP_PROGRAM = 100000;

/** One program in one version on one port. */
export interface Registration {
  readonly program: number;
  readonly version: number;
  readonly transport: 'tcp' | 'udp';
  readonly port: number;
}

export interface PortmapContext {
  readonly caller: RpcCaller;
  readonly registrations: readonly Registration[];
}

/** RFC 1833 §3.1: by their numbers in IP. */
const PROTOCOLS: Readonly<Record<number, Registration['transport']>> = { 6: 'tcp', 17: 'udp' };
const PROTOCOL_NUMBERS = { tcp: 6, udp: 17 } as const;
/** RFC 5665 §5.1; Linux asks by `tcp6` over IPv6. */
const NETIDS: Readonly<Record<string, Registration['transport']>> = {
  tcp: 'tcp',
  udp: 'udp',
  tcp6: 'tcp',
  udp6: 'udp',
};
/** Texts in a question are short: an address and a name. */
const MAX_TEXT_BYTES = 255;
/** What `rpcinfo` prints as the owner. */
const OWNER = 'muster';

interface Wanted {
  readonly program: number;
  readonly version: number;
  /** Undefined for one that is not served. */
  readonly transport: Registration['transport'] | undefined;
}

/** RFC 1833 §3.2; CALLIT (5) is left out: it would have this server ask others in somebody's name. */
const VERSION_2: Readonly<Record<number, Procedure<PortmapContext>>> = {
  0: nullProcedure('PMAPPROC_NULL'),
  1: refusal('PMAPPROC_SET'),
  2: refusal('PMAPPROC_UNSET'),
  3: procedure({
    name: 'PMAPPROC_GETPORT',
    decode: readMapping,
    answer: (wanted, { registrations }: PortmapContext) =>
      find(registrations, wanted, 'any version')?.port ?? 0,
    encode: (reply, port: number) => reply.uint32(port),
  }),
  4: procedure({ name: 'PMAPPROC_DUMP', decode: nothing, answer: all, encode: writeMappings }),
};

/** RFC 1833 §2.2.1; left out: calls for others, statistics, the time and the turning of addresses. */
const VERSION_3: Readonly<Record<number, Procedure<PortmapContext>>> = {
  0: nullProcedure('RPCBPROC_NULL'),
  1: refusal('RPCBPROC_SET'),
  2: refusal('RPCBPROC_UNSET'),
  3: addressProcedure('RPCBPROC_GETADDR', 'any version'),
  4: procedure({
    name: 'RPCBPROC_DUMP',
    decode: nothing,
    answer: (_: undefined, context: PortmapContext) => context,
    encode: writeBindings,
  }),
};

const VERSION_4: typeof VERSION_3 = {
  ...VERSION_3,
  9: addressProcedure('RPCBPROC_GETVERSADDR', 'that version'),
};

export const PORTMAP: Program<PortmapContext> = {
  number: PORTMAP_PROGRAM,
  versions: new Map([
    [2, VERSION_2],
    [3, VERSION_3],
    [4, VERSION_4],
  ]),
};

/** The port mapper is one of the programs it tells of. */
export function portmapRegistrations(port: number): readonly Registration[] {
  return [...PORTMAP.versions.keys()].flatMap((version) => [
    { program: PORTMAP_PROGRAM, version, transport: 'tcp', port },
    { program: PORTMAP_PROGRAM, version, transport: 'udp', port },
  ]);
}

/** How TI-RPC writes an address with its port: `10.0.0.1.8.1` (RFC 5665 §5.2.3.3). */
export function universalAddress(address: IpAddress, port: number): string {
  return `${address}.${port >>> 8}.${port & 0xff}`;
}

function refusal(name: string): Procedure<PortmapContext> {
  return procedure({
    name,
    decode: nothing,
    answer: () => false,
    encode: (reply, done: boolean) => reply.bool(done),
  });
}

function addressProcedure(name: string, which: 'any version' | 'that version'): Procedure<PortmapContext> {
  return procedure({
    name,
    decode: readBinding,
    answer: (wanted, { registrations, caller }: PortmapContext) => {
      const found = find(registrations, wanted, which);
      return found === undefined ? '' : universalAddress(ownAddress(caller), found.port);
    },
    encode: (reply, address: string) => reply.text(address),
  });
}

/**
 * As rpcbind does, a program in another version counts too: whoever asks there for a version that is not served is
 * told which are. U-Boot asks for NFS 2 first.
 */
function find(
  registrations: readonly Registration[],
  { program, version, transport }: Wanted,
  which: 'any version' | 'that version',
): Registration | undefined {
  const served = registrations.filter((one) => one.program === program && one.transport === transport);
  return served.find((one) => one.version === version) ?? (which === 'any version' ? served[0] : undefined);
}

function nothing(): undefined {
  return undefined;
}

function all(_: undefined, { registrations }: PortmapContext): readonly Registration[] {
  return registrations;
}

function readMapping(args: XdrReader): Wanted {
  const [program, version, protocol] = [args.uint32(), args.uint32(), args.uint32()];
  return { program, version, transport: PROTOCOLS[protocol] };
}

function readBinding(args: XdrReader): Wanted {
  const [program, version] = [args.uint32(), args.uint32()];
  // The address and the owner follow; both are what the client thinks of us.
  return { program, version, transport: NETIDS[args.text(MAX_TEXT_BYTES)] };
}

function writeMappings(reply: XdrWriter, registrations: readonly Registration[]): void {
  for (const { program, version, transport, port } of registrations)
    reply.bool(true).uint32(program).uint32(version).uint32(PROTOCOL_NUMBERS[transport]).uint32(port);
  reply.bool(false);
}

function writeBindings(reply: XdrWriter, { registrations, caller }: PortmapContext): void {
  const address = ownAddress(caller);
  for (const { program, version, transport, port } of registrations) {
    reply.bool(true).uint32(program).uint32(version);
    reply.text(isIpv6(address) ? `${transport}6` : transport);
    reply.text(universalAddress(address, port)).text(OWNER);
  }
  reply.bool(false);
}

/** The address that the client has reached; clients take `0.0.0.0` for the one that they asked. */
function ownAddress({ localAddress }: RpcCaller): IpAddress {
  return localAddress ?? ipv4FromBytes(new Uint8Array(4));
}
