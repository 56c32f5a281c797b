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

/** Where it listens, and what it shows over TLS. */
export interface ApiPlace {
  readonly address: string;
  /** 0 takes any that is free. */
  readonly port: number;
  /** PEM. */
  readonly tls?: { readonly certificate: string; readonly key: string };
}

/**
 * @throws RangeError for a place where passwords could be read, or whoever reaches it may do everything; the system's
 * error (`EADDRINUSE`, `EACCES`) when the port cannot be had.
 */
export async function listenApi(needs: ApiNeeds, at: ApiPlace): Promise<ListeningApi> {
  const objection = objectionTo(needs, at);
  if (objection !== undefined) throw new RangeError(`Cannot open the API on ${at.address}: ${objection}`);
  const app = buildApi(needs, { isLoopback: isLoopback(at.address), ...(at.tls ? { tls: at.tls } : {}) });
  await app.listen({ host: at.address, port: at.port });
  const bound = app.server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : at.port;
  const host = isIPv6(at.address) ? `[${at.address}]` : at.address;
  const scheme = at.tls === undefined ? 'http' : 'https';
  return { url: `${scheme}://${host}:${port}`, port, close: async () => await app.close() };
}

export function isLoopback(address: string): boolean {
  return LOOPBACK.test(address);
}

function objectionTo(
  { people }: Pick<ApiNeeds, 'people'>,
  { address, tls }: Pick<ApiPlace, 'address' | 'tls'>,
): string | undefined {
  if (isLoopback(address)) return undefined;
  if (people.whoAsks.login === 'off')
    return 'whoever reaches it would be an admin; set api.login to on, or api.address to 127.0.0.1';
  if (tls === undefined)
    return 'passwords would be read on the way; set api.tls to auto, or api.address to 127.0.0.1';
  return undefined;
}
