import type { EventData } from '../core/events/timeline-event.ts';

/** How much, in how long, and the rate in bytes a second; no rate for what took no time that could be measured. */
export function amount(bytes: number, milliseconds: number): EventData {
  const seconds = Math.round(milliseconds) / 1000;
  return { bytes, seconds, ...(seconds > 0 ? { bytesPerSecond: Math.round(bytes / seconds) } : {}) };
}
