import type { CSSProperties } from 'react';
import type { CellState } from './range-map.ts';

/** A colour and a pattern for each state: either alone tells them apart. */
export const CELL_LOOKS: Readonly<Record<CellState, CSSProperties>> = {
  held: { background: 'var(--accent)' },
  reserved: striped('var(--good)', 45),
  declined: {
    background:
      'repeating-linear-gradient(45deg, var(--bad) 0 2px, transparent 2px 5px), repeating-linear-gradient(-45deg, var(--bad) 0 2px, var(--bad-soft) 2px 5px)',
  },
  expired: striped('var(--wait)', 0),
  free: { background: 'var(--panel)', boxShadow: 'inset 0 0 0 1px var(--line-strong)' },
  outside: { background: 'var(--raised)' },
};

function striped(color: string, degrees: number): CSSProperties {
  return {
    background: `repeating-linear-gradient(${degrees}deg, ${color} 0 2px, transparent 2px 4px)`,
    boxShadow: `inset 0 0 0 1px ${color}`,
  };
}
