import { readFileSync } from 'node:fs';
import type { Settings } from '../core/settings/settings.ts';
import type { OidcWish } from '../services/people/oidc-service.ts';
import { StartError } from './lifecycle.ts';

/** The OpenID provider of the settings, if they name one. @throws StartError where they do not go together. */
export function openIdOf(settings: Settings): OidcWish | undefined {
  const { 'oidc.issuer': issuer, 'oidc.clientId': clientId, 'oidc.roleClaim': roleClaim } = settings;
  if (issuer === undefined) return undefined;
  const values = {
    viewer: settings['oidc.viewers'],
    operator: settings['oidc.operators'],
    admin: settings['oidc.admins'],
  };
  if (Object.values(values).every((list) => list.length === 0))
    throw new StartError(
      'oidc.issuer is set, and nobody could log in there: say who may with oidc.admins, oidc.operators or oidc.viewers',
      78,
    );
  return {
    issuer: new URL(issuer),
    clientId: clientId ?? '',
    clientSecret: readSecret(settings['oidc.clientSecretFile']),
    rules: { roleClaim: roleClaim ?? '', values },
  };
}

function readSecret(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    throw new StartError(`Cannot read ${file} (${because}): correct oidc.clientSecretFile`, 78);
  }
}
