import type { Command } from 'commander';
import type { z } from 'zod';
import type { Subnet } from '../../contract/subnet-schemas.ts';
import { asItWasRead } from '../as-it-was-read.ts';
import type { Act, CliContext } from '../cli-context.ts';
import { CliFailure } from '../cli-failure.ts';
import { macs, names, ports } from '../option-values.ts';
import type { View } from '../output.ts';
import { secondsForm } from '../text-forms.ts';
import { portForm, type SubnetFlags, withSubnetFlags, withSubnetOptions } from './subnet-flags.ts';

type WireSubnet = z.output<typeof Subnet>;

export function addSubnetCommands(program: Command, act: Act): void {
  const subnet = program.command('subnet').description('addresses on a segment, and what goes with them');
  withSubnetOptions(subnet.command('add').argument('<name>'))
    .description('configure a new subnet')
    .action(act<SubnetFlags>(async (context, [name = ''], flags) => await add(context, name, flags)));
  withSubnetOptions(subnet.command('set').argument('<name>'))
    .description('change a subnet; what is not named stays, and an empty value takes one away')
    .option('--unset-option <name>', 'send this option no longer; may be repeated', names)
    .option('--unreserve <mac>', 'keep no address for this MAC address; may be repeated', macs)
    .option('--unreserve-port <port>', 'keep no address for this port; may be repeated', ports)
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
}

async function add(context: CliContext, name: string, flags: SubnetFlags): Promise<void> {
  if (flags.network === undefined)
    throw new CliFailure('usage', 'Which network? Say it with --network, such as --network 192.168.122.0/24');
  const client = await context.client();
  const input = await withSubnetFlags({ network: flags.network }, flags);
  const subnet = await client
    .call('putSubnet', { params: { name }, input }, { tag: undefined })
    .catch((error: unknown) => {
      throw error instanceof CliFailure && error.problem === 'changed' ? alreadyThere(name) : error;
    });
  await context.output.changed(SUBNETS, subnet, `Subnet ${name} is there: ${summary(subnet)}`);
}

function alreadyThere(name: string): CliFailure {
  return new CliFailure('failed', `There is a subnet "${name}" already: change it with muster subnet set`);
}

async function set(context: CliContext, name: string, flags: SubnetFlags): Promise<void> {
  const client = await context.client();
  const params = { name };
  const subnet = await asItWasRead(async () => {
    const { thing, tag } = await client.read('getSubnet', { params });
    if (!thing) throw new CliFailure('failed', `There is no subnet "${name}"`);
    return await client.call('putSubnet', { params, input: await withSubnetFlags(thing, flags) }, { tag });
  });
  await context.output.changed(SUBNETS, subnet, `Subnet ${name} is changed: ${summary(subnet)}`);
}

function rangesForm({ ranges: list }: WireSubnet): string {
  return list.map(({ first, last }) => `${first}-${last}`).join(', ');
}

function summary(subnet: WireSubnet): string {
  if (subnet.mode === 'off') return `${subnet.network}, off: every client is met with silence`;
  if (subnet.mode === 'proxy')
    return `${subnet.network}, proxy: what to boot, beside the DHCP server that gives the addresses`;
  const given = subnet.ranges.length === 0 ? 'no range, so only reserved addresses' : rangesForm(subnet);
  const unless = subnet.mode === 'auto' ? ' while no other DHCP server does (auto)' : '';
  return `${subnet.network}, giving out ${given}${unless}`;
}

/** The rules that are not as they are by default. */
function rulesDetails(subnet: WireSubnet): readonly (readonly [string, string])[] {
  const { sharedNetwork, identity, bootp, rapidCommit, conflictProbe } = subnet;
  const { minLeaseSeconds, renewalPercent, rebindingPercent, portReservations, loader } = subnet;
  const switchForm = (on: boolean): string => (on ? 'on' : 'off');
  const percentForm = (percent: number): string => `${percent} % of the lease`;
  const shown = <T>(label: string, value: T | undefined, form: (value: T) => string) =>
    value === undefined ? [] : [[label, form(value)] as const];
  return [
    ...shown('shortest lease', minLeaseSeconds, secondsForm),
    ...shown('renewal', renewalPercent, percentForm),
    ...shown('rebinding', rebindingPercent, percentForm),
    ...shown('shared network', sharedNetwork, String),
    ...shown('identity', identity, String),
    ...shown('BOOTP', bootp, String),
    ...shown('rapid commit', rapidCommit, switchForm),
    ...shown('conflict probe', conflictProbe, switchForm),
    ...shown('loader', loader, String),
    ...shown('ports', portReservations, (list) =>
      list.map((port) => `${portForm(port)} ${port.address} ${port.hostname ?? ''}`.trim()).join('\n'),
    ),
  ];
}

const SUBNETS: View<WireSubnet> = {
  nameOf: ({ name }) => name,
  columns: [
    { head: 'NAME', cell: ({ name }) => name },
    { head: 'NETWORK', cell: (subnet) => subnet.network },
    { head: 'MODE', cell: ({ mode }) => mode, tone: ({ mode }) => (mode === 'full' ? 'good' : 'quiet') },
    { head: 'RANGES', cell: rangesForm, gives: 'cut' },
    { head: 'ROUTERS', cell: ({ routers }) => routers.join(', '), gives: 'cut' },
    { head: 'LEASE', cell: ({ defaultLeaseSeconds }) => secondsForm(defaultLeaseSeconds) },
    {
      head: 'RESERVED',
      cell: (subnet) => String(subnet.reservations.length + (subnet.portReservations?.length ?? 0)),
    },
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
    ...rulesDetails(subnet),
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
