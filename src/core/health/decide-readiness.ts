/** What is seen of the server when somebody asks whether it can serve machines. */
export interface SeenOfServer {
  /** Undefined where the store answered. */
  readonly storeTrouble: string | undefined;
  readonly interfaces: readonly string[];
  /** Protocols that are switched on, and those that listen. */
  readonly wanted: readonly string[];
  readonly listening: readonly string[];
}

export type Readiness = { readonly ready: true } | { readonly ready: false; readonly because: string };

/** Whether a machine that is switched on now would be served. */
export function decideReadiness(seen: SeenOfServer): Readiness {
  if (seen.storeTrouble !== undefined) return notReady(`the store does not answer: ${seen.storeTrouble}`);
  if (seen.interfaces.length === 0) return notReady('no network interface is served');
  const missing = seen.wanted.find((protocol) => !seen.listening.includes(protocol));
  if (missing !== undefined) return notReady(`${missing} is switched on, and listens nowhere`);
  return { ready: true };
}

function notReady(because: string): Readiness {
  return { ready: false, because };
}
