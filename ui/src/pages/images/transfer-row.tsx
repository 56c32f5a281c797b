import type { ReactNode } from 'react';
import { IconButton } from '../../parts/button.tsx';
import { Meter } from '../../parts/meter.tsx';
import { Status, type Tone } from '../../parts/status.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { leftMs, type Measured, percentOf } from './progress.ts';
import { IMAGES } from './text.ts';

interface TransferRowProps {
  readonly name: string;
  readonly way: 'download' | 'upload';
  readonly measured: Measured;
  readonly tone: Tone;
  /** What is to be said of it besides numbers. */
  readonly children?: ReactNode;
  readonly isMoving: boolean;
  readonly end?: { readonly label: string; readonly act: () => void } | undefined;
}

/** One file on its way: how much, how fast, how long yet. */
export function TransferRow(props: TransferRowProps): ReactNode {
  const { name, way, measured, tone, children, isMoving, end } = props;
  const { arrivals: text } = useText(IMAGES);
  const percent = percentOf(measured);
  return (
    <li className="flex items-start gap-3 px-4 py-3">
      <div className="flex min-w-0 flex-1 flex-col gap-1.5">
        <div className="flex flex-wrap items-center gap-x-3">
          <span className="min-w-0 truncate font-medium">{name}</span>
          <Status tone={tone}>{text[way]}</Status>
          {isMoving && <Numbers measured={measured} />}
        </div>
        {isMoving && percent !== undefined && <Meter percent={percent} label={name} tone={tone} />}
        {children && <div className="break-words">{children}</div>}
      </div>
      {end && <IconButton icon="close" label={end.label} onClick={end.act} />}
    </li>
  );
}

function Numbers({ measured }: { readonly measured: Measured }): ReactNode {
  const { arrivals: text } = useText(IMAGES);
  const format = useFormat();
  const { here, bytes, bytesPerSecond } = measured;
  const percent = percentOf(measured);
  const left = leftMs(measured);
  return (
    <span className="ml-auto flex flex-wrap gap-x-3 text-sm text-dim">
      <span>
        {bytes === undefined ? format.bytes(here) : text.of(format.bytes(here), format.bytes(bytes))}
      </span>
      {percent !== undefined && <span>{format.percent(percent)}</span>}
      {bytesPerSecond !== undefined && <span>{format.rate(bytesPerSecond)}</span>}
      {left !== undefined && <span>{text.left(format.duration(left))}</span>}
    </span>
  );
}
