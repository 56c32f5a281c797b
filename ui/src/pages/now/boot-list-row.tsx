import { memo, type ReactNode, useSyncExternalStore } from 'react';
import { useRow } from '../../data/keyed-store.ts';
import { useNow } from '../../data/now.ts';
import { MachineLink } from '../../parts/machine-link.tsx';
import { Status, type Tone } from '../../parts/status.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { bootBoard } from './boot-board.ts';
import { type BootRow, leftMs, rateOf } from './boot-row.ts';
import { PhaseTrack } from './phase-track.tsx';
import type { Going } from './phases.ts';
import { NOW } from './text.ts';

/** Of every row, so that none moves another. */
export const ROW_HEIGHT = { wide: 56, narrow: 116 } as const;

export const BOOT_GRID =
  'grid items-center gap-x-4 px-4 grid-cols-[minmax(8rem,1.2fr)_13rem_minmax(10rem,3fr)_6rem_3.5rem_7rem] narrow:grid-cols-[1fr_auto]';

const TONES: Readonly<Record<Going, Tone>> = { moving: 'busy', waiting: 'wait', failed: 'bad', done: 'good' };

interface BootListRowProps {
  readonly rowKey: string;
  readonly index: number;
  readonly start: number;
  readonly height: number;
}

/** One machine on its way; drawn again only when its own row changed, or a second passed. */
export const BootListRow = memo(function BootListRow({
  rowKey,
  index,
  start,
  height,
}: BootListRowProps): ReactNode {
  const row = useRow(bootBoard.store, rowKey);
  const text = useText(NOW);
  if (!row) return null;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={`${BOOT_GRID} absolute top-0 left-0 w-full content-center border-b last:border-b-0 hover:bg-raised`}
      style={{ transform: `translateY(${start}px)`, height }}
    >
      <div role="cell" className="min-w-0">
        <MachineName row={row} />
        <div className="truncate font-mono text-xs text-dim">{row.address ?? row.mac}</div>
      </div>
      <div role="cell" className="narrow:col-span-2 narrow:row-start-2">
        <PhaseTrack phase={row.phase} going={row.going} step={row.step} />
      </div>
      <div role="cell" className="min-w-0 text-sm narrow:col-span-2 narrow:row-start-3">
        <Status tone={TONES[row.going]}>{text.going[row.going]}</Status>
        <div className="truncate text-dim" title={row.because ?? row.says}>
          {row.going === 'moving' || row.going === 'done' ? row.says : (row.because ?? row.says)}
        </div>
      </div>
      <Numbers row={row} />
    </div>
  );
});

function MachineName({ row }: { readonly row: BootRow }): ReactNode {
  const text = useText(NOW);
  if (!row.isKnown)
    return (
      <div className="truncate font-medium">{row.name === row.mac ? text.unknownMachine : row.name}</div>
    );
  return (
    <MachineLink name={row.name} className="block truncate font-medium hover:text-accent hover:underline" />
  );
}

/** What changes every second; nothing else of the row is drawn for it. */
function Numbers({ row }: { readonly row: BootRow }): ReactNode {
  const text = useText(NOW);
  const format = useFormat();
  const nowMs = useNow();
  const rate = rateOf(row, nowMs);
  const left = leftMs(row, nowMs);
  const endMs = row.going === 'moving' || row.going === 'waiting' ? nowMs : row.changedAtMs;
  return (
    <>
      <div role="cell" className="text-right text-sm whitespace-nowrap narrow:hidden">
        {rate === undefined ? <span className="text-dim">–</span> : format.rate(rate)}
        <div className="text-xs text-dim">{row.sentBytes > 0 && format.bytes(row.sentBytes)}</div>
      </div>
      <div role="cell" className="text-right font-medium narrow:hidden">
        {row.percent === undefined ? <span className="text-dim">–</span> : format.percent(row.percent)}
      </div>
      <div role="cell" className="text-right text-sm whitespace-nowrap narrow:col-start-2 narrow:row-start-1">
        <span className="hidden font-medium narrow:inline">
          {row.percent !== undefined && `${format.percent(row.percent)} · `}
        </span>
        {left === undefined ? format.duration(endMs - row.beganAtMs) : text.left(format.duration(left))}
        {left !== undefined && (
          <div className="text-xs text-dim">{text.since(format.duration(endMs - row.beganAtMs))}</div>
        )}
      </div>
    </>
  );
}

const NARROW = window.matchMedia('(width < 48rem)');

export function useIsNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      NARROW.addEventListener('change', listener);
      return () => NARROW.removeEventListener('change', listener);
    },
    () => NARROW.matches,
  );
}
