import 'uplot/dist/uPlot.min.css';
import { type ReactNode, useEffect, useRef } from 'react';
import UPlot from 'uplot';
import { useFormat } from '../../text/language.tsx';
import type { Format } from '../../text/format.ts';
import { PROTOCOLS, type Protocol, type ThroughputSeen } from './throughput.ts';

const LINES: Readonly<Record<Protocol, { readonly color: string; readonly dash?: number[] }>> = {
  http: { color: '--accent' },
  tftp: { color: '--wait', dash: [6, 4] },
  nfs: { color: '--good', dash: [2, 3] },
  ftp: { color: '--dim', dash: [2, 3] },
};
const WINDOW_SECONDS = 600;
/** Round in KiB and MiB, as the numbers beside the axis are written. */
const BINARY_STEPS = Array.from({ length: 34 }, (_, power) => 2 ** (power + 8));

interface ChartProps {
  readonly samples: ThroughputSeen['samples'];
}

/** Drawn on a canvas, which has no part in layout however often it changes. */
function ThroughputChart({ samples }: ChartProps): ReactNode {
  const format = useFormat();
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<UPlot>(undefined);
  const newest = useRef(samples);
  useEffect(() => {
    const box = place.current;
    if (!box) return undefined;
    const draw = (): void => {
      chart.current?.destroy();
      chart.current = new UPlot(optionsOf(format, box), dataOf(newest.current), box);
    };
    draw();
    const resized = new ResizeObserver(() =>
      chart.current?.setSize({ width: box.clientWidth, height: box.clientHeight }),
    );
    resized.observe(box);
    // The colours of another theme are other values of the same names.
    const themed = new MutationObserver(draw);
    themed.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      resized.disconnect();
      themed.disconnect();
      chart.current?.destroy();
    };
  }, [format]);
  useEffect(() => {
    newest.current = samples;
    chart.current?.setData(dataOf(samples));
  }, [samples]);
  return <div ref={place} className="h-full w-full" />;
}

// React.lazy takes what a module gives by default.
// oxlint-disable-next-line import/no-default-export
export default ThroughputChart;

function dataOf(samples: ChartProps['samples']): UPlot.AlignedData {
  return [
    samples.map(({ at }) => Date.parse(at) / 1000),
    ...PROTOCOLS.map((protocol) => samples.map((sample) => sample[protocol])),
  ];
}

function optionsOf(format: Format, box: HTMLElement): UPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  const axis = {
    stroke: color('--dim'),
    font: `11px ${getComputedStyle(box).fontFamily}`,
    grid: { stroke: color('--line'), width: 1 },
    ticks: { show: false },
  };
  return {
    width: box.clientWidth,
    height: box.clientHeight,
    legend: { show: false },
    cursor: { drag: { x: false, y: false } },
    scales: {
      x: {
        range: (_chart, _min, max) => [(max ?? Date.now() / 1000) - WINDOW_SECONDS, max ?? Date.now() / 1000],
      },
      y: { range: (_chart, _min, max) => [0, Math.max(1024, (max ?? 0) * 1.1)] },
    },
    series: [
      {},
      ...PROTOCOLS.map((protocol) => ({
        label: protocol.toUpperCase(),
        stroke: color(LINES[protocol].color),
        width: 1.5,
        points: { show: false },
        ...(LINES[protocol].dash ? { dash: LINES[protocol].dash } : {}),
      })),
    ],
    axes: [
      {
        ...axis,
        size: 24,
        values: (_chart, splits) => splits.map((seconds) => format.clock(seconds * 1000).slice(0, 5)),
      },
      {
        ...axis,
        size: 78,
        incrs: BINARY_STEPS,
        values: (_chart, splits) => splits.map((bytes) => format.rate(bytes)),
      },
    ],
  };
}
