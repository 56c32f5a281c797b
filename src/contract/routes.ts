import { EVENT_ROUTES } from './event-routes.ts';
import { FACT_ROUTES } from './fact-routes.ts';
import { HOOK_ROUTES } from './hook-routes.ts';
import { GROUP_ROUTES } from './group-routes.ts';
import { IMAGE_ROUTES } from './image-routes.ts';
import { INSTALL_LOG_ROUTES } from './install-log-routes.ts';
import { INSTALL_ROUTES } from './install-routes.ts';
import { MACHINE_CHANGE_ROUTES } from './machine-change-routes.ts';
import { MACHINE_IMPORT_ROUTES } from './machine-import-routes.ts';
import { MACHINE_ROUTES } from './machine-routes.ts';
import { MIRROR_ROUTES } from './mirror-routes.ts';
import { NETWORK_ROUTES } from './network-routes.ts';
import { PEOPLE_ROUTES } from './people-routes.ts';
import { POWER_ROUTES } from './power-routes.ts';
import { PROFILE_ROUTES } from './profile-routes.ts';
import { LINT_ROUTES } from './lint-routes.ts';
import { SNIPPET_ROUTES } from './snippet-routes.ts';
import { SERVER_ROUTES } from './server-routes.ts';
import { WAVE_ROUTES } from './wave-routes.ts';
import { TOOL_ROUTES } from './tool-routes.ts';
import { SITE_ROUTES } from './site-routes.ts';
import type { RouteRow } from './route-row.ts';

/**
 * Every route of the people's API, one row each. The server's handlers, the checks of what comes in, the client of
 * the command line and docs/api.md are made from this table; adding a route begins here.
 */

export const API_PREFIX = '/api/v1';
/** For programs that watch over the process; they stand beside the API, as such programs expect. */
export const HEALTH_PATH = '/healthz';
export const READY_PATH = '/readyz';
export const METRICS_PATH = '/metrics';
/** Where browsers begin to log in at an OpenID provider, and where it sends them back to. */
export const OIDC_PATH = '/login/oidc';
export const OIDC_CALLBACK_PATH = `${OIDC_PATH}/callback`;
/** This table as OpenAPI 3.1. */
export const OPENAPI_PATH = '/openapi.json';

export const ROUTES = {
  ...NETWORK_ROUTES,
  ...MACHINE_ROUTES,
  ...MACHINE_CHANGE_ROUTES,
  ...MACHINE_IMPORT_ROUTES,
  ...FACT_ROUTES,
  ...IMAGE_ROUTES,
  ...MIRROR_ROUTES,
  ...POWER_ROUTES,
  ...PROFILE_ROUTES,
  ...SNIPPET_ROUTES,
  ...LINT_ROUTES,
  ...GROUP_ROUTES,
  ...INSTALL_ROUTES,
  ...WAVE_ROUTES,
  ...INSTALL_LOG_ROUTES,
  ...HOOK_ROUTES,
  ...TOOL_ROUTES,
  ...SITE_ROUTES,
  ...EVENT_ROUTES,
  ...PEOPLE_ROUTES,
  ...SERVER_ROUTES,
} as const satisfies Record<string, RouteRow>;

export type RouteName = keyof typeof ROUTES;
export const ROUTE_NAMES = Object.keys(ROUTES) as readonly RouteName[];

/** The names of the parameters in a path, in order. */
export function pathParameters(path: string): readonly string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, word = '']) => word);
}

/** The path with its parameters filled in and quoted for a URL. @throws RangeError for a parameter not given. */
export function fillPath(path: string, params: Readonly<Record<string, string>>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, word: string) => {
    const value = params[word];
    if (value === undefined) throw new RangeError(`"${path}" needs a value for "${word}"`);
    return encodeURIComponent(value);
  });
}
