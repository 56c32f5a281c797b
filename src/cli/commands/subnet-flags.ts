import { type Command, Option } from 'commander';
import type { z } from 'zod';
import type { Subnet, SubnetInput } from '../../contract/subnet-schemas.ts';
import { CliFailure } from '../cli-failure.ts';
import { type LoaderChoice, loaderOption } from '../loader-option.ts';
import {
  addresses,
  addressOrEmpty,
  network,
  pairs,
  percent,
  type PortReservationText,
  type PortText,
  portReservations,
  type RangeText,
  ranges,
  type ReservationText,
  reservations,
  seconds,
} from '../option-values.ts';

type WireSubnet = z.output<typeof Subnet>;
type WireSubnetInput = z.input<typeof SubnetInput>;

export interface SubnetFlags {
  readonly network?: string;
  readonly mode?: WireSubnet['mode'];
  readonly range?: readonly RangeText[];
  readonly router?: readonly string[];
  readonly dns?: readonly string[];
  readonly domain?: string;
  readonly leaseTime?: number;
  readonly maxLeaseTime?: number;
  readonly nextServer?: string;
  readonly filename?: string;
  readonly option?: readonly (readonly [name: string, value: string])[];
  readonly unsetOption?: readonly string[];
  readonly reserve?: readonly ReservationText[];
  readonly unreserve?: readonly string[];
  readonly sharedNetwork?: string;
  readonly identity?: WireSubnet['identity'];
  readonly bootp?: WireSubnet['bootp'];
  readonly rapidCommit?: boolean;
  readonly conflictProbe?: boolean;
  readonly minLeaseTime?: number;
  readonly renewAt?: number;
  readonly rebindAt?: number;
  readonly reservePort?: readonly PortReservationText[];
  readonly unreservePort?: readonly PortText[];
  readonly loader?: LoaderChoice;
}

export function withSubnetOptions(command: Command): Command {
  return command
    .option('--network <cidr>', 'the network, such as 192.168.122.0/24', network)
    .addOption(
      new Option(
        '--mode <mode>',
        'full: give out addresses; proxy: only say what to boot, beside another DHCP server; auto: whichever of these fits; off: be silent',
      ).choices(['full', 'proxy', 'auto', 'off']),
    )
    .option('--range <first-last>', 'addresses to give out; may be repeated', ranges)
    .option('--router <address>', 'routers, with commas or repeated', addresses)
    .option('--dns <address>', 'DNS servers, with commas or repeated', addresses)
    .option('--domain <name>', 'the domain name clients are told')
    .option('--lease-time <time>', 'lease for clients that ask for no time: 21600, 6h', seconds)
    .option('--max-lease-time <time>', 'the longest lease: 43200, 12h', seconds)
    .option('--next-server <address>', 'the TFTP server, where it is not this one', addressOrEmpty)
    .option('--filename <file>', "the boot file of every client, in place of its firmware's")
    .option('--option <name=value>', 'a further DHCP option, by name or number; may be repeated', pairs)
    .option(
      '--reserve <mac=address>',
      'keep an address, as MAC=ADDRESS or MAC=ADDRESS=HOSTNAME; may be repeated',
      reservations,
    )
    .option(
      '--reserve-port <port=address>',
      'keep an address for a port (option 82), as CIRCUIT=ADDRESS or CIRCUIT@REMOTE=ADDRESS; may be repeated',
      portReservations,
    )
    .option('--shared-network <name>', 'the link it shares with other subnets of that name')
    .addOption(new Option('--identity <what>', 'what tells machines apart').choices(['mac', 'relay-port']))
    .addOption(
      new Option('--bootp <who>', 'who gets an address over BOOTP').choices(['off', 'reserved', 'dynamic']),
    )
    .option('--rapid-commit', 'grant a lease after two messages to clients that ask for it')
    .option('--no-rapid-commit', 'four messages for everyone')
    .option('--conflict-probe', 'probe addresses before they are offered')
    .option('--no-conflict-probe', 'offer addresses without a probe')
    .option('--min-lease-time <time>', 'the shortest lease: 120, 2m', seconds)
    .option('--renew-at <percent>', 'when machines renew, in per cent of the lease', percent)
    .option('--rebind-at <percent>', 'when machines ask any server, in per cent of the lease', percent)
    .addOption(loaderOption('the loader its machines boot with'));
}

/** The subnet as the flags make it: lists are replaced, options and reservations are set one by one. */
export async function withSubnetFlags(before: WireSubnetInput, flags: SubnetFlags): Promise<WireSubnetInput> {
  const { domainName, nextServer, bootFile, sharedNetwork, loader: oldLoader, ...rest } = before;
  const loader = flags.loader ?? oldLoader;
  const keep = (key: string, text: string | undefined): Record<string, string> =>
    text === undefined || text === '' ? {} : { [key]: text };
  return {
    ...rest,
    ...(flags.network === undefined ? {} : { network: flags.network }),
    ...(flags.mode === undefined ? {} : { mode: flags.mode }),
    ...(flags.range === undefined ? {} : { ranges: [...flags.range] }),
    ...(flags.router === undefined ? {} : { routers: [...flags.router] }),
    ...(flags.dns === undefined ? {} : { dnsServers: [...flags.dns] }),
    ...(flags.leaseTime === undefined ? {} : { defaultLeaseSeconds: flags.leaseTime }),
    ...(flags.maxLeaseTime === undefined ? {} : { maxLeaseSeconds: flags.maxLeaseTime }),
    ...rulesWith(before, flags),
    ...keep('sharedNetwork', flags.sharedNetwork ?? sharedNetwork),
    ...keep('domainName', flags.domain ?? domainName),
    ...keep('nextServer', flags.nextServer ?? nextServer),
    ...keep('bootFile', flags.filename ?? bootFile),
    ...(loader === undefined || loader === 'any' ? {} : { loader }),
    options: await optionsWith(before.options ?? [], flags),
    reservations: reservationsWith(before.reservations ?? [], flags),
  };
}

/** An option has several names and a number, so they are compared by what they mean. */
async function optionsWith(
  before: NonNullable<WireSubnetInput['options']>,
  { option = [], unsetOption = [] }: SubnetFlags,
): Promise<NonNullable<WireSubnetInput['options']>> {
  if (option.length === 0 && unsetOption.length === 0) return before;
  const { optionCode } = await import('../../core/network/option-text.ts');
  try {
    const gone = new Set([...option.map(([name]) => name), ...unsetOption].map((name) => optionCode(name)));
    const kept = before.filter((known) => !gone.has(optionCode(known.option)));
    return [...kept, ...option.map(([name, value]) => ({ option: name, value }))];
  } catch (error) {
    if (error instanceof RangeError) throw new CliFailure('badConfiguration', error.message);
    throw error;
  }
}

function reservationsWith(
  before: NonNullable<WireSubnetInput['reservations']>,
  { reserve = [], unreserve = [] }: SubnetFlags,
): NonNullable<WireSubnetInput['reservations']> {
  const gone = new Set([...reserve.map(({ mac }) => mac), ...unreserve]);
  return [...before.filter(({ mac }) => !gone.has(mac)), ...reserve];
}

/** The rules the flags name. */
function rulesWith(before: WireSubnetInput, flags: SubnetFlags): Partial<WireSubnetInput> {
  const { identity, bootp, rapidCommit, conflictProbe, minLeaseTime, renewAt, rebindAt } = flags;
  const ports = portReservationsWith(before.portReservations ?? [], flags);
  return {
    ...(identity === undefined ? {} : { identity }),
    ...(bootp === undefined ? {} : { bootp }),
    ...(rapidCommit === undefined ? {} : { rapidCommit }),
    ...(conflictProbe === undefined ? {} : { conflictProbe }),
    ...(minLeaseTime === undefined ? {} : { minLeaseSeconds: minLeaseTime }),
    ...(renewAt === undefined ? {} : { renewalPercent: renewAt }),
    ...(rebindAt === undefined ? {} : { rebindingPercent: rebindAt }),
    ...(ports.length === 0 && before.portReservations === undefined ? {} : { portReservations: ports }),
  };
}

function portReservationsWith(
  before: NonNullable<WireSubnetInput['portReservations']>,
  { reservePort = [], unreservePort = [] }: SubnetFlags,
): NonNullable<WireSubnetInput['portReservations']> {
  const gone = new Set([...reservePort, ...unreservePort].map(portForm));
  return [...before.filter((port) => !gone.has(portForm(port))), ...reservePort];
}

export function portForm({ circuitId, remoteId }: PortText): string {
  return remoteId === undefined ? circuitId : `${circuitId}@${remoteId}`;
}
