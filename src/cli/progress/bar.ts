/** Cells of a bar. */
const BAR_WIDTH = 24;

/** `[######------------------]`, for an amount of a whole; more than the whole is the whole. */
export function bar(amount: number, whole: number): string {
  const filled = Math.floor((Math.min(amount, whole) * BAR_WIDTH) / Math.max(1, whole));
  return `[${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}]`;
}
