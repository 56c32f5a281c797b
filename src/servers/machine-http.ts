import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { IpAddress } from '../lib/addresses.ts';
import { isIpv6, isLinkLocal, parseIp } from '../lib/ipv6-address.ts';
import { BOOT_DOOR, DISCOVERIES_DOOR, MEDIA_DOOR } from '../core/boot/machine-urls.ts';
import type { HttpPlane } from '../protocols/http/plane.ts';
import { parseRequestPath } from '../protocols/http/request-path.ts';
import { parseQuery } from '../protocols/http/request-query.ts';
import { type HttpAnswer, type HttpRequest, methodNotAllowed, plainText } from './http-answer.ts';
import { answerBoot, type BootDoorNeeds } from './machine-http-boot.ts';
import { answerDiscoveries, type DiscoveryDoorNeeds } from './machine-http-discoveries.ts';
import { answerImages, type ImageDoorNeeds } from './machine-http-files.ts';
import { answerMirrors, MIRROR_DOOR, type MirrorDoorNeeds } from './machine-http-mirrors.ts';
import { answerInstalls, type InstallDoorNeeds } from './machine-http-installs.ts';
import { answerMedia, type MediaDoorNeeds } from './machine-http-media.ts';
import { PLANE_PREFIX, planeFile } from './machine-http-plane.ts';
import { BrokenSource } from '../services/mirrors/mirror-sources.ts';
import { OpenAnswers } from './open-answers.ts';
import { readBody } from './report-body.ts';
import { sendAnswer } from './send-answer.ts';

/** What machines may ask of the server at one time, and how long it waits for them. */
export interface MachineHttpLimits {
  readonly connections: number;
  /** Installers open a few; a switch-on of a whole rack behind one router opens many. */
  readonly connectionsPerAddress: number;
  readonly headerBytes: number;
  /** For a whole head to arrive, from the connection or the request before. */
  readonly headersMs: number;
  /** For a whole request with its body to arrive. */
  readonly requestMs: number;
  /** Between two requests on one connection. EDK2 needs it to stay open between its HEAD and its GET. */
  readonly keepAliveMs: number;
  /** Without a byte moving in either direction, while an answer is under way. */
  readonly stalledMs: number;
}

export const MACHINE_HTTP_LIMITS: MachineHttpLimits = {
  connections: 4096,
  connectionsPerAddress: 256,
  headerBytes: 16 * 1024,
  headersMs: 20_000,
  requestMs: 60_000,
  keepAliveMs: 75_000,
  stalledMs: 120_000,
};
/** How often connections are looked at for the times above. */
const CHECK_EVERY_MS = 5_000;

export interface MachineHttpOptions
  extends BootDoorNeeds,
    ImageDoorNeeds,
    InstallDoorNeeds,
    DiscoveryDoorNeeds,
    MediaDoorNeeds,
    MirrorDoorNeeds {
  readonly timeline: BootDoorNeeds['timeline'] &
    ImageDoorNeeds['timeline'] &
    InstallDoorNeeds['timeline'] &
    DiscoveryDoorNeeds['timeline'] &
    MirrorDoorNeeds['timeline'];
  readonly programs: BootDoorNeeds['programs'] & ImageDoorNeeds['programs'];
  readonly address: IpAddress;
  /** Of an IPv6 address: the interface it is on, since link-local ones hold on their own link only. */
  readonly interfaceName?: string | undefined;
  /** 0 lets the system choose, and `MachineHttpServer.port` tells. */
  readonly port: number;
  /** `dropped`: a request that means nothing here. `failed`: a fault of ours or of the system. */
  readonly report: (what: 'dropped' | 'failed', error: unknown) => void;
  readonly limits?: Partial<MachineHttpLimits>;
  /** Sends the files of images; left out: this thread does. */
  readonly plane?: HttpPlane | undefined;
}

export interface MachineHttpServer {
  readonly address: IpAddress;
  readonly port: number;
  readonly connections: number;
  /** Takes no new connection, waits for the answers under way up to `drainMs`, then ends them. */
  close(options: { readonly drainMs: number }): Promise<void>;
}

/** The HTTP door for machines. Rejects as the system does (EADDRINUSE, EACCES) when the port cannot be had. */
export async function serveMachineHttp(options: MachineHttpOptions): Promise<MachineHttpServer> {
  const limits = { ...MACHINE_HTTP_LIMITS, ...options.limits };
  const answers = new OpenAnswers();
  const server = createServer(
    {
      requireHostHeader: false, // HTTP/1.0 loaders, and some that say 1.1, send none.
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: CHECK_EVERY_MS,
      noDelay: true,
    },
    (request, response) => answers.begin(answer(options, request, response), request.socket),
  );
  server.timeout = limits.stalledMs;
  server.maxConnections = limits.connections;
  const sockets = limitPerAddress(server, limits.connectionsPerAddress);
  const { address, plane } = options;
  if (plane === undefined) await listen(server, options);
  server.on('error', (error) => options.report('failed', error));
  if (plane !== undefined) return servePlane({ options, plane, limits, server, answers, sockets });
  const bound = server.address();
  return {
    address,
    port: typeof bound === 'object' && bound !== null ? bound.port : options.port,
    get connections() {
      return sockets.size;
    },
    close: ({ drainMs }) => answers.stop(server, sockets, drainMs),
  };
}

interface PlaneServing {
  readonly options: MachineHttpOptions;
  readonly plane: HttpPlane;
  readonly limits: MachineHttpLimits;
  readonly server: Server;
  readonly answers: OpenAnswers;
  readonly sockets: ReadonlySet<Socket>;
}

/** The plane listens, sends files, and hands connections over to the server, which listens nowhere then. */
function servePlane({ options, plane, limits, server, answers, sockets }: PlaneServing): MachineHttpServer {
  const { address, port, interfaceName } = options;
  const door = plane.serve({
    address,
    port,
    interfaceName,
    prefixes: [PLANE_PREFIX],
    limits,
    open: (target, client) => planeFile(options, target, client),
    adopt: (fd, bytes) => {
      const socket = new Socket({ fd, allowHalfOpen: true });
      if (sockets.size >= limits.connections) {
        socket.destroy();
        return;
      }
      socket.setNoDelay(true);
      socket.unshift(bytes);
      server.emit('connection', socket);
      socket.resume();
    },
  });
  // It looks after the times of its connections from then on.
  server.emit('listening');
  return {
    address,
    port: door.port,
    get connections() {
      return sockets.size + door.connections;
    },
    close: async ({ drainMs }) => {
      await Promise.all([door.close({ drainMs }), answers.stop(server, sockets, drainMs)]);
    },
  };
}

function listen(server: Server, { address, interfaceName, port }: MachineHttpOptions): Promise<void> {
  const needsZone = interfaceName !== undefined && isIpv6(address) && isLinkLocal(address);
  const host = needsZone ? `${address}%${interfaceName}` : address;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: 1024 }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Keeps one machine from taking all connections there are. */
function limitPerAddress(server: Server, most: number): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  const counts = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    const count = (counts.get(address) ?? 0) + 1;
    if (count > most) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    counts.set(address, count);
    socket.once('close', () => {
      sockets.delete(socket);
      const left = (counts.get(address) ?? 1) - 1;
      if (left === 0) counts.delete(address);
      else counts.set(address, left);
    });
  });
  return sockets;
}

/** Never rejects: what went wrong is reported, and the client told where that can still be. */
async function answer(
  options: MachineHttpOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await onRequest(options, request, response);
  } catch (error) {
    options.report(error instanceof BrokenSource ? 'dropped' : 'failed', error);
    // Half an answer cannot be taken back, so only one that has not begun becomes an error message.
    if (response.headersSent) response.destroy();
    else response.writeHead(500, { 'Content-Length': 0 }).end();
  }
}

async function onRequest(
  options: MachineHttpOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const read = readRequest(request);
  const chosen = 'refusal' in read ? read.refusal : await chooseDoor(options, read.request);
  if ('refusal' in read) options.report('dropped', read.because);
  await sendAnswer(request, response, chosen);
}

type ReadRequest =
  | { readonly request: HttpRequest }
  | { readonly refusal: HttpAnswer; readonly because: unknown };

function readRequest(request: IncomingMessage): ReadRequest {
  const { method, url = '', headers, socket } = request;
  if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') {
    return { refusal: methodNotAllowed('GET, HEAD, POST'), because: new Error(`The method was ${method}`) };
  }
  try {
    return {
      request: {
        method,
        path: parseRequestPath(url),
        query: parseQuery(url),
        clientAddress: endOf(socket.remoteAddress),
        localAddress: endOf(socket.localAddress),
        contentType: headers['content-type'] ?? '',
        readBody: (mostBytes) => readBody(request, mostBytes),
      },
    };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { refusal: plainText(400, error.message), because: error };
  }
}

/** Node writes the zone behind a link-local address. @throws SyntaxError when the connection is gone by now. */
function endOf(address: string | undefined): IpAddress {
  return parseIp((address ?? '').replace(/%.*$/, ''));
}

async function chooseDoor(options: MachineHttpOptions, request: HttpRequest): Promise<HttpAnswer> {
  const [door = ''] = request.path.parts;
  // Whatever comes to the doors that give no programs is asked for by one that runs.
  if (door !== BOOT_DOOR && door !== 'images')
    options.programs.asked(request.clientAddress, request.path.parts.join('/'));
  switch (door) {
    case BOOT_DOOR:
      return await answerBoot(options, request);
    case 'images':
      return await answerImages(options, request);
    case MEDIA_DOOR:
      return await answerMedia(options, request);
    case MIRROR_DOOR:
      return await answerMirrors(options, request);
    case DISCOVERIES_DOOR:
      return await answerDiscoveries(options, request);
    case 'installs':
      return await answerInstalls(options, request);
    case 'healthz':
      return request.method === 'POST' ? methodNotAllowed('GET, HEAD') : plainText(200, 'ok');
    default:
      return plainText(404, 'Not found: machines find images below /images/ here');
  }
}
