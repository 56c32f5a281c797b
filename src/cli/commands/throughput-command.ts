import type { Command } from 'commander';
import type { z } from 'zod';
import type { Throughput } from '../../contract/server-schemas.ts';
import type { Act } from '../cli-context.ts';
import type { View } from '../output.ts';
import { bytesForm, timeForm } from '../text-forms.ts';

type WireSample = z.output<typeof Throughput>['samples'][number];

export function addThroughputCommand(program: Command, act: Act): void {
  program
    .command('throughput')
    .description('what machines were sent in the last ten minutes, by protocol')
    .action(
      act(async ({ client, output }) => {
        const { samples } = await (await client()).call('getThroughput', {});
        await output.list(SAMPLES, samples, 'Nothing was measured yet: ask again in some seconds');
      }),
    );
}

const rate = (bytes: number): string => (bytes === 0 ? '' : `${bytesForm(bytes)}/s`);

const SAMPLES: View<WireSample> = {
  nameOf: ({ at }) => at,
  columns: [
    { head: 'AT', cell: ({ at }) => timeForm(at) },
    { head: 'TFTP', cell: ({ tftp }) => rate(tftp) },
    { head: 'HTTP', cell: ({ http }) => rate(http) },
    { head: 'FTP', cell: ({ ftp }) => rate(ftp) },
    { head: 'NFS', cell: ({ nfs }) => rate(nfs) },
  ],
  details: ({ at }) => [['at', timeForm(at)]],
};
