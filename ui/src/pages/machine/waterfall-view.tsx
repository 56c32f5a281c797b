import type { ReactNode } from 'react';
import { Icon } from '../../parts/icon.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { MACHINE } from './text.ts';
import type { Boot, Lane, Span } from './waterfall.ts';

/** Each lane has its own look besides its word. */
const BARS: Readonly<Record<Lane, string>> = {
  dhcp: 'bg-dim',
  tftp: 'bg-wait',
  http: 'bg-accent',
  ftp: 'bg-accent',
  nfs: 'bg-accent',
  boot: 'bg-text',
  install: 'bg-good',
};

const GRID =
  'grid items-center gap-x-4 px-4 grid-cols-[5rem_minmax(0,1.6fr)_minmax(0,1fr)_8rem] narrow:grid-cols-[4rem_minmax(0,1fr)]';

interface WaterfallProps {
  readonly boot: Boot;
  readonly spans: readonly Span[];
}

export function Waterfall({ boot, spans }: WaterfallProps): ReactNode {
  const { timeline: text } = useText(MACHINE);
  const format = useFormat();
  const allMs = Math.max(1, boot.endedAtMs - boot.beganAtMs);
  return (
    <div role="table" aria-label={text.title} aria-rowcount={spans.length + 1}>
      <div role="row" className={`${GRID} h-8 border-b text-xs text-dim`}>
        <span role="columnheader">{text.when}</span>
        <span role="columnheader">{text.what}</span>
        <span role="columnheader" className="flex justify-between narrow:hidden">
          <span>{format.took(0)}</span>
          <span>{format.took(allMs)}</span>
        </span>
        <span role="columnheader" className="text-right narrow:hidden">
          {text.amount}
        </span>
      </div>
      {spans.map((span) => (
        <WaterfallRow key={span.key} span={span} beganAtMs={boot.beganAtMs} allMs={allMs} />
      ))}
    </div>
  );
}

interface WaterfallRowProps {
  readonly span: Span;
  readonly beganAtMs: number;
  readonly allMs: number;
}

function WaterfallRow({ span, beganAtMs, allMs }: WaterfallRowProps): ReactNode {
  const { timeline: text } = useText(MACHINE);
  const format = useFormat();
  const { lane, label, startMs, endMs, tone, because } = span;
  const took = format.took(endMs - startMs);
  const from = format.took(startMs - beganAtMs);
  return (
    <div role="row" className={`${GRID} min-h-10 border-b py-1.5 last:border-b-0 hover:bg-raised`}>
      <span role="cell" className="self-start pt-0.5 text-xs text-dim" title={format.dateTime(startMs)}>
        {format.clock(startMs)}
        <br />
        {text.lanes[lane]}
      </span>
      <span role="cell" className="min-w-0">
        <span className="flex items-start gap-1.5 break-words">
          {tone === 'bad' && <Icon name="warning" className="mt-0.5 text-bad" />}
          <span className={`min-w-0 ${span.bytes === undefined ? '' : 'font-mono text-sm'}`}>{label}</span>
        </span>
        {because !== undefined && <span className="block text-sm break-words text-dim">{because}</span>}
      </span>
      <span
        role="cell"
        aria-label={text.span(label, from, took)}
        className="relative h-3 rounded-full bg-raised narrow:hidden"
      >
        <span
          className={`absolute inset-y-0 min-w-1.5 rounded-full ${tone === 'bad' ? 'bg-bad' : BARS[lane]}`}
          style={{
            left: `min(${((startMs - beganAtMs) / allMs) * 100}%, calc(100% - 0.375rem))`,
            width: `${((endMs - startMs) / allMs) * 100}%`,
          }}
        />
      </span>
      <span role="cell" className="text-right text-sm whitespace-nowrap narrow:col-start-2 narrow:text-left">
        <Amount span={span} />
      </span>
    </div>
  );
}

function Amount({ span }: { readonly span: Span }): ReactNode {
  const { timeline: text } = useText(MACHINE);
  const format = useFormat();
  const { bytes, bytesPerSecond, files, startMs, endMs } = span;
  if (bytes === undefined)
    return <span className="text-dim">{endMs > startMs ? format.took(endMs - startMs) : ''}</span>;
  return (
    <>
      {format.bytes(bytes)}
      {files !== undefined && <span className="text-dim"> · {text.files(format.number(files))}</span>}
      <span className="block text-xs text-dim">
        {bytesPerSecond !== undefined && format.rate(bytesPerSecond)}
      </span>
    </>
  );
}
