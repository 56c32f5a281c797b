/** @throws Error when a promise is not kept, which is a fault and no refusal. */
export function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`It must hold, and does not: ${what}`);
}
