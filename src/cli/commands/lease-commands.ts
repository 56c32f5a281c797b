import { type Command, Option } from 'commander';
import type { z } from 'zod';
import type { Lease } from '../../contract/subnet-schemas.ts';
import { allPages } from '../all-pages.ts';
import type { Act } from '../cli-context.ts';
import { macOption, wholeNumber } from '../option-values.ts';
import type { View } from '../output.ts';
import { shortTimeForm, timeForm } from '../text-forms.ts';

type WireLease = z.output<typeof Lease>;

interface LeaseQuery {
  readonly subnet?: string;
  readonly state?: WireLease['state'];
  readonly mac?: string;
  readonly limit?: number;
}

export function addLeaseCommands(program: Command, act: Act): void {
  const lease = program.command('lease').description('addresses bound to clients');
  lease
    .command('ls')
    .description('leases by address, those that are over included')
    .option('--subnet <name>', 'only those of this subnet')
    .addOption(
      new Option('--state <state>', 'only those in this state').choices([
        'held',
        'expired',
        'released',
        'declined',
      ]),
    )
    .option('--mac <address>', 'only those of this MAC address', macOption)
    .option('--limit <number>', 'so many at most', wholeNumber)
    .action(
      act<LeaseQuery>(async ({ client, output }, _, { limit, ...query }) => {
        const leases = await allPages(await client(), 'listLeases', query, limit);
        await output.list(LEASES, leases, 'There is no such lease');
      }),
    );
  lease
    .command('show')
    .argument('<address>')
    .description('one lease')
    .action(
      act(async ({ client, output }, [address = '']) => {
        await output.thing(LEASES, await (await client()).call('getLease', { params: { address } }));
      }),
    );
  lease
    .command('rm')
    .argument('<address>')
    .description('free an address, so that another client can have it')
    .action(
      act(async (context, [address = '']) => {
        await context.confirm(
          `Free ${address}? A client that uses it is not told, and two may use it at once`,
        );
        const freed = await (await context.client()).call('freeLease', { params: { address } });
        await context.output.changed(LEASES, freed, `${address} is free`);
      }),
    );
}

const LEASES: View<WireLease> = {
  nameOf: ({ address }) => address,
  columns: [
    { head: 'ADDRESS', cell: ({ address }) => address },
    { head: 'SUBNET', cell: ({ subnet }) => subnet, gives: 'whole' },
    {
      head: 'STATE',
      cell: ({ state }) => state,
      tone: ({ state }) => (state === 'held' ? 'good' : state === 'declined' ? 'bad' : 'quiet'),
    },
    { head: 'MAC', cell: ({ mac, clientKey }) => mac ?? clientKey },
    { head: 'MACHINE', cell: ({ machine }) => machine ?? '' },
    { head: 'HOSTNAME', cell: ({ hostname }) => hostname ?? '', gives: 'cut' },
    {
      head: 'EXPIRES',
      cell: ({ expiresAt }) => timeForm(expiresAt),
      short: ({ expiresAt }) => shortTimeForm(expiresAt),
    },
  ],
  details: (lease) => [
    ['address', lease.address],
    ['subnet', lease.subnet],
    ['state', lease.state],
    ['client', lease.clientKey],
    ['MAC address', lease.mac ?? ''],
    ['machine', lease.machine ?? ''],
    ['host name', lease.hostname ?? ''],
    ['vendor class', lease.vendorClass ?? ''],
    ['UUID', lease.uuid ?? ''],
    ['since', timeForm(lease.startedAt)],
    ['until', timeForm(lease.expiresAt)],
  ],
};
