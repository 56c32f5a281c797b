import { readdirSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { type MetricReadings, single } from '../core/metrics/metrics.ts';

type ProcessReadings = Pick<
  MetricReadings,
  'processCpu' | 'processMemory' | 'processHeap' | 'processFiles' | 'processStart' | 'loopBusy'
>;

/** What this process uses, under the names that dashboards for Prometheus know. */
export function processReadings(startedAtMs: number): ProcessReadings {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  return {
    processCpu: single((user + system) / 1_000_000),
    processMemory: single(rss),
    processHeap: single(heapUsed),
    processFiles: single(readdirSync('/proc/self/fd').length),
    processStart: single(startedAtMs / 1000),
    loopBusy: single(performance.eventLoopUtilization().active / 1000),
  };
}
