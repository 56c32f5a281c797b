import { isIPv6 } from 'node:net';
import type { ApiNeeds } from './api-needs.ts';
import { buildApi } from './build-api.ts';

export interface ListeningApi {
  /** Without a slash at its end. */
  readonly url: string;
  readonly port: number;
  /** Resolves when what was under way is done; streams of events are ended. */
  close(): Promise<void>;
}

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|::1)$/;

/**
 * @param at port 0 takes any that is free.
 * @throws RangeError for an address that is not loopback; the system's error (`EADDRINUSE`, `EACCES`) when the port
 * cannot be had.
 */
export async function listenApi(
  needs: ApiNeeds,
  at: { readonly address: string; readonly port: number },
): Promise<ListeningApi> {
  if (!LOOPBACK.test(at.address)) {
    throw new RangeError(
      `Cannot open the API on ${at.address}: it has no log-in yet, so it listens on 127.0.0.1 or ::1 only`,
    );
  }
  const app = buildApi(needs);
  await app.listen({ host: at.address, port: at.port });
  const bound = app.server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : at.port;
  const host = isIPv6(at.address) ? `[${at.address}]` : at.address;
  return { url: `http://${host}:${port}`, port, close: async () => await app.close() };
}
