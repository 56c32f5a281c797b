/** Where the time comes from: given to whoever needs it, made only in daemon. */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  nowMs(): number;
}
