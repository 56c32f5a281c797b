import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import {
  chassis,
  collection,
  computerSystem,
  type EmulatedSystem,
  type EmulatorShape,
  etagOf,
  manager,
  resetActionInfo,
  serviceRoot,
  session,
  sessionService,
} from './redfish-resources.ts';
import { EmulatedTasks, type EmulatedTaskOptions, no, type Told, yes } from './redfish-tasks.ts';

/**
 * A BMC that speaks Redfish over real HTTP or HTTPS, for tests: it holds its clients to the rules that real ones
 * hold them to (log-in, ETags, allowable values, no reset of what is off), and can be as odd as some of those are.
 */
export interface RedfishEmulatorOptions extends Partial<EmulatorShape> {
  readonly user?: string;
  readonly password?: string;
  readonly systems?: readonly Pick<EmulatedSystem, 'id' | 'uuid'>[];
  readonly tls?: { readonly key: string; readonly cert: string };
  /** `required`: no PATCH without If-Match. */
  readonly ifMatch?: 'required' | 'optional';
  /** Takes the mode of a boot override, forgets it where it is not said, or refuses it. */
  readonly bootMode?: 'kept' | 'forgotten' | 'refused';
  /** From a reset that was taken to when it is so. */
  readonly powerDelayMs?: number;
  readonly port?: number;
  /** Resets and changes are taken as tasks. */
  readonly tasks?: EmulatedTaskOptions;
  /** `ReadOnly`: the user may look and change nothing. */
  readonly role?: 'Administrator' | 'ReadOnly';
}

const POWER_AFTER: Readonly<Record<string, string>> = {
  On: 'On',
  ForceOff: 'Off',
  GracefulShutdown: 'Off',
  ForceRestart: 'On',
  PowerCycle: 'On',
};

export class RedfishEmulator {
  readonly systems: readonly EmulatedSystem[];
  /** `GET /redfish/v1/`, in order. */
  readonly requests: string[] = [];
  readonly resets: string[] = [];
  /** Sessions that were made and not ended. */
  readonly sessions = new Map<string, string>();
  /** Answered instead of the usual, once for each entry; `hang` answers never. */
  readonly next: ('hang' | 'reset connection' | Told)[] = [];
  /** The same, for the next PATCH. */
  readonly onPatch: Told[] = [];
  /** The same, for the next session. */
  readonly onLogin: Told[] = [];
  failedLogins = 0;
  readonly #options: RedfishEmulatorOptions;
  readonly #shape: EmulatorShape;
  readonly #server;
  readonly #tasks: EmulatedTasks | undefined;

  constructor(options: RedfishEmulatorOptions = {}) {
    this.#options = options;
    this.#tasks = options.tasks === undefined ? undefined : new EmulatedTasks(options.tasks);
    this.#shape = {
      vendor: 'Contoso',
      manufacturer: 'Contoso',
      resetTypes: ['On', 'ForceOff', 'GracefulShutdown', 'ForceRestart', 'PowerCycle', 'Nmi'],
      resetTypesIn: 'action',
      sessions: 'offered',
      etags: 'strong',
      bootTargets: ['None', 'Pxe', 'Hdd', 'Cd', 'UefiHttp'],
      ...options,
    };
    const systems = options.systems ?? [{ id: '437XR1138R2', uuid: '38947555-7742-3448-3784-823347823834' }];
    this.systems = systems.map((one) => ({
      ...one,
      power: 'Off',
      boot: { enabled: 'Disabled', target: 'None', mode: 'UEFI' },
      version: 1,
    }));
    const handle = (request: IncomingMessage, response: ServerResponse): void =>
      void this.#handle(request, response);
    this.#server = options.tls ? createTlsServer({ ...options.tls }, handle) : createServer(handle);
  }

  static async start(options: RedfishEmulatorOptions = {}): Promise<RedfishEmulator> {
    const emulator = new RedfishEmulator(options);
    emulator.#server.listen(options.port ?? 0, options.tls || options.port ? undefined : '127.0.0.1');
    await once(emulator.#server, 'listening');
    return emulator;
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `${this.#options.tls ? 'https' : 'http'}://127.0.0.1:${port}`;
  }

  get system(): EmulatedSystem {
    const [first] = this.systems;
    if (!first) throw new Error('The emulator has no system');
    return first;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Uint8Array[] = [];
    for await (const piece of request) pieces.push(piece as Uint8Array);
    const { method = 'GET', url = '/' } = request;
    this.requests.push(`${method} ${url}`);
    const instead = this.next.shift() ?? (method === 'PATCH' ? this.onPatch.shift() : undefined);
    if (instead === 'hang') return;
    if (instead === 'reset connection') return void request.socket.resetAndDestroy();
    const told = instead ?? this.#answer(method, url.replace(/\/+$/, ''), request, jsonOf(pieces));
    response.writeHead(told.status, {
      'content-type': 'application/json',
      'odata-version': '4.0',
      ...told.headers,
    });
    response.end(told.body === undefined ? undefined : JSON.stringify(told.body));
  }

  #answer(method: string, path: string, request: IncomingMessage, body: Record<string, unknown>): Told {
    if (method === 'GET' && path === '/redfish') return { status: 200, body: { v1: '/redfish/v1/' } };
    if (method === 'GET' && path === '/redfish/v1') return { status: 200, body: serviceRoot(this.#shape) };
    if (
      this.#shape.sessions === 'offered' &&
      method === 'POST' &&
      path === '/redfish/v1/SessionService/Sessions'
    )
      return this.#logIn(body);
    const refused = this.#objectionTo(request);
    if (refused) return refused;
    if (method === 'DELETE' && this.sessions.delete(idOf(path))) return { status: 204 };
    if (method === 'GET') return this.#tasks?.look(path) ?? this.#read(path);
    if (this.#options.role === 'ReadOnly') return no(403, 'noPrivilege');
    const work = this.#workOf(method, path, request, body);
    if (work === undefined) return no(404, 'noSuch');
    return this.#tasks === undefined ? work() : this.#tasks.take(work);
  }

  #workOf(
    method: string,
    path: string,
    request: IncomingMessage,
    body: Record<string, unknown>,
  ): (() => Told) | undefined {
    const system = this.systems.find(({ id }) => path.startsWith(`/redfish/v1/Systems/${id}`));
    if (system && method === 'POST' && path.endsWith('/Actions/ComputerSystem.Reset'))
      return () => this.#reset(system, body);
    if (system && method === 'PATCH' && idOf(path) === system.id)
      return () => this.#patch(system, request, body);
    return undefined;
  }

  #logIn({ UserName, Password }: Record<string, unknown>): Told {
    const instead = this.onLogin.shift();
    if (instead) return instead;
    const { user = 'root', password = 'sesam' } = this.#options;
    if (UserName !== user || Password !== password) {
      this.failedLogins += 1;
      return no(401, 'badLogin');
    }
    const id = randomUUID();
    const location = `/redfish/v1/SessionService/Sessions/${id}`;
    this.sessions.set(id, id);
    return { status: 201, body: session(id, user), headers: { location, 'x-auth-token': id } };
  }

  #objectionTo({ headers }: IncomingMessage): Told | undefined {
    const { user = 'root', password = 'sesam' } = this.#options;
    const token = headers['x-auth-token'];
    if (typeof token === 'string') return this.sessions.has(token) ? undefined : no(401, 'noLogin');
    if (headers.authorization === undefined) return no(401, 'noLogin');
    const basic = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
    if (headers.authorization === basic) return undefined;
    this.failedLogins += 1;
    return no(401, 'badLogin');
  }

  #read(path: string): Told {
    const system = this.systems.find(({ id }) => path.startsWith(`/redfish/v1/Systems/${id}`));
    if (system && path.endsWith('/ResetActionInfo')) return yes(resetActionInfo(system, this.#shape));
    if (system && idOf(path) === system.id) {
      const etag = etagOf(system, this.#shape);
      return {
        ...yes(computerSystem(system, this.#shape)),
        ...(etag === undefined ? {} : { headers: { etag } }),
      };
    }
    const ids = this.systems.map(({ id }) => id);
    if (path === '/redfish/v1/Systems') return yes(collection(path, 'ComputerSystem', ids));
    if (path === '/redfish/v1/Chassis') return yes(collection(path, 'Chassis', ids));
    if (path.startsWith('/redfish/v1/Chassis/') && ids.includes(idOf(path))) return yes(chassis(idOf(path)));
    if (path === '/redfish/v1/Managers') return yes(collection(path, 'Manager', ['BMC']));
    if (path === '/redfish/v1/Managers/BMC') return yes(manager());
    if (path === '/redfish/v1/SessionService') return yes(sessionService());
    if (path === '/redfish/v1/SessionService/Sessions')
      return yes(collection(path, 'Session', [...this.sessions.keys()]));
    return no(404, 'noSuch');
  }

  #reset(system: EmulatedSystem, { ResetType: type }: Record<string, unknown>): Told {
    const after =
      typeof type === 'string' && this.#shape.resetTypes.includes(type) ? POWER_AFTER[type] : undefined;
    if (after === undefined) return no(400, 'badValue');
    if (type === 'On' && system.power === 'On') return no(400, 'noOperation');
    if (type !== 'On' && system.power === 'Off') return no(409, 'stateConflict');
    this.resets.push(String(type));
    const change = (): void => {
      system.power = after;
      system.version += 1;
    };
    const { powerDelayMs = 0 } = this.#options;
    if (powerDelayMs === 0) change();
    else setTimeout(change, powerDelayMs).unref();
    return { status: 204 };
  }

  #patch(system: EmulatedSystem, { headers }: IncomingMessage, { Boot }: Record<string, unknown>): Told {
    const { ifMatch = 'optional', bootMode = 'kept' } = this.#options;
    const given = headers['if-match'];
    if (given === undefined && ifMatch === 'required') return no(428, 'preconditionRequired');
    // Strong comparison (RFC 9110 §8.8.3.2): services that only have weak ones take them without their W/.
    if (given !== undefined && given !== `"${system.version}"`) return no(412, 'preconditionFailed');
    const boot = Boot as Record<string, string>;
    const { BootSourceOverrideMode: mode, BootSourceOverrideTarget: target = '' } = boot;
    if (!this.#shape.bootTargets.includes(target)) return no(400, 'badValue');
    if (mode !== undefined && bootMode === 'refused') return no(400, 'notWritable');
    const kept = bootMode === 'forgotten' ? 'Legacy' : system.boot.mode;
    system.boot = { enabled: boot['BootSourceOverrideEnabled'] ?? '', target, mode: mode ?? kept };
    system.version += 1;
    return { status: 200, body: computerSystem(system, this.#shape) };
  }
}

function idOf(path: string): string {
  return path.split('/').at(-1) ?? '';
}

function jsonOf(pieces: readonly Uint8Array[]): Record<string, unknown> {
  const text = Buffer.concat(pieces).toString('utf8');
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}
