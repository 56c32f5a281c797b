export interface Amount {
  readonly bytes: number;
  readonly seconds: number;
  /** Undefined for what took no time that could be measured. */
  readonly bytesPerSecond: number | undefined;
}

/** How much, in how long, and the rate, for the timeline. */
export function amount(bytes: number, milliseconds: number): Amount {
  const seconds = Math.round(milliseconds) / 1000;
  return { bytes, seconds, bytesPerSecond: seconds > 0 ? Math.round(bytes / seconds) : undefined };
}
