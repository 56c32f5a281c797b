import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef } from 'react';

interface LineListProps {
  readonly label: string;
  readonly lines: readonly string[];
  /** Stays at the end while more come, until somebody scrolls up. */
  readonly isFollowing?: boolean;
  /** By the number of the line, from 1: what is wrong there. */
  readonly marks?: ReadonlyMap<number, 'error' | 'warning'>;
  /** The line to show, from 1. */
  readonly shownLine?: number | undefined;
}

const LINE_HEIGHT = 20;
const MARKS = { error: 'bg-bad-soft text-bad', warning: 'bg-wait-soft text-wait' } as const;

/** Text with line numbers, of any length; lines are not broken, so that a long one is read by scrolling. */
export function LineList({ label, lines, isFollowing = false, marks, shownLine }: LineListProps): ReactNode {
  const scrollBox = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scrollBox.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: 20,
  });
  useEffect(() => {
    if (isFollowing && lines.length > 0) virtualizer.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [isFollowing, lines.length, virtualizer]);
  useEffect(() => {
    if (shownLine !== undefined) virtualizer.scrollToIndex(shownLine - 1, { align: 'center' });
  }, [shownLine, virtualizer]);
  const digits = String(lines.length).length;
  return (
    <div
      ref={scrollBox}
      role="region"
      aria-label={label}
      tabIndex={0}
      className="h-[60vh] min-h-60 overflow-auto rounded-b-lg bg-page py-2 font-mono text-sm"
    >
      <div className="relative w-max min-w-full" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const mark = marks?.get(index + 1);
          return (
            <div
              key={index}
              className={`absolute top-0 left-0 flex min-w-full leading-5 whitespace-pre ${mark ? MARKS[mark] : ''}`}
              style={{ transform: `translateY(${start}px)`, height: LINE_HEIGHT }}
            >
              <span
                aria-hidden="true"
                className="sticky left-0 bg-page pr-3 pl-4 text-right text-dim select-none"
                style={{ minWidth: `${digits + 4}ch` }}
              >
                {index + 1}
              </span>
              <span className="pr-4">{lines[index]}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
