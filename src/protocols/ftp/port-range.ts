/** The ports that clients connect to for data, where only some may be. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Ports that are tried before a range counts as full. */
export const MAX_PORT_TRIES = 1024;

/**
 * The ports of a range, beginning with any of them: whoever can guess the next one can be there before the client.
 *
 * @param random a number from 0 on, less than the one it is given.
 */
export function portsOf({ first, last }: PortRange, random: (below: number) => number): readonly number[] {
  const count = last - first + 1;
  const start = random(count);
  return Array.from({ length: Math.min(count, MAX_PORT_TRIES) }, (_, at) => first + ((start + at) % count));
}

/** What opens first. Rejects as the last one does when all are taken, and at once for another reason. */
export async function firstFree<Opened>(
  ports: readonly number[],
  open: (port: number) => Promise<Opened>,
): Promise<Opened> {
  const last = ports.at(-1);
  for (const port of ports) {
    try {
      return await open(port);
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      if (!isTaken || port === last) throw error;
    }
  }
  throw new RangeError('The range of data ports is empty');
}
