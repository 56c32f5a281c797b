import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An OpenID provider on loopback that takes everybody for Anna and asks for no password. */
export interface OpenIdProvider {
  readonly issuer: URL;
  readonly close: () => Promise<void>;
}

export const CLIENT_ID = 'muster';
const MINUTE_SECONDS = 60;

/** A provider that is certified takes part in the tests with real programs; this one needs no browser. */
export async function openOpenIdProvider(): Promise<OpenIdProvider> {
  const server = createServer((request, response) => {
    const issuer = `http://${request.headers.host}`;
    const { pathname, searchParams } = new URL(request.url ?? '/', issuer);
    if (pathname === '/.well-known/openid-configuration') return sendJson(response, describe(issuer));
    if (pathname === '/authorize') {
      response.writeHead(302, { location: backWith(searchParams) }).end();
      return undefined;
    }
    let form = '';
    request.on('data', (data) => (form += String(data)));
    request.on('end', () => {
      const nonce = new URLSearchParams(form).get('code') ?? '';
      sendJson(response, { access_token: 'x', token_type: 'bearer', id_token: idToken(issuer, nonce) });
    });
    return undefined;
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    issuer: new URL(`http://127.0.0.1:${port}`),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function describe(issuer: string): object {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  };
}

/** Where the browser goes from there. The nonce is the code, so that nothing need be kept. */
function backWith(asked: URLSearchParams): string {
  const [callback = '', state = '', code = ''] = ['redirect_uri', 'state', 'nonce'].map(
    (name) => asked.get(name) ?? '',
  );
  return `${callback}?${new URLSearchParams({ code, state }).toString()}`;
}

/** Its signature is not looked at where it comes from the provider itself (OpenID Connect Core §3.1.3.7, 6). */
function idToken(iss: string, nonce: string): string {
  const iat = Math.floor(Date.now() / 1000);
  const said = { iss, nonce, iat, sub: '1', aud: CLIENT_ID, exp: iat + MINUTE_SECONDS, name: 'anna' };
  return [{ alg: 'RS256' }, said, 'no signature']
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
}

function sendJson(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
