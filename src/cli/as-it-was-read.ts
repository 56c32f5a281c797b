import { CliFailure } from './cli-failure.ts';

/** How often something is read and written anew when others change it meanwhile. */
const ATTEMPTS = 5;

/**
 * For a command that reads a thing and writes it back changed. It is written only if it still is as it was read, and
 * else `attempt` begins anew: so what somebody else changed in between stays.
 */
export async function asItWasRead<T>(attempt: () => Promise<T>): Promise<T> {
  for (let left = ATTEMPTS - 1; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0 || !(error instanceof CliFailure) || error.problem !== 'changed') throw error;
    }
  }
}
