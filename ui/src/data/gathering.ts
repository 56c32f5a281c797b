/**
 * Listens to batches and passes them on together, at most so often: what takes long to draw need not be drawn for each.
 *
 * @returns the way to stop; what was gathered until then is not passed on.
 */
export function gather<T>(
  listen: (listener: (batch: readonly T[]) => void) => () => void,
  everyMs: number,
  pass: (batch: readonly T[]) => void,
): () => void {
  let waiting: T[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (): void => {
    timer = undefined;
    const batch = waiting;
    waiting = [];
    pass(batch);
  };
  const stop = listen((batch) => {
    waiting.push(...batch);
    timer ??= setTimeout(flush, everyMs);
  });
  return () => {
    stop();
    clearTimeout(timer);
  };
}
