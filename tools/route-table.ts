import type { RouteRow } from '../src/contract/route-row.ts';
import { ROUTES } from '../src/contract/routes.ts';

/**
 * What the web page needs of the contract while it runs: role, method and path of each row. The rows themselves, with
 * their schemas, it takes as types only.
 */
export function routeTable(): string {
  const rows = Object.entries<RouteRow>(ROUTES).map(([name, { role, method, path }]) => {
    const who = typeof role === 'string' ? role : 'public';
    return `  ${name}: '${who} ${method} ${path}',`;
  });
  return `import type { RouteName } from '../../../src/contract/routes.ts';

/** Written by "npm run docs" from src/contract/routes.ts; changes here are lost. Role, method and path of each row. */
export const ROUTE_TABLE = {
${rows.join('\n')}
} as const satisfies Readonly<Record<RouteName, string>>;
`;
}
