import type { IpAddress } from '../../lib/addresses.ts';
import { hostOf } from './host-address.ts';
import type { FtpPlane } from './plane.ts';
import type { PlaneLink } from './plane-link.ts';
import type { PortRange } from './port-range.ts';
import type { DataWay, Listened } from './session-action.ts';
import {
  afterMs,
  connectTcp,
  type Endpoint,
  openPassivePort,
  type PassivePort,
  type TcpConnection,
} from './socket.ts';

/** A data connection that was made before its client left may still be on its way to us. */
const LEFT_WAIT_MS = 1000;

export interface DataChannelOptions {
  readonly client: IpAddress;
  /** That of the control connection; data never comes from another. */
  readonly localAddress: IpAddress;
  readonly interfaceName: string | undefined;
  readonly range: PortRange | undefined;
  readonly dataWaitMs: number;
  readonly plane: FtpPlane | undefined;
  readonly onForeign: (from: IpAddress | undefined) => void;
  readonly onFault: (error: unknown) => void;
}

export type DataConnected =
  | { readonly connected: true; readonly connection: TcpConnection }
  | { readonly connected: false; readonly because: string };

/** The data connection of one session, from the port that is opened for it until a transfer takes it. */
export class DataChannel {
  readonly #options: DataChannelOptions;
  #port: PassivePort | undefined;
  /** The same where a thread has it. */
  #link: PlaneLink | undefined;
  /** It came before anything is to be sent. */
  #arrived: TcpConnection | undefined;
  #onArrived: ((connection: TcpConnection) => void) | undefined;
  #onDropped: (() => void) | undefined;
  #onLeft: (() => void) | undefined;
  #hasLeft = false;
  #isOver = false;

  constructor(options: DataChannelOptions) {
    this.#options = options;
  }

  async listen(): Promise<Listened> {
    this.drop();
    try {
      const link = await this.#listenByThread();
      const port = link ?? (await this.#listenHere());
      this.#port = port;
      this.#link = link;
      if (!this.#isOver) return { listening: true, port: port.port };
      this.drop();
      return { listening: false, because: 'the session is over' };
    } catch (error) {
      this.#options.onFault(error);
      return { listening: false, because: 'no port for data can be had now' };
    }
  }

  #listenByThread(): Promise<PlaneLink | undefined> {
    const { plane, localAddress: address, interfaceName, range, client, onForeign } = this.#options;
    if (plane === undefined) return Promise.resolve(undefined);
    const onConnection = (connection: TcpConnection): void => this.#onConnection(connection);
    return plane.listen({
      address,
      interfaceName,
      range,
      client,
      onConnection,
      onForeign,
      onGone: () => this.#onDropped?.(),
    });
  }

  #listenHere(): Promise<PassivePort> {
    const { localAddress, interfaceName, range, client, onForeign } = this.#options;
    return openPassivePort({
      host: hostOf(localAddress, interfaceName),
      range,
      client,
      onConnection: (connection) => this.#onConnection(connection),
      onForeign: ({ address }) => onForeign(address),
    });
  }

  /**
   * The same as a thread has it, which has the kernel send a file; undefined where `connect` is the way.
   *
   * @returns the link, and how long it may wait for its connection.
   */
  takeLink(way: DataWay): { readonly link: PlaneLink; readonly waitMs: number } | undefined {
    const link = way.by === 'client' ? this.#takePort() : this.#reachByThread(way.target);
    if (link === undefined) return undefined;
    this.#onLeft = () => link.wait(LEFT_WAIT_MS);
    return { link, waitMs: this.#waitMs };
  }

  #takePort(): PlaneLink | undefined {
    const link = this.#link;
    if (link) [this.#port, this.#link] = [undefined, undefined];
    return link;
  }

  #reachByThread(target: Endpoint): PlaneLink | undefined {
    const { plane, localAddress, interfaceName } = this.#options;
    return plane?.reach(target, localAddress, interfaceName);
  }

  get #waitMs(): number {
    return this.#hasLeft ? LEFT_WAIT_MS : this.#options.dataWaitMs;
  }

  /** The connection over which something is to be sent; it is the caller's from then on. */
  connect(way: DataWay): Promise<DataConnected> {
    return way.by === 'server' ? this.#reach(way.target) : this.#await();
  }

  /** Closes what was opened for the next transfer; whoever waits for it hears that. */
  drop(): void {
    this.#port?.close();
    [this.#port, this.#link] = [undefined, undefined];
    this.#arrived?.destroy();
    this.#arrived = undefined;
    this.#onDropped?.();
  }

  /** The client ended its side of the control connection: most likely it is not there any more. */
  clientLeft(): void {
    this.#hasLeft = true;
    this.#onLeft?.();
  }

  /** Nothing is opened any more. */
  end(): void {
    this.#isOver = true;
    this.drop();
  }

  #onConnection(connection: TcpConnection): void {
    [this.#port, this.#link] = [undefined, undefined];
    connection.ignoreInput();
    if (this.#isOver) connection.destroy();
    else if (this.#onArrived) this.#onArrived(connection);
    else this.#arrived = connection;
  }

  #await(): Promise<DataConnected> {
    const arrived = this.#arrived;
    this.#arrived = undefined;
    if (arrived) return Promise.resolve({ connected: true, connection: arrived });
    return new Promise((resolve) => {
      const done = (connected: DataConnected): void => {
        cancel();
        this.#onArrived = undefined;
        this.#onDropped = undefined;
        this.#onLeft = undefined;
        resolve(connected);
      };
      const wait = (ms: number): (() => void) =>
        afterMs(ms, () => {
          done({ connected: false, because: `no data connection came within ${Math.round(ms / 1000)} s` });
          this.drop();
        });
      let cancel = wait(this.#waitMs);
      this.#onArrived = (connection) => done({ connected: true, connection });
      this.#onDropped = () => done({ connected: false, because: 'the data connection was given up' });
      this.#onLeft = () => {
        cancel();
        cancel = wait(LEFT_WAIT_MS);
      };
      this.#link?.handOver();
    });
  }

  async #reach({ address, port }: Endpoint): Promise<DataConnected> {
    const { localAddress, interfaceName, dataWaitMs } = this.#options;
    try {
      const to = { host: hostOf(address, interfaceName), port };
      const connection = await connectTcp(to, hostOf(localAddress, interfaceName), dataWaitMs);
      connection.ignoreInput();
      return { connected: true, connection };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { connected: false, because: `no data connection to port ${port} can be made (${why})` };
    }
  }
}
