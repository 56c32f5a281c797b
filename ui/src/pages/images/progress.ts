/** How far a transfer is, and how fast it comes. */
export interface Measured {
  readonly here: number;
  readonly bytes?: number | undefined;
  readonly bytesPerSecond?: number | undefined;
}

/** 0 to 100; nothing where the whole is not known. */
export function percentOf({ here, bytes }: Measured): number | undefined {
  return bytes === undefined || bytes === 0 ? undefined : Math.min(100, (here * 100) / bytes);
}

/** Nothing where it cannot be said: the rate or the whole is not known, or nothing comes. */
export function leftMs({ here, bytes, bytesPerSecond }: Measured): number | undefined {
  if (bytes === undefined || bytesPerSecond === undefined || bytesPerSecond <= 0) return undefined;
  return (Math.max(0, bytes - here) * 1000) / bytesPerSecond;
}

/** The mean of what was sent since `fromMs`; what was there before does not count. */
export function rateOf(sentBytes: number, fromMs: number, nowMs: number): number | undefined {
  return nowMs > fromMs ? (sentBytes * 1000) / (nowMs - fromMs) : undefined;
}
