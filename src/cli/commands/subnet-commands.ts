import type { Command } from 'commander';
import type { z } from 'zod';
import type { Lease, Subnet, SubnetInput } from '../../contract/schemas.ts';
import type { Act, CliContext } from '../cli-context.ts';
import { CliFailure } from '../cli-failure.ts';
import {
  addresses,
  addressOrEmpty,
  macs,
  names,
  network,
  pairs,
  type RangeText,
  ranges,
  type ReservationText,
  reservations,
  seconds,
} from '../option-values.ts';
import type { View } from '../output.ts';
import { secondsForm, timeForm } from '../text-forms.ts';

type WireSubnet = z.output<typeof Subnet>;
type WireLease = z.output<typeof Lease>;
type WireSubnetInput = z.input<typeof SubnetInput>;

export interface SubnetFlags {
  readonly network?: string;
  readonly mode?: string;
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
}

export function addSubnetCommands(program: Command, act: Act): void {
  const subnet = program.command('subnet').description('addresses on a segment, and what goes with them');
  withFlags(subnet.command('add').argument('<name>'))
    .description('configure a new subnet')
    .action(act<SubnetFlags>(async (context, [name = ''], flags) => await add(context, name, flags)));
  withFlags(subnet.command('set').argument('<name>'))
    .description('change a subnet; what is not named stays, and an empty value takes one away')
    .option('--unset-option <name>', 'send this option no longer; may be repeated', names)
    .option('--unreserve <mac>', 'keep no address for this MAC address; may be repeated', macs)
    .action(act<SubnetFlags>(async (context, [name = ''], flags) => await set(context, name, flags)));
  subnet
    .command('ls')
    .description('all subnets')
    .action(
      act(async ({ client, output }) => {
        const { items } = await (await client()).call('listSubnets', {});
        await output.list(SUBNETS, items, 'There is no subnet: muster subnet add makes one');
      }),
    );
  subnet
    .command('show')
    .argument('<name>')
    .description('one subnet')
    .action(
      act(async ({ client, output }, [name = '']) => {
        await output.thing(SUBNETS, await (await client()).call('getSubnet', { params: { name } }));
      }),
    );
  subnet
    .command('rm')
    .argument('<name>')
    .description('take a subnet away, and its leases')
    .action(
      act(async (context, [name = '']) => {
        await context.confirm(`Take subnet ${name} and its leases away?`);
        await (await context.client()).call('deleteSubnet', { params: { name } });
        context.output.talk(`Subnet ${name} is gone`);
      }),
    );
  program
    .command('lease')
    .description('addresses bound to clients')
    .command('ls')
    .description('leases by address, those that are over included')
    .option('--subnet <name>', 'only those of this subnet')
    .action(
      act<{ readonly subnet?: string }>(async ({ client, output }, _, query) => {
        const { items } = await (await client()).call('listLeases', { query });
        await output.list(LEASES, items, 'There is no lease yet');
      }),
    );
}

function withFlags(command: Command): Command {
  return command
    .option('--network <cidr>', 'the network, such as 192.168.122.0/24', network)
    .option('--mode <mode>', 'full: give out addresses; off: be silent')
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
    );
}

async function add(context: CliContext, name: string, flags: SubnetFlags): Promise<void> {
  if (flags.network === undefined)
    throw new CliFailure('usage', 'Which network? Say it with --network, such as --network 192.168.122.0/24');
  const client = await context.client();
  const { items } = await client.call('listSubnets', {});
  if (items.some((known) => known.name === name))
    throw new CliFailure('failed', `There is a subnet "${name}" already: change it with muster subnet set`);
  const input = await withSubnetFlags({ network: flags.network }, flags);
  const subnet = await client.call('putSubnet', { params: { name }, input });
  await context.output.changed(SUBNETS, subnet, `Subnet ${name} is there: ${summary(subnet)}`);
}

async function set(context: CliContext, name: string, flags: SubnetFlags): Promise<void> {
  const client = await context.client();
  const before = await client.call('getSubnet', { params: { name } });
  const input = await withSubnetFlags(before, flags);
  const subnet = await client.call('putSubnet', { params: { name }, input });
  await context.output.changed(SUBNETS, subnet, `Subnet ${name} is changed: ${summary(subnet)}`);
}

/** The subnet as the flags make it: lists are replaced, options and reservations are set one by one. */
export async function withSubnetFlags(before: WireSubnetInput, flags: SubnetFlags): Promise<WireSubnetInput> {
  const { domainName, nextServer, bootFile, ...rest } = before;
  const keep = (key: string, text: string | undefined): Record<string, string> =>
    text === undefined || text === '' ? {} : { [key]: text };
  return {
    ...rest,
    ...(flags.network === undefined ? {} : { network: flags.network }),
    ...(flags.mode === undefined ? {} : { mode: modeOf(flags.mode) }),
    ...(flags.range === undefined ? {} : { ranges: [...flags.range] }),
    ...(flags.router === undefined ? {} : { routers: [...flags.router] }),
    ...(flags.dns === undefined ? {} : { dnsServers: [...flags.dns] }),
    ...(flags.leaseTime === undefined ? {} : { defaultLeaseSeconds: flags.leaseTime }),
    ...(flags.maxLeaseTime === undefined ? {} : { maxLeaseSeconds: flags.maxLeaseTime }),
    ...keep('domainName', flags.domain ?? domainName),
    ...keep('nextServer', flags.nextServer ?? nextServer),
    ...keep('bootFile', flags.filename ?? bootFile),
    options: await optionsWith(before.options ?? [], flags),
    reservations: reservationsWith(before.reservations ?? [], flags),
  };
}

function modeOf(text: string): 'full' | 'off' {
  if (text === 'full' || text === 'off') return text;
  throw new CliFailure('usage', `--mode "${text}" is neither full nor off`);
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

function rangesForm({ ranges: list }: WireSubnet): string {
  return list.map(({ first, last }) => `${first}-${last}`).join(', ');
}

function summary(subnet: WireSubnet): string {
  if (subnet.mode === 'off') return `${subnet.network}, off: every client is met with silence`;
  const given = subnet.ranges.length === 0 ? 'no range, so only reserved addresses' : rangesForm(subnet);
  return `${subnet.network}, giving out ${given}`;
}

const SUBNETS: View<WireSubnet> = {
  nameOf: ({ name }) => name,
  columns: [
    { head: 'NAME', cell: ({ name }) => name },
    { head: 'NETWORK', cell: (subnet) => subnet.network },
    { head: 'MODE', cell: ({ mode }) => mode, tone: ({ mode }) => (mode === 'full' ? 'good' : 'quiet') },
    { head: 'RANGES', cell: rangesForm, gives: true },
    { head: 'ROUTERS', cell: ({ routers }) => routers.join(', '), gives: true },
    { head: 'LEASE', cell: ({ defaultLeaseSeconds }) => secondsForm(defaultLeaseSeconds) },
    { head: 'RESERVED', cell: (subnet) => String(subnet.reservations.length) },
  ],
  details: (subnet) => [
    ['name', subnet.name],
    ['network', subnet.network],
    ['mode', subnet.mode],
    ['ranges', rangesForm(subnet)],
    ['routers', subnet.routers.join(', ')],
    ['DNS servers', subnet.dnsServers.join(', ')],
    ['domain', subnet.domainName ?? ''],
    [
      'lease time',
      `${secondsForm(subnet.defaultLeaseSeconds)}, at most ${secondsForm(subnet.maxLeaseSeconds)}`,
    ],
    ['next server', subnet.nextServer ?? 'this one'],
    ['boot file', subnet.bootFile ?? "the firmware's"],
    ['options', subnet.options.map(({ option, value }) => `${option}=${value}`).join('\n')],
    [
      'reservations',
      subnet.reservations
        .map(({ mac, address, hostname }) => `${mac} ${address} ${hostname ?? ''}`.trim())
        .join('\n'),
    ],
  ],
};

const LEASES: Pick<View<WireLease>, 'columns' | 'nameOf'> = {
  nameOf: ({ address }) => address,
  columns: [
    { head: 'ADDRESS', cell: ({ address }) => address },
    { head: 'SUBNET', cell: ({ subnet }) => subnet },
    {
      head: 'STATE',
      cell: ({ state }) => state,
      tone: ({ state }) => (state === 'held' ? 'good' : state === 'declined' ? 'bad' : 'quiet'),
    },
    { head: 'MAC', cell: ({ mac, clientKey }) => mac ?? clientKey, gives: true },
    { head: 'MACHINE', cell: ({ machine }) => machine ?? '', gives: true },
    { head: 'HOSTNAME', cell: ({ hostname }) => hostname ?? '', gives: true },
    { head: 'EXPIRES', cell: ({ expiresAt }) => timeForm(expiresAt) },
  ],
};
