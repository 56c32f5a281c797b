import { z } from 'zod';
import { eventId, ipv4, mac, MAX_NAME_LENGTH, MAX_ROWS, machineReference, name, rowLimit } from './fields.ts';
import { Mirror, MirrorChange, MirrorInput, MirrorRefresh } from './mirror-schemas.ts';
import {
  AddedImage,
  BootExplanation,
  Image,
  Install,
  InstallInput,
  Lease,
  LeaseState,
  LoaderFinding,
  Machine,
  MachineChange,
  MachineInput,
  MachineMedia,
  Policy,
  PolicyChange,
  Profile,
  ProfileInput,
  RenderedAnswer,
  Status,
  Subnet,
  SubnetInput,
  TimelineEvent,
} from './schemas.ts';
import {
  Arrival,
  ArrivalInput,
  Bytes,
  ImageCheckInput,
  ImageInput,
  ImageTree,
  pathQuery,
} from './image-schemas.ts';

/**
 * Every route of the people's API, one row each. The server's handlers, the checks of what comes in, the client of
 * the command line and docs/api.md are made from this table; adding a route begins here.
 */

export const API_PREFIX = '/api/v1';
/** For programs that watch over the process; they stand beside the API, as such programs expect. */
export const HEALTH_PATH = '/healthz';
export const READY_PATH = '/readyz';
export const METRICS_PATH = '/metrics';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * `thing`: 200 with the output. `created`: 201 with the output. `nothing`: 204 without a body. `stream`: 200 and
 * server-sent events, each with the output as its data. `bytes`: 200 and the bytes of a file.
 */
export type Answers = 'thing' | 'created' | 'nothing' | 'stream' | 'bytes';

export interface RouteRow<
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Input extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
  Answer extends Answers = Answers,
> {
  readonly method: Method;
  /** Below `API_PREFIX`; `{word}` stands for a parameter. */
  readonly path: string;
  readonly params: Params;
  readonly query: Query;
  /** The body; `nothing` where none is wanted. */
  readonly input: Input;
  readonly output: Output;
  readonly answers: Answer;
  /** The body is no JSON but bytes as they are (application/octet-stream). */
  readonly takes?: 'bytes';
  readonly sentence: string;
}

const noFields = z.strictObject({});
export const nothing = z.undefined();
type NoFields = typeof noFields;
type Nothing = typeof nothing;

interface RowDraft<P, Q, I, O, A> {
  readonly method: Method;
  readonly path: `/${string}`;
  readonly params?: P;
  readonly query?: Q;
  readonly input?: I;
  readonly output?: O;
  readonly answers: A;
  readonly takes?: 'bytes';
  readonly sentence: string;
}

function row<
  A extends Answers,
  P extends z.ZodObject = NoFields,
  Q extends z.ZodObject = NoFields,
  I extends z.ZodType = Nothing,
  O extends z.ZodType = Nothing,
>(draft: RowDraft<P, Q, I, O, A>): RouteRow<P, Q, I, O, A> {
  const { params = noFields, query = noFields, input = nothing, output = nothing } = draft;
  // Where the draft leaves a schema out, its type parameter is the default, which is that of the schema put in.
  return { ...draft, params: params as P, query: query as Q, input: input as I, output: output as O };
}

/** Lists stand in an object, so that what goes with them has a place beside them. */
function listOf<T extends z.ZodType>(item: T): z.ZodObject<{ items: z.ZodArray<T> }> {
  return z.object({ items: z.array(item).describe('All that fit') });
}

const byName = z.strictObject({ name: name.describe('Its name') });
const byAddress = z.strictObject({ address: ipv4.describe('Its address') });
const byMachine = z.strictObject({ machine: machineReference.describe('Name, id or MAC address') });
const byInstallId = z.strictObject({ id: z.string().max(MAX_NAME_LENGTH).describe('Its id') });

export const ROUTES = {
  getStatus: row({
    method: 'GET',
    path: '/status',
    output: Status,
    answers: 'thing',
    sentence: 'How the server is: interfaces, ports, numbers',
  }),

  listSubnets: row({
    method: 'GET',
    path: '/subnets',
    output: listOf(Subnet),
    answers: 'thing',
    sentence: 'All subnets',
  }),
  getSubnet: row({
    method: 'GET',
    path: '/subnets/{name}',
    params: byName,
    output: Subnet,
    answers: 'thing',
    sentence: 'One subnet',
  }),
  putSubnet: row({
    method: 'PUT',
    path: '/subnets/{name}',
    params: byName,
    input: SubnetInput,
    output: Subnet,
    answers: 'thing',
    sentence: 'Adds a subnet, or puts this in its place; its leases stay',
  }),
  deleteSubnet: row({
    method: 'DELETE',
    path: '/subnets/{name}',
    params: byName,
    answers: 'nothing',
    sentence: 'Takes a subnet away, and its leases',
  }),

  listLeases: row({
    method: 'GET',
    path: '/leases',
    query: z.strictObject({
      subnet: name.exactOptional().describe('Only those of this subnet'),
      state: LeaseState.exactOptional().describe('Only those in this state'),
      mac: mac.exactOptional().describe('Only those of this MAC address'),
      after: ipv4.exactOptional().describe('Only those whose address is higher: for the next page'),
      limit: rowLimit.default(MAX_ROWS).describe('At most this many'),
    }),
    output: listOf(Lease),
    answers: 'thing',
    sentence: 'Leases by address, those that are over included',
  }),
  getLease: row({
    method: 'GET',
    path: '/leases/{address}',
    params: byAddress,
    output: Lease,
    answers: 'thing',
    sentence: 'One lease',
  }),
  freeLease: row({
    method: 'DELETE',
    path: '/leases/{address}',
    params: byAddress,
    output: Lease,
    answers: 'thing',
    sentence: 'Frees an address: ends its lease, or the rest it has since it was declined',
  }),

  listMachines: row({
    method: 'GET',
    path: '/machines',
    output: listOf(Machine),
    answers: 'thing',
    sentence: 'All machines, by name',
  }),
  addMachine: row({
    method: 'POST',
    path: '/machines',
    input: MachineInput,
    output: Machine,
    answers: 'created',
    sentence: 'Makes a machine known',
  }),
  getMachine: row({
    method: 'GET',
    path: '/machines/{machine}',
    params: byMachine,
    output: Machine,
    answers: 'thing',
    sentence: 'One machine',
  }),
  changeMachine: row({
    method: 'PATCH',
    path: '/machines/{machine}',
    params: byMachine,
    input: MachineChange,
    output: Machine,
    answers: 'thing',
    sentence: 'Changes a machine, as JSON Merge Patch does (RFC 7396)',
  }),
  deleteMachine: row({
    method: 'DELETE',
    path: '/machines/{machine}',
    params: byMachine,
    answers: 'nothing',
    sentence: 'Forgets a machine and its installs; refused while one is open',
  }),
  explainMachine: row({
    method: 'GET',
    path: '/machines/{machine}/explain',
    params: byMachine,
    output: BootExplanation,
    answers: 'thing',
    sentence:
      'What a machine would boot now, and because; the MAC address of an unknown one may be asked for too',
  }),

  mediaOfMachine: row({
    method: 'GET',
    path: '/machines/{machine}/media',
    params: byMachine,
    output: MachineMedia,
    answers: 'thing',
    sentence: 'A disc that starts the armed installer of a machine, for the virtual drive of its BMC',
  }),

  listImages: row({
    method: 'GET',
    path: '/images',
    output: listOf(Image),
    answers: 'thing',
    sentence: 'All images',
  }),
  addImage: row({
    method: 'POST',
    path: '/images',
    input: ImageInput,
    output: AddedImage,
    answers: 'created',
    sentence: 'Adds an image: a folder or disc image on the server, which is looked into and served in place',
  }),
  getImage: row({
    method: 'GET',
    path: '/images/{name}',
    params: byName,
    output: Image,
    answers: 'thing',
    sentence: 'One image',
  }),
  deleteImage: row({
    method: 'DELETE',
    path: '/images/{name}',
    params: byName,
    answers: 'nothing',
    sentence: 'Forgets an image; its folder stays as it is; refused while a profile uses it',
  }),

  checkImage: row({
    method: 'POST',
    path: '/images/{name}/check',
    params: byName,
    input: ImageCheckInput,
    output: Image,
    answers: 'thing',
    sentence: 'Computes its checksum anew, in the background; may say that it is booted all the same',
  }),
  listImageTree: row({
    method: 'GET',
    path: '/images/{name}/tree',
    params: byName,
    query: z.strictObject({
      path: pathQuery.exactOptional(),
      after: eventId.exactOptional().describe('Where the page begins, as the page before said'),
    }),
    output: ImageTree,
    answers: 'thing',
    sentence: 'What is in a folder of an image',
  }),
  readImageFile: row({
    method: 'GET',
    path: '/images/{name}/file',
    params: byName,
    query: z.strictObject({ path: pathQuery }),
    output: Bytes,
    answers: 'bytes',
    sentence: 'The bytes of a file of an image',
  }),

  listArrivals: row({
    method: 'GET',
    path: '/arrivals',
    output: listOf(Arrival),
    answers: 'thing',
    sentence: 'Disc images on their way to the server, and those that do not get there',
  }),
  addArrival: row({
    method: 'POST',
    path: '/arrivals',
    input: ArrivalInput,
    output: Arrival,
    answers: 'created',
    sentence:
      'Begins to load a disc image, or to take one; the same again goes on where it ended. Whole, it becomes an image',
  }),
  getArrival: row({
    method: 'GET',
    path: '/arrivals/{name}',
    params: byName,
    output: Arrival,
    answers: 'thing',
    sentence: 'One disc image on its way',
  }),
  putArrivalBytes: row({
    method: 'PUT',
    path: '/arrivals/{name}/bytes',
    params: byName,
    query: z.strictObject({
      offset: eventId.describe('Where the piece belongs: the bytes that are there already'),
    }),
    input: Bytes,
    takes: 'bytes',
    output: Arrival,
    answers: 'thing',
    sentence: 'The next piece of an upload, up to 8 MiB; the last one makes it an image',
  }),
  deleteArrival: row({
    method: 'DELETE',
    path: '/arrivals/{name}',
    params: byName,
    answers: 'nothing',
    sentence: 'Ends a download or an upload; nothing of it is left',
  }),

  listMirrors: row({
    method: 'GET',
    path: '/mirrors',
    output: listOf(Mirror),
    answers: 'thing',
    sentence: 'All package mirrors',
  }),
  addMirror: row({
    method: 'POST',
    path: '/mirrors',
    input: MirrorInput,
    output: Mirror,
    answers: 'created',
    sentence: 'Adds a package mirror; nothing is fetched before a machine asks for it',
  }),
  getMirror: row({
    method: 'GET',
    path: '/mirrors/{name}',
    params: byName,
    output: Mirror,
    answers: 'thing',
    sentence: 'One package mirror: what it keeps, what it saves, whether its upstream can be reached',
  }),
  changeMirror: row({
    method: 'PATCH',
    path: '/mirrors/{name}',
    params: byName,
    input: MirrorChange,
    output: Mirror,
    answers: 'thing',
    sentence: 'Changes a package mirror: how much it keeps, and whether it asks its upstream',
  }),
  deleteMirror: row({
    method: 'DELETE',
    path: '/mirrors/{name}',
    params: byName,
    answers: 'nothing',
    sentence: 'Takes a package mirror away, and all that is kept of it',
  }),
  refreshMirror: row({
    method: 'POST',
    path: '/mirrors/{name}/refresh',
    params: byName,
    output: listOf(MirrorRefresh),
    answers: 'thing',
    sentence: 'Asks the upstream now for the indexes that are kept',
  }),
  checkMirror: row({
    method: 'POST',
    path: '/mirrors/{name}/check',
    params: byName,
    output: Mirror,
    answers: 'thing',
    sentence: 'Begins to read all that is kept, and to throw away what is damaged',
  }),

  listProfiles: row({
    method: 'GET',
    path: '/profiles',
    output: listOf(Profile),
    answers: 'thing',
    sentence: 'All profiles',
  }),
  getProfile: row({
    method: 'GET',
    path: '/profiles/{name}',
    params: byName,
    output: Profile,
    answers: 'thing',
    sentence: 'One profile',
  }),
  putProfile: row({
    method: 'PUT',
    path: '/profiles/{name}',
    params: byName,
    input: ProfileInput,
    output: Profile,
    answers: 'thing',
    sentence: 'Adds a profile, or puts this in its place',
  }),
  deleteProfile: row({
    method: 'DELETE',
    path: '/profiles/{name}',
    params: byName,
    answers: 'nothing',
    sentence: 'Takes a profile away; refused while an open install uses it',
  }),
  renderProfile: row({
    method: 'GET',
    path: '/profiles/{name}/render',
    params: byName,
    query: z.strictObject({ machine: machineReference.describe('For which machine') }),
    output: RenderedAnswer,
    answers: 'thing',
    sentence: 'The answer file as that machine would get it; nothing changes',
  }),

  listInstalls: row({
    method: 'GET',
    path: '/installs',
    query: z.strictObject({
      machine: machineReference.exactOptional().describe('Only those of this machine'),
      limit: rowLimit.default(100).describe('At most this many'),
    }),
    output: listOf(Install),
    answers: 'thing',
    sentence: 'Installs, newest first',
  }),
  armInstall: row({
    method: 'POST',
    path: '/installs',
    input: InstallInput,
    output: Install,
    answers: 'created',
    sentence:
      'Arms an install: the next time the machine boots from the network, its installer is started, once',
  }),
  getInstall: row({
    method: 'GET',
    path: '/installs/{id}',
    params: byInstallId,
    output: Install,
    answers: 'thing',
    sentence: 'One install',
  }),
  cancelInstall: row({
    method: 'POST',
    path: '/installs/{id}/cancel',
    params: byInstallId,
    output: Install,
    answers: 'thing',
    sentence: 'Cancels an install that is not over: the machine boots its own disk again',
  }),

  listEvents: row({
    method: 'GET',
    path: '/events',
    query: z.strictObject({
      machine: machineReference
        .exactOptional()
        .describe('Only those of this machine; a MAC address may be unknown'),
      after: eventId.exactOptional().describe('The oldest ones after this id; left out: the newest ones'),
      limit: rowLimit.default(100).describe('At most this many'),
    }),
    output: listOf(TimelineEvent),
    answers: 'thing',
    sentence: 'The timeline, oldest first',
  }),
  streamEvents: row({
    method: 'GET',
    path: '/events/stream',
    query: z.strictObject({
      machine: machineReference
        .exactOptional()
        .describe('Only those of this machine; a MAC address may be unknown'),
      after: eventId
        .exactOptional()
        .describe('Begin after this id; the header Last-Event-ID wins; left out: from now on'),
    }),
    output: TimelineEvent,
    answers: 'stream',
    sentence: 'The timeline as it happens, as server-sent events',
  }),

  getPolicy: row({
    method: 'GET',
    path: '/policy',
    output: Policy,
    answers: 'thing',
    sentence: 'What holds for every machine',
  }),
  changePolicy: row({
    method: 'PATCH',
    path: '/policy',
    input: PolicyChange,
    output: Policy,
    answers: 'thing',
    sentence: 'Changes what holds for every machine',
  }),

  listLoaders: row({
    method: 'GET',
    path: '/loaders',
    output: listOf(LoaderFinding),
    answers: 'thing',
    sentence: 'The boot loaders Muster knows of, and where each was found',
  }),
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
