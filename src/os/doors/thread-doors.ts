import type { IpAddress } from '../../lib/addresses.ts';
import type { Libc } from '../libc.ts';
import type { ThreadWorkNeeds } from '../thread-loop.ts';
import type { DoorState, PlainDoorOrder, ServeDoor } from './door-messages.ts';

/** Connections that are accepted in one go. */
const MAX_ACCEPTED = 64;

/** A door as a thread has it. */
export interface ThreadDoor<Serve extends ServeDoor, Connection> {
  readonly id: number;
  readonly serve: Serve;
  readonly connections: Set<Connection>;
  isOpen: boolean;
  /** Connections that were refused and are not told of yet. */
  refused: number;
}

export interface DoorConnection<Serve extends ServeDoor, Connection> {
  readonly fd: number;
  readonly door: ThreadDoor<Serve, Connection>;
  readonly client: IpAddress;
}

/** What one protocol does with connections. */
export interface DoorProtocol<Serve extends ServeDoor, Connection> {
  /** Whether no more connections may come, whatever their address. */
  isFull(door: ThreadDoor<Serve, Connection>): boolean;
  connectionOf(fd: number, door: ThreadDoor<Serve, Connection>, client: IpAddress): Connection;
  /** It is waited for what it sends, and its first request often came along with it. */
  onConnection(connection: Connection): void;
  /** Whether an answer is under way. */
  isBusy(connection: Connection): boolean;
  /** Ends it at once. */
  end(connection: Connection): void;
  /** How many connections there are is another number now, or were refused. */
  onChange(nowMs: number): void;
  /** @param isLast whether no other one is there. */
  onLeft(door: number, isLast: boolean): void;
}

/** The doors of one thread, and which connections came by each. */
export class ThreadDoors<Serve extends ServeDoor, Connection extends DoorConnection<Serve, Connection>> {
  /** By descriptor. */
  readonly connections = new Map<number, Connection>();
  readonly #needs: ThreadWorkNeeds;
  readonly #protocol: DoorProtocol<Serve, Connection>;
  readonly #doors = new Map<number, ThreadDoor<Serve, Connection>>();
  readonly #listeners = new Map<number, ThreadDoor<Serve, Connection>>();
  readonly #byAddress = new Map<IpAddress, number>();

  constructor(needs: ThreadWorkNeeds, protocol: DoorProtocol<Serve, Connection>) {
    this.#needs = needs;
    this.#protocol = protocol;
  }

  obey(order: PlainDoorOrder<Serve>): 'go on' | 'stop' {
    switch (order.do) {
      case 'serve':
        this.#serve(order.door, order.serve);
        break;
      case 'leave':
        this.#leave(order.door);
        break;
      case 'drop':
        for (const connection of this.#doors.get(order.door)?.connections ?? [])
          this.#protocol.end(connection);
        break;
      case 'stop':
        return 'stop';
      default:
        order satisfies never;
    }
    return 'go on';
  }

  /** As they are now; what was refused before is not told again. */
  takeStates(): readonly DoorState[] {
    return [...this.#doors.values()].map((door) => {
      const { id, connections, refused } = door;
      door.refused = 0;
      return { door: id, connections: connections.size, refused };
    });
  }

  /** Takes the connections that wait, where that is the descriptor of a door. */
  accept(fd: number): void {
    const door = this.#listeners.get(fd);
    if (!door) return;
    for (let count = 0; count < MAX_ACCEPTED; count += 1) {
      const accepted = this.#needs.libc.accept(fd);
      if (accepted === undefined) return;
      this.#take(door, accepted);
    }
  }

  /** It has ended, or is somebody else's; the descriptor is the caller's to close. */
  forget(connection: Connection): void {
    const { fd, door, client } = connection;
    this.connections.delete(fd);
    this.#needs.descriptors.gone(fd);
    this.#protocol.onChange(this.#needs.nowMs());
    door.connections.delete(connection);
    const left = (this.#byAddress.get(client) ?? 1) - 1;
    if (left === 0) this.#byAddress.delete(client);
    else this.#byAddress.set(client, left);
    if (!door.isOpen && door.connections.size === 0) this.#left(door);
  }

  #serve(id: number, serve: Serve): void {
    const door = { id, serve, connections: new Set<Connection>(), isOpen: true, refused: 0 };
    this.#doors.set(id, door);
    this.#listeners.set(serve.listenerFd, door);
    this.#needs.poll.add(serve.listenerFd, 'a connection');
  }

  #leave(id: number): void {
    const door = this.#doors.get(id);
    if (!door?.isOpen) return;
    door.isOpen = false;
    this.#listeners.delete(door.serve.listenerFd);
    this.#needs.poll.remove(door.serve.listenerFd);
    for (const connection of door.connections)
      if (!this.#protocol.isBusy(connection)) this.#protocol.end(connection);
    if (door.connections.size === 0) this.#left(door);
  }

  #take(door: ThreadDoor<Serve, Connection>, { fd, address }: NonNullable<ReturnType<Libc['accept']>>): void {
    const { libc, poll, descriptors, nowMs } = this.#needs;
    const ofAddress = address === undefined ? 0 : (this.#byAddress.get(address) ?? 0);
    const isOver = ofAddress >= door.serve.limits.connectionsPerAddress || this.#protocol.isFull(door);
    if (address === undefined || isOver) {
      door.refused += 1;
      this.#protocol.onChange(nowMs());
      libc.close(fd);
      return;
    }
    this.#byAddress.set(address, ofAddress + 1);
    libc.setSocketOption(fd, 'TCP_NODELAY', 1);
    const connection = this.#protocol.connectionOf(fd, door, address);
    this.connections.set(fd, connection);
    descriptors.opened(fd);
    this.#protocol.onChange(nowMs());
    door.connections.add(connection);
    poll.add(fd, 'read');
    this.#protocol.onConnection(connection);
  }

  #left(door: ThreadDoor<Serve, Connection>): void {
    if (!this.#doors.delete(door.id)) return;
    this.#protocol.onLeft(door.id, this.#doors.size === 0);
  }
}
