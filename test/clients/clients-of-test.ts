import type { TestContext } from 'vitest';
import { EVENT_WAIT, type MusterInNamespace } from './muster-in-namespace.ts';

/** Clients that end with the test, and what is known of each by its MAC address. */
export function clientsOfTest({ onTestFinished, expect }: TestContext, muster: MusterInNamespace) {
  return {
    use: <Client extends { close(): Promise<void> }>(client: Client): Client => {
      onTestFinished(() => client.close());
      return client;
    },
    toldOf: (kind: Parameters<MusterInNamespace['told']>[0], mac: string) =>
      expect.poll(() => muster.told(kind).filter((event) => event.mac === mac), EVENT_WAIT),
  };
}
