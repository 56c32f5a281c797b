import { useEffect, useState } from 'react';
import { urlOf } from './client.ts';

/** `LOG_LINE_EVENT` of the contract, of which the page takes types only. */
const LINE_EVENT = 'line';
/** Lines that are begun with, and that are kept while more come; the whole is a file to download. */
const TAIL_LINES = 2_000;
const MAX_LINES = 20_000;
const REOPEN_MS = 3_000;

const NONE: readonly string[] = [];

/**
 * The log of an install as it grows, for a component that shows one install only. Lines that come within a frame are
 * shown together.
 */
export function useLogLines(installId: string): readonly string[] {
  const [lines, setLines] = useState(NONE);
  useEffect(() => {
    let waiting: string[] = [];
    let frame: number | undefined;
    let source: EventSource | undefined;
    let reopening: number | undefined;
    const flush = (): void => {
      frame = undefined;
      const more = waiting;
      waiting = [];
      setLines((before) => [...before, ...more].slice(-MAX_LINES));
    };
    const open = (): void => {
      const opened = new EventSource(urlOf('streamInstallLog', { id: installId }, { tail: TAIL_LINES }));
      source = opened;
      opened.addEventListener(LINE_EVENT, ({ data }: MessageEvent<string>) => {
        waiting.push((JSON.parse(data) as { line: string }).line);
        frame ??= window.requestAnimationFrame(flush);
      });
      // The browser itself comes back where a connection breaks, but not where the server refused it.
      opened.addEventListener('error', () => {
        if (opened.readyState !== EventSource.CLOSED) return;
        reopening = window.setTimeout(() => {
          waiting = [];
          setLines(NONE);
          open();
        }, REOPEN_MS);
      });
    };
    open();
    return () => {
      source?.close();
      window.clearTimeout(reopening);
      if (frame !== undefined) window.cancelAnimationFrame(frame);
    };
  }, [installId]);
  return lines;
}
