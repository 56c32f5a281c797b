import { fillPath, pathParameters, type RouteName, ROUTE_NAMES, ROUTES } from '../contract/routes.ts';
import type { RouteRow } from '../contract/route-row.ts';
import type { Asker } from '../core/people/asker.ts';
import type { AuditEntry } from '../core/people/audit.ts';
import type { AuditService } from '../services/people/audit-service.ts';
import type { Asking } from './asking.ts';
import type { Handlers, PlainRouteName } from './handler.ts';
import { ApiProblem, problemOf } from './problems.ts';
import { withoutSecrets } from './without-secrets.ts';

export interface AuditedNeeds {
  readonly audit: Pick<AuditService, 'note'>;
  /** The change was made, and could not be noted. */
  readonly failed: (error: unknown) => void;
}

/** One call of a handler, whichever it is. */
export interface Call {
  readonly name: PlainRouteName;
  readonly asked: { readonly params: unknown; readonly input: unknown };
  readonly asking: Asking;
}

/** Answers that hold a secret, which is told once and kept nowhere. */
const TELLS_SECRET: ReadonlySet<RouteName> = new Set(['addToken', 'makeLoginLink']);
const STATUS_OK = 200;
/** Whoever is known and may not; strangers could fill the audit. */
const STATUS_FORBIDDEN = 403;

/** Does what is asked; when that changes something, who did it is noted, with what was there before and afterwards. */
export async function audited(
  handlers: Handlers,
  { audit, failed }: AuditedNeeds,
  call: Call,
): Promise<unknown> {
  const run = () => callHandler(handlers, call.name, call.asked, call.asking);
  if (!isAudited(call.name)) return await run();
  const before = toldOf(pictureRow(call.name), await pictureOf(handlers, call));
  const note = async (rest: Pick<AuditEntry, 'status'> & Partial<AuditEntry>): Promise<void> => {
    const told = { ...headOf(call), ...(before === undefined ? {} : { before }), ...rest };
    await audit.note(told).catch(failed);
  };
  try {
    const output = await run();
    const isTold = output !== undefined && !TELLS_SECRET.has(call.name);
    await note({
      status: STATUS_OK,
      ...cameIn(call, output),
      ...(isTold ? { after: toldOf(call.name, output) } : {}),
    });
    return output;
  } catch (error) {
    const who = error instanceof ApiProblem ? error.who : undefined;
    await note({ status: problemOf(error).problem.status, ...cameIn(call, { who }) });
    throw error;
  }
}

/** As the API tells it, which is what the row's schema lets pass, and without secrets. */
function toldOf(name: PlainRouteName | undefined, output: unknown): unknown {
  if (name === undefined || output === undefined) return undefined;
  const row: RouteRow = ROUTES[name];
  return withoutSecrets(row.output.parse(output));
}

/** Who logged in, or whose name was tried, and by what: before, nobody was known. */
function cameIn({ name, asked }: Call, output: unknown): Partial<Pick<AuditEntry, 'who' | 'by'>> {
  if (name !== 'logIn') return {};
  const { who } = output as { readonly who?: string };
  const { link } = asked.input as { readonly link?: string };
  return { by: link === undefined ? 'password' : 'link', ...(who === undefined ? {} : { who }) };
}

/** One who is known was refused before the handler was reached. */
export async function auditRefusal(
  { audit, failed }: AuditedNeeds,
  name: RouteName,
  refused: { readonly asker: Asker | undefined; readonly address: string; readonly params: unknown },
): Promise<void> {
  if (!isAudited(name)) return;
  const { asker, address, params } = refused;
  const path = pathOf(ROUTES[name], params);
  const entry = {
    who: asker?.who ?? '',
    by: asker?.by ?? ('nothing' as const),
    address,
    route: name,
    path,
    status: STATUS_FORBIDDEN,
  };
  await audit.note(entry).catch(failed);
}

function headOf({
  name,
  asked,
  asking,
}: Call): Pick<AuditEntry, 'who' | 'by' | 'address' | 'route' | 'path'> {
  const { asker, place } = asking;
  return {
    who: asker?.who ?? '',
    by: asker?.by ?? 'nothing',
    address: place.address,
    route: name,
    path: pathOf(ROUTES[name], asked.params),
  };
}

function pathOf({ path }: RouteRow, params: unknown): string {
  return fillPath(path, params as Record<string, string>);
}

function isAudited(name: RouteName): boolean {
  const row: RouteRow = ROUTES[name];
  return row.method !== 'GET' && row.notAudited === undefined;
}

/** What the API tells of the thing that a row is about; undefined where there is none. */
export async function pictureOf(handlers: Handlers, { name, asked, asking }: Call): Promise<unknown> {
  const picture = pictureRow(name);
  if (picture === undefined) return undefined;
  const params = Object.fromEntries(
    Object.entries(asked.params as Record<string, unknown>).filter(([key]) =>
      pathParameters(ROUTES[picture].path).includes(key),
    ),
  );
  try {
    return await callHandler(handlers, picture, { params, query: {}, input: undefined }, asking);
  } catch (error) {
    if (error instanceof ApiProblem) return undefined;
    throw error;
  }
}

/** The row that shows what another changes: at the same path, or at the one above an action. */
export function pictureRow(name: RouteName): PlainRouteName | undefined {
  const { path, method }: RouteRow = ROUTES[name];
  const isOfOne = pathParameters(path).length > 0 || method === 'PATCH';
  if (!isOfOne) return undefined;
  const above = path.slice(0, path.lastIndexOf('/'));
  return getAt(path) ?? (pathParameters(above).length > 0 ? getAt(above) : undefined);
}

function getAt(path: string): PlainRouteName | undefined {
  return ROUTE_NAMES.find((name): name is PlainRouteName => {
    const row: RouteRow = ROUTES[name];
    return row.method === 'GET' && row.path === path && row.answers === 'thing';
  });
}

/** The table pairs each name with its own handler; one call for all of them is more than the compiler can follow. */
async function callHandler(
  handlers: Handlers,
  name: PlainRouteName,
  asked: unknown,
  asking: Asking,
): Promise<unknown> {
  return await (handlers[name] as (asked: unknown, asking: Asking) => Promise<unknown>)(asked, asking);
}
