import { type KeyboardEvent, type ReactNode, useMemo, useState } from 'react';
import type { Answer } from '../../data/client.ts';
import { Panel } from '../../parts/panel.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import type { Lease } from './lease-search.ts';
import { CELL_LOOKS } from './cell-look.ts';
import { type Cell, CELL_STATES, rangeMap, totalsOf } from './range-map.ts';
import { SUBNETS } from './text.ts';

interface MapPanelProps {
  readonly subnet: Answer<'getSubnet'>;
  readonly leases: readonly Lease[];
}

/** Cells of one row: a power of two, so that rows begin at round addresses. */
const COLUMNS = 32;
const STEPS: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowLeft: -1,
  ArrowDown: COLUMNS,
  ArrowUp: -COLUMNS,
  Home: -Infinity,
  End: Infinity,
};

/** Every address of a subnet as a cell, and beside it how many are in which state. */
export function MapPanel({ subnet, leases }: MapPanelProps): ReactNode {
  const { map: text } = useText(SUBNETS);
  const cells = useMemo(() => rangeMap(subnet, leases), [subnet, leases]);
  return (
    <Panel title={text.title}>
      {cells ? (
        <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_15rem]">
          <Cells cells={cells} leases={leases} />
          <Totals cells={cells} />
        </div>
      ) : (
        <p className="text-dim">{text.tooLarge}</p>
      )}
    </Panel>
  );
}

interface CellsProps {
  readonly cells: readonly Cell[];
  readonly leases: readonly Lease[];
}

function Cells({ cells, leases }: CellsProps): ReactNode {
  const { map: text } = useText(SUBNETS);
  const describe = useDescription(leases);
  const [at, setAt] = useState(0);
  const chosen = cells[Math.min(at, cells.length - 1)];
  const move = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    setAt((before) => Math.min(cells.length - 1, Math.max(0, before + step)));
  };
  return (
    <div className="flex min-w-0 flex-col gap-2">
      {/* One thing to reach by Tab, and not a thousand; what is chosen in it is told as its value. */}
      <div
        role="slider"
        tabIndex={0}
        aria-label={text.label}
        aria-valuemin={0}
        aria-valuemax={cells.length - 1}
        aria-valuenow={Math.min(at, cells.length - 1)}
        aria-valuetext={chosen ? describe(chosen) : ''}
        onKeyDown={move}
        className="grid gap-0.5 rounded-md"
        style={{ gridTemplateColumns: `repeat(${COLUMNS}, minmax(0, 1fr))` }}
      >
        {cells.map((cell, index) => (
          <div
            key={cell.first}
            onPointerEnter={() => setAt(index)}
            className={`h-4 rounded-[2px] ${index === at ? 'outline-2 outline-offset-1 outline-text' : ''}`}
            style={CELL_LOOKS[cell.state]}
          />
        ))}
      </div>
      <p className="min-h-5 font-mono text-sm">{chosen && describe(chosen)}</p>
    </div>
  );
}

/** In words what a cell is, and who has its address. */
function useDescription(leases: readonly Lease[]): (cell: Cell) => string {
  const { map: text } = useText(SUBNETS);
  const format = useFormat();
  const byAddress = useMemo(() => new Map(leases.map((lease) => [lease.address, lease])), [leases]);
  return ({ first, last, state, counts }) => {
    if (first !== last) {
      const parts = CELL_STATES.filter((one) => counts[one] > 0).map((one) =>
        text.count(format.number(counts[one]), text.states[one]),
      );
      return [text.several(first, last), ...parts].join(' · ');
    }
    const lease = byAddress.get(first as Lease['address']);
    const who = state === 'held' ? [lease?.machine ?? lease?.hostname, lease?.mac] : [];
    return [first, text.states[state], ...who].filter((part) => part !== undefined).join(' · ');
  };
}

function Totals({ cells }: { readonly cells: readonly Cell[] }): ReactNode {
  const { map: text } = useText(SUBNETS);
  const format = useFormat();
  const totals = useMemo(() => totalsOf(cells), [cells]);
  return (
    <table className="w-full">
      <caption className="sr-only">{text.totals}</caption>
      <thead className="text-left text-sm text-dim">
        <tr>
          <th scope="col" className="pb-1 font-medium">
            {text.state}
          </th>
          <th scope="col" className="pb-1 text-right font-medium">
            {text.number}
          </th>
        </tr>
      </thead>
      <tbody>
        {CELL_STATES.map((state) => (
          <tr key={state} className="border-t">
            <th scope="row" className="py-1 text-left font-normal">
              <span className="inline-flex items-center gap-2">
                <span className="size-4 rounded-[2px]" style={CELL_LOOKS[state]} />
                {text.states[state]}
              </span>
            </th>
            <td className="py-1 text-right">{format.number(totals[state])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
