/** The same as the program's own `fetch`, for servers that a certificate vouches for which nobody else knows. */
export async function fetchTrusting(certificate: string): Promise<typeof fetch> {
  const { Agent, fetch: send } = await import('undici');
  const dispatcher = new Agent({ connect: { ca: certificate } });
  // The library's types are those of its own version, and the program's those of Node's.
  return (async (url: string, init: object) =>
    await send(url, { ...init, dispatcher })) as unknown as typeof fetch;
}
