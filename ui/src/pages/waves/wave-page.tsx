import { Link, useParams } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import type { Answer } from '../../data/client.ts';
import { useRoute } from '../../data/queries.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { MachineLink } from '../../parts/machine-link.tsx';
import { NAMED_LINK } from '../../parts/named-link.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { Badge, type Tone } from '../../parts/status.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { WAVES } from './text.ts';
import { WaveActions } from './wave-actions.tsx';
import { waitsForOf } from './wave-numbers.ts';
import { WaveNumbers, WaveStateBadge } from './wave-numbers-view.tsx';

type Member = Answer<'getWave'>['members'][number];

const EVERY_MS = 10_000;
const TONES: Readonly<Record<Member['state'], Tone>> = {
  waiting: 'wait',
  started: 'busy',
  installed: 'good',
  failed: 'bad',
  cancelled: 'idle',
};

/** One wave: how far it is, and each of its machines with its reason. */
export function WavePage(): ReactNode {
  const text = useText(WAVES);
  const { wave: name } = useParams({ from: '/waves/$wave' });
  const { data: wave, error, refetch } = useRoute('getWave', { params: { name } }, { everyMs: EVERY_MS });
  const waitsFor = wave && waitsForOf(wave);
  const columns = useColumns(waitsFor);
  if (error) return <ErrorState problem={error} retry={() => void refetch()} />;
  if (!wave) return null;
  return (
    <>
      <PageHeader
        title={wave.name}
        above={
          <Link to="/waves" className="hover:text-text hover:underline">
            {text.above}
          </Link>
        }
        lead={
          <span className="flex flex-wrap items-center gap-x-4 gap-y-1">
            <WaveStateBadge state={wave.state} />
            <span>{wave.profile}</span>
            <span>{text.power[wave.power]}</span>
          </span>
        }
        actions={<WaveActions wave={wave} />}
      />
      <div className="mb-4 rounded-lg border bg-panel p-4">
        <WaveNumbers wave={wave} />
        {waitsFor && wave.counts.waiting > 0 && (
          // Where there is no room for the reason of each.
          <p className="mt-2 hidden text-sm text-dim narrow:block">{text.waits[waitsFor]}</p>
        )}
      </div>
      <section aria-label={text.table} className="min-h-96 flex-1 basis-0 rounded-lg border bg-panel">
        <DataTable
          label={text.table}
          rows={wave.members}
          columns={columns}
          keyOf={({ machineId }) => machineId}
        />
      </section>
    </>
  );
}

function useColumns(waitsFor: ReturnType<typeof waitsForOf>): readonly Column<Member>[] {
  const { columns: text, memberStates, waits } = useText(WAVES);
  const format = useFormat();
  return useMemo(() => {
    const when = (time: string | undefined): ReactNode => (
      <span className="text-sm text-dim">{time === undefined ? '–' : format.dateTime(time)}</span>
    );
    return [
      {
        id: 'machine',
        title: text.machine,
        width: 'minmax(8rem, 1fr)',
        sortBy: ({ machine }) => machine,
        cell: ({ machine }) => <MachineLink name={machine} className={NAMED_LINK} />,
      },
      {
        id: 'state',
        title: text.state,
        width: '8rem',
        sortBy: ({ state }) => state,
        cell: ({ state }) => <Badge tone={TONES[state]}>{memberStates[state]}</Badge>,
      },
      {
        id: 'started',
        title: text.started,
        width: '11rem',
        isExtra: true,
        sortBy: ({ startedAt }) => startedAt ?? '',
        cell: ({ startedAt }) => when(startedAt),
      },
      {
        id: 'ended',
        title: text.ended,
        width: '11rem',
        isExtra: true,
        sortBy: ({ endedAt }) => endedAt ?? '',
        cell: ({ endedAt }) => when(endedAt),
      },
      {
        id: 'because',
        title: text.because,
        width: 'minmax(8rem, 3fr)',
        isExtra: true,
        cell: ({ state, because }) => {
          const reason = because ?? (state === 'waiting' && waitsFor ? waits[waitsFor] : undefined);
          return <span title={reason}>{reason}</span>;
        },
      },
    ];
  }, [text, memberStates, waits, waitsFor, format]);
}
