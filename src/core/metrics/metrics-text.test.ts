import { expect, test } from 'vitest';
import { Histogram } from '../../lib/histogram.ts';
import { byLabel, METRIC_KEYS, type MetricReadings, METRICS, single } from './metrics.ts';
import { metricsText } from './metrics-text.ts';

const NOTHING = Object.fromEntries(METRIC_KEYS.map((key) => [key, []])) as unknown as MetricReadings;

/** The lines of one family, without its help. */
function linesOf(name: string, readings: Partial<MetricReadings>): readonly string[] {
  return metricsText({ ...NOTHING, ...readings })
    .split('\n')
    .filter((line) => line.startsWith(name) || line.startsWith(`# TYPE ${name} `));
}

test('a family has its type, and a line for each sample', () => {
  const dhcpSent = byLabel('type', [
    ['DHCPOFFER', 3],
    ['DHCPACK', 2],
  ]);
  expect(linesOf('muster_dhcp_sent_total', { dhcpSent })).toEqual([
    '# TYPE muster_dhcp_sent_total counter',
    'muster_dhcp_sent_total{type="DHCPOFFER"} 3',
    'muster_dhcp_sent_total{type="DHCPACK"} 2',
  ]);
});

test('a bucket of a histogram counts those below it too', () => {
  const histogram = new Histogram([0.5, 1]);
  for (const value of [0.5, 0.75, 4]) histogram.observe(value);
  expect(linesOf('muster_dhcp_answer_seconds', { dhcpAnswerSeconds: single(histogram.reading) })).toEqual([
    '# TYPE muster_dhcp_answer_seconds histogram',
    'muster_dhcp_answer_seconds_bucket{le="0.5"} 1',
    'muster_dhcp_answer_seconds_bucket{le="1"} 2',
    'muster_dhcp_answer_seconds_bucket{le="+Inf"} 3',
    'muster_dhcp_answer_seconds_sum 5.25',
    'muster_dhcp_answer_seconds_count 3',
  ]);
});

test('what would end a label or its line is escaped', () => {
  const dhcpSent = byLabel('type', [['a"b\\c\nd', 1]]);
  expect(linesOf('muster_dhcp_sent_total', { dhcpSent })[1]).toBe(
    String.raw`muster_dhcp_sent_total{type="a\"b\\c\nd"} 1`,
  );
});

test('every metric has a name and a sentence of its own, also while nothing was counted', () => {
  const rows = Object.values(METRICS);
  expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
  const text = metricsText(NOTHING);
  for (const { name, sentence } of rows)
    expect(text).toContain(`# HELP ${name} ${sentence}\n# TYPE ${name} `);
});
