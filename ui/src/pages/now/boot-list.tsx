import { useVirtualizer } from '@tanstack/react-virtual';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react';
import { useKeys } from '../../data/keyed-store.ts';
import { useNow } from '../../data/now.ts';
import { buttonClass } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { bootBoard } from './boot-board.ts';
import { BOOT_GRID, BootListRow, ROW_HEIGHT, useIsNarrow } from './boot-list-row.tsx';
import type { Going } from './phases.ts';
import { NOW } from './text.ts';

const FILTERS = ['all', 'moving', 'waiting', 'failed'] as const;
type Filter = (typeof FILTERS)[number];

/** Everybody who boots or installs, a row each, oldest first: a new one comes last, and no row changes its place. */
export function BootList(): ReactNode {
  const text = useText(NOW);
  const format = useFormat();
  const [filter, setFilter] = useState<Filter>('all');
  const all = useKeys(bootBoard.store);
  const keys = useFiltered(all, filter);
  if (all.length === 0) return <NothingBoots />;
  return (
    <section aria-labelledby="under-way" className="min-w-0 rounded-lg border bg-panel">
      <div className="flex min-h-11 flex-wrap items-center gap-x-4 border-b px-4 narrow:py-2">
        <h2 id="under-way" className="flex-1 font-semibold narrow:basis-full">
          {text.underWay} <span className="font-normal text-dim">{format.number(all.length)}</span>
        </h2>
        <FilterChoice filter={filter} choose={setFilter} />
      </div>
      {keys.length === 0 ? (
        <p className="p-6 text-center text-dim">{text.empty.none}</p>
      ) : (
        <Rows keys={keys} label={text.underWay} />
      )}
    </section>
  );
}

function Rows({ keys, label }: { readonly keys: readonly string[]; readonly label: string }): ReactNode {
  const { columns } = useText(NOW);
  const isNarrow = useIsNarrow();
  const scrollBox = useRef<HTMLDivElement>(null);
  const height = isNarrow ? ROW_HEIGHT.narrow : ROW_HEIGHT.wide;
  const getItemKey = useCallback((index: number) => keys[index] ?? index, [keys]);
  const virtualizer = useVirtualizer({
    count: keys.length,
    getScrollElement: () => scrollBox.current,
    estimateSize: () => height,
    getItemKey,
    overscan: 6,
  });
  return (
    <div
      ref={scrollBox}
      role="table"
      aria-label={label}
      aria-rowcount={keys.length + 1}
      tabIndex={0}
      className="max-h-[60vh] overflow-auto rounded-b-lg"
    >
      <div role="rowgroup" className="sticky top-0 z-10 border-b bg-panel narrow:sr-only">
        <div role="row" aria-rowindex={1} className={`${BOOT_GRID} h-8 text-sm font-medium text-dim`}>
          {[columns.machine, columns.phase, columns.says].map((title) => (
            <span key={title} role="columnheader">
              {title}
            </span>
          ))}
          {[columns.rate, columns.percent, columns.time].map((title) => (
            <span key={title} role="columnheader" className="text-right">
              {title}
            </span>
          ))}
        </div>
      </div>
      <div role="rowgroup" className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ key, index, start }) => (
          <BootListRow
            key={String(key)}
            rowKey={keys[index] ?? ''}
            index={index}
            start={start}
            height={height}
          />
        ))}
      </div>
    </div>
  );
}

interface FilterChoiceProps {
  readonly filter: Filter;
  readonly choose: (filter: Filter) => void;
}

function FilterChoice({ filter, choose }: FilterChoiceProps): ReactNode {
  const text = useText(NOW);
  return (
    <div role="group" aria-label={text.filter.label} className="flex gap-0.5 py-1">
      {FILTERS.map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={one === filter}
          onClick={() => choose(one)}
          className="h-7 rounded-md px-2.5 text-sm font-medium text-dim hover:text-text aria-pressed:bg-raised aria-pressed:text-text narrow:h-11"
        >
          {text.filter[one]}
        </button>
      ))}
    </div>
  );
}

/** Looked at once a second: a row that comes to wait need not be found within the same frame. */
function useFiltered(all: readonly string[], filter: Filter): readonly string[] {
  const nowMs = useNow();
  const second = filter === 'all' ? 0 : nowMs;
  return useMemo(() => {
    if (filter === 'all') return all;
    return all.filter((key) => bootBoard.store.get(key)?.going === (filter satisfies Going));
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the rows are read anew with each second
  }, [all, filter, second]);
}

function NothingBoots(): ReactNode {
  const { empty } = useText(NOW);
  return (
    <EmptyState
      icon="now"
      title={empty.title}
      command="muster install MACHINE"
      actions={
        <Link to="/machines" className={buttonClass('main')}>
          {empty.machines}
        </Link>
      }
    >
      {empty.text}
    </EmptyState>
  );
}
