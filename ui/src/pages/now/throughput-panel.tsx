import { lazy, type ReactNode, Suspense } from 'react';
import { Panel } from '../../parts/panel.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { NOW } from './text.ts';
import { PROTOCOLS, type Protocol, useThroughput } from './throughput.ts';

/**
 * A server that stops just now gives no chart. The page goes on without: the numbers below it say the same, and the next
 * load has it again.
 */
const Chart = lazy(async () => {
  try {
    return await import('./throughput-chart.tsx');
  } catch {
    return { default: () => null };
  }
});

/** A line of its own look for each, so that it is not the colour alone. */
const LINES: Readonly<Record<Protocol, string>> = {
  http: 'border-solid border-accent',
  tftp: 'border-dashed border-wait',
  nfs: 'border-dotted border-good',
  ftp: 'border-dotted border-dim',
};

/** What machines were sent, over what, as a chart and as numbers. */
export function ThroughputPanel(): ReactNode {
  const { throughput } = useText(NOW);
  const format = useFormat();
  const { samples } = useThroughput();
  const last = samples.at(-1);
  return (
    <Panel title={throughput.title} beside={<span className="text-sm text-dim">{throughput.over}</span>}>
      {last === undefined ? (
        <p className="py-8 text-center text-dim">{throughput.empty}</p>
      ) : (
        <>
          <div role="img" aria-label={throughput.chart} className="h-40">
            <Suspense>
              <Chart samples={samples} />
            </Suspense>
          </div>
          <dl className="mt-3 grid grid-cols-4 gap-3 narrow:grid-cols-2">
            {PROTOCOLS.map((protocol) => (
              <div key={protocol}>
                <dt className="flex items-center gap-2 text-sm text-dim">
                  <span aria-hidden="true" className={`w-4 border-t-2 ${LINES[protocol]}`} />
                  {protocol.toUpperCase()}
                </dt>
                <dd className="font-medium">{format.rate(last[protocol])}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </Panel>
  );
}
