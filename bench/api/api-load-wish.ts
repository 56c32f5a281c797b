/** What the load program is told, and what it says: both as JSON. */
export interface ApiLoadWish {
  readonly origin: string;
  readonly token?: string;
  /** In which the same is asked and nothing counts: the load program and what it asks are compiled as they run. */
  readonly uncountedSeconds: number;
  /** After these, in which all counts. */
  readonly seconds: number;
  /** Readers of the stream of events; none where the server has none. */
  readonly streams: number;
}

export interface ApiLoadReport {
  /** By the row's name: milliseconds from when each request was due to the last byte of its answer. */
  readonly answersMs: Readonly<Record<string, readonly number[]>>;
  /** From when an event happened until a reader had it. */
  readonly eventsMs: readonly number[];
  readonly eventsPerSecond: number;
  /** Answers that were none of success, by the row's name and the status. */
  readonly refused: Readonly<Record<string, number>>;
}

/** Says which row is asked, for the server that answers bytes it was given. */
export const ROW_HEADER = 'x-bench-row';
