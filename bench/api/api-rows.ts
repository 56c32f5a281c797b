/** What a page and some programs ask of the API while machines boot: each row so many times a second. */

export interface ApiRow {
  readonly name: string;
  readonly method: 'GET' | 'PATCH';
  /** @param turn counts the requests of this row. */
  readonly path: (turn: number) => string;
  readonly body?: (turn: number) => object;
  readonly perSecond: number;
}

/** So many machines are in the store. */
export const FLEET = 10_000;

export function machineName(number: number): string {
  return `node-${String(number % FLEET).padStart(5, '0')}`;
}

/** Turns come in an order that no cache can guess. */
const STRIDE = 7919;
const oneOf = (turn: number): string => machineName(turn * STRIDE);

export const API_ROWS: readonly ApiRow[] = [
  { name: 'machines, a page', method: 'GET', path: () => '/machines?limit=100', perSecond: 8 },
  {
    name: 'machines, searched',
    method: 'GET',
    path: (turn) => `/machines?limit=100&q=${oneOf(turn).slice(0, 8)}`,
    perSecond: 4,
  },
  {
    name: 'machines, by labels',
    method: 'GET',
    path: (turn) => `/machines?limit=100&selector=rack%3Dr${turn % 100}`,
    perSecond: 4,
  },
  {
    name: 'machines, by state',
    method: 'GET',
    path: () => '/machines?limit=100&state=failed&sort=-created',
    perSecond: 4,
  },
  { name: 'one machine', method: 'GET', path: (turn) => `/machines/${oneOf(turn)}`, perSecond: 20 },
  { name: 'explain', method: 'GET', path: (turn) => `/machines/${oneOf(turn)}/explain`, perSecond: 10 },
  { name: 'groups, a page', method: 'GET', path: () => '/groups?limit=100', perSecond: 1 },
  { name: 'installs, a page', method: 'GET', path: () => '/installs?limit=100', perSecond: 4 },
  { name: 'events, the newest', method: 'GET', path: () => '/events?limit=100', perSecond: 4 },
  {
    name: 'events of one machine',
    method: 'GET',
    path: (turn) => `/events?limit=100&machine=${oneOf(turn)}`,
    perSecond: 4,
  },
  {
    name: 'events of some kinds',
    method: 'GET',
    path: () => '/events?limit=100&kind=install.*',
    perSecond: 2,
  },
  { name: 'leases, a page', method: 'GET', path: () => '/leases?limit=100', perSecond: 2 },
  { name: 'status', method: 'GET', path: () => '/status', perSecond: 2 },
  {
    name: 'a machine is changed',
    method: 'PATCH',
    path: (turn) => `/machines/${oneOf(turn)}`,
    body: (turn) => ({ labels: { turn: String(turn) } }),
    perSecond: 2,
  },
];
