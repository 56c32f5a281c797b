/**
 * The stream of a log: server-sent events whose data is a `LogLine`. The `id` of each is where the next line begins, in
 * bytes of the log, so that a client that lost its connection asks on with `Last-Event-ID` and misses nothing.
 */

export const LOG_LINE_EVENT = 'line';

export function encodeLogLine(line: string, nextOffset: number): string {
  return `id: ${nextOffset}\nevent: ${LOG_LINE_EVENT}\ndata: ${JSON.stringify({ line })}\n\n`;
}
