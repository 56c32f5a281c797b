import type { HistogramReading } from '../../lib/histogram.ts';
import { METRIC_KEYS, type MetricReadings, type MetricRow, METRICS, type Sample } from './metrics.ts';

/** Of Prometheus' text format; scrapers tell by it how to read the page. */
export const METRICS_MEDIA_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** The page a scraper reads (Prometheus, "Exposition formats", text format 0.0.4). */
export function metricsText(readings: MetricReadings): string {
  const lines = METRIC_KEYS.flatMap((key) => familyLines(METRICS[key], readings[key]));
  return `${lines.join('\n')}\n`;
}

function familyLines(row: MetricRow, samples: readonly Sample<string, unknown>[]): readonly string[] {
  const { name, kind, sentence } = row;
  const head = [`# HELP ${name} ${escapeHelp(sentence)}`, `# TYPE ${name} ${kind}`];
  const lines = samples.flatMap(({ labels, value }) =>
    typeof value === 'number'
      ? [sampleLine(name, labels, value)]
      : histogramLines(name, value as HistogramReading),
  );
  return [...head, ...lines];
}

/** Each bucket counts what is in those below it too, and the last one has everything. */
function histogramLines(name: string, { bounds, inBucket, count, sum }: HistogramReading): readonly string[] {
  let below = 0;
  const buckets = bounds.map((bound, index) => {
    below += inBucket[index] ?? 0;
    return sampleLine(`${name}_bucket`, { le: String(bound) }, below);
  });
  return [
    ...buckets,
    sampleLine(`${name}_bucket`, { le: '+Inf' }, count),
    sampleLine(`${name}_sum`, {}, sum),
    sampleLine(`${name}_count`, {}, count),
  ];
}

function sampleLine(name: string, labels: Readonly<Record<string, string>>, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`;
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}
