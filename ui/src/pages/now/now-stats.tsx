import { type ReactNode, useMemo } from 'react';
import { useKeys } from '../../data/keyed-store.ts';
import { useNow } from '../../data/now.ts';
import { useRoute } from '../../data/queries.ts';
import { Status, type Tone } from '../../parts/status.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { bootBoard } from './boot-board.ts';
import type { Going } from './phases.ts';
import { NOW } from './text.ts';
import { useThroughput } from './throughput.ts';

/** As many installs as the server gives at one time. */
const MAX_INSTALLS = 1000;

/** A few numbers that say how it goes as a whole. */
export function NowStats(): ReactNode {
  const { stats } = useText(NOW);
  const format = useFormat();
  const count = useGoings();
  const { data: installs } = useRoute('listInstalls', { query: { state: 'requested', limit: MAX_INSTALLS } });
  const armed = installs?.items.length;
  const isMore = installs?.next !== undefined;
  const { total } = useThroughput();
  const number = (value: number | undefined): string => (value === undefined ? '–' : format.number(value));
  return (
    <dl className="grid grid-cols-5 overflow-hidden rounded-lg border bg-panel narrow:grid-cols-2">
      <Stat tone="busy" label={stats.moving} value={number(count.moving)} isZero={count.moving === 0} />
      <Stat tone="wait" label={stats.waiting} value={number(count.waiting)} isZero={count.waiting === 0} />
      <Stat tone="bad" label={stats.failed} value={number(count.failed)} isZero={count.failed === 0} />
      <Stat
        tone="idle"
        label={stats.armed}
        value={`${number(armed)}${isMore ? '+' : ''}`}
        isZero={!armed}
        hint={stats.armedHint}
      />
      <Stat
        tone="busy"
        label={stats.sending}
        value={total === undefined ? '–' : format.rate(total)}
        isZero={!total}
      />
    </dl>
  );
}

interface StatProps {
  readonly tone: Tone;
  readonly label: string;
  readonly value: string;
  /** Nothing to look at: it takes its colour back. */
  readonly isZero: boolean;
  readonly hint?: string;
}

function Stat({ tone, label, value, isZero, hint }: StatProps): ReactNode {
  return (
    <div className="-mb-px -ml-px border-b border-l px-4 py-3" title={hint}>
      <dt className="text-sm">
        <Status tone={isZero ? 'idle' : tone} {...(isZero ? { icon: 'ring' as const } : {})}>
          {label}
        </Status>
      </dt>
      <dd className={`mt-1 text-xl font-semibold whitespace-nowrap ${isZero ? 'text-dim' : ''}`}>{value}</dd>
    </div>
  );
}

/** How many rows go in which way; counted once a second, and not with every event. */
function useGoings(): Readonly<Record<Going, number>> {
  const keys = useKeys(bootBoard.store);
  const nowMs = useNow();
  return useMemo(() => {
    const count = { moving: 0, waiting: 0, failed: 0, done: 0 };
    for (const key of keys) {
      const row = bootBoard.store.get(key);
      if (row) count[row.going] += 1;
    }
    return count;
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the rows are read anew with each second
  }, [keys, nowMs]);
}
