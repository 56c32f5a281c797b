import type { FileTree } from '../../lib/file-tree.ts';
import type { IpAddress } from '../../lib/addresses.ts';
import { CommandReader } from './command.ts';
import { DataChannel } from './data-channel.ts';
import { type Listing, listingPages } from './listing.ts';
import { lookUp } from './look-up.ts';
import { encodeReply } from './reply.ts';
import { RunningTransfer, tooLong, whyFailed } from './running-transfer.ts';
import type { FtpClient, FtpLimits, FtpServerOptions } from './server-options.ts';
import type { Found, LookUp, SessionAction, Transfer, TransferEnd } from './session-action.ts';
import { Session } from './session.ts';
import { afterMs, monotonicMs, type TcpConnection, withinMs } from './socket.ts';

/** Replies that the client has not taken; with more, no command is answered until it has. */
const MAX_UNSENT_BYTES = 64 * 1024;
const GREETING = 'FTP server ready; log in as anonymous, everything can be read';

export interface ControlNeeds extends FtpServerOptions {
  readonly allLimits: FtpLimits;
}

/** One control connection: what arrives goes to its session, and what that wants is done. */
export class ControlConnection {
  readonly #connection: TcpConnection;
  readonly #needs: ControlNeeds;
  readonly #tree: FileTree;
  readonly #session: Session;
  readonly #reader = new CommandReader();
  readonly #channel: DataChannel;
  /** Resolves when it is closed and nothing of its transfer is left. */
  readonly over: Promise<void>;
  #resolveOver: () => void = () => undefined;
  #running: RunningTransfer | undefined;
  #cancelIdle: (() => void) | undefined;
  /** The one before, whose client may not have closed its connection yet. */
  #previous: RunningTransfer | undefined;
  #isClosed = false;
  /** The client sends nothing any more; what it sent may not have been looked at yet. */
  #hasEnded = false;
  /** It has asked for nothing more to be read. */
  #isEnding = false;

  constructor(connection: TcpConnection, needs: ControlNeeds) {
    this.#connection = connection;
    this.#needs = needs;
    this.over = new Promise((resolve) => {
      this.#resolveOver = resolve;
    });
    const { remote, local } = connection;
    this.#tree = needs.treeFor?.(remote, local.address) ?? needs.tree;
    const { interfaceName, passive, active = 'allowed', greeting = GREETING, allLimits, plane } = needs;
    this.#session = new Session({
      client: remote.address,
      localAddress: local.address,
      passiveAddress: passive?.address,
      active,
      greeting,
    });
    this.#channel = new DataChannel({
      client: remote.address,
      localAddress: local.address,
      interfaceName,
      range: passive?.range,
      dataWaitMs: allLimits.dataWaitMs,
      plane,
      onForeign: (from) => this.#onForeign(from),
      onFault: (error) => needs.report('failed', error),
    });
    connection.onBytes((bytes) => this.#onBytes(bytes));
    connection.onInputEnd(() => {
      this.#hasEnded = true;
      this.#channel.clientLeft();
      this.#pull();
    });
    connection.onClosed(() => this.#onClosed());
  }

  get client(): FtpClient {
    return this.#connection.remote;
  }

  get isSending(): boolean {
    return this.#running !== undefined;
  }

  start(): void {
    this.#do(this.#session.start());
  }

  /** What is being sent may come to its end. */
  stop(): void {
    this.#do(this.#session.onServerStops());
  }

  destroy(): void {
    this.#connection.destroy();
  }

  #onBytes(bytes: Uint8Array): void {
    // After QUIT nothing is read any more, but what arrives must be taken, or the last reply is lost in a reset.
    if (this.#isEnding) return;
    this.#reader.push(bytes);
    this.#pull();
  }

  /** Hands in commands for as long as the session takes them and the client takes replies. */
  #pull(): void {
    while (this.#mayPull()) {
      const line = this.#reader.next();
      if (line === undefined) {
        if (this.#hasEnded) this.#do(this.#session.onInputEnd());
        break;
      }
      this.#do(this.#session.onLine(line, this.#running?.bytes));
    }
    if (this.#isEnding || this.#mayPull()) this.#connection.resume();
    else this.#connection.pause();
  }

  #mayPull(): boolean {
    return !this.#isClosed && this.#session.takesCommands && this.#connection.unsentBytes <= MAX_UNSENT_BYTES;
  }

  #do(actions: readonly SessionAction[]): void {
    for (const action of actions) this.#doOne(action);
    this.#cancelIdle?.();
    this.#cancelIdle = undefined;
    if (this.#session.isReady && !this.#isClosed) {
      const { idleMs } = this.#needs.allLimits;
      this.#cancelIdle = afterMs(idleMs, () => this.#do(this.#session.onIdle()));
    }
  }

  /** The result of something that was waited for; commands that came meanwhile are answered after it. */
  #doAndPull(actions: readonly SessionAction[]): void {
    this.#do(actions);
    this.#pull();
  }

  #doOne(action: SessionAction): void {
    switch (action.do) {
      case 'reply':
        void this.#reply(encodeReply(action.reply));
        return;
      case 'tell':
        return this.#tell(action);
      case 'look up':
        void this.#lookUp(action.wish).then((found) => this.#doAndPull(this.#session.onFound(found)));
        return;
      case 'read listing':
        void this.#readListing(action.listing).then((text) =>
          this.#doAndPull(this.#session.onListingRead(text)),
        );
        return;
      case 'listen':
        void this.#channel.listen().then((listened) => this.#doAndPull(this.#session.onListening(listened)));
        return;
      case 'drop data':
        return this.#channel.drop();
      case 'transfer':
        void this.#transfer(action.transfer);
        return;
      case 'stop transfer':
        return this.#running?.stop();
      case 'close':
        return this.#end();
      default:
        action satisfies never;
    }
  }

  async #reply(bytes: Uint8Array): Promise<void> {
    const mustWait = this.#connection.unsentBytes > MAX_UNSENT_BYTES;
    if ((await this.#connection.write(bytes)) && mustWait) this.#pull();
  }

  #tell({ command, reply, because }: SessionAction & { readonly do: 'tell' }): void {
    const { verb, argument } = command;
    const localAddress = this.#connection.local.address;
    this.#needs.onRefused({ client: this.client, localAddress, verb, argument, code: reply.code, because });
  }

  #onForeign(from: IpAddress | undefined): void {
    const because = `${from ?? 'somebody'} came to the data port that was opened for ${this.client.address}`;
    this.#needs.onRefused({ client: this.client, localAddress: this.#connection.local.address, because });
  }

  /** Undefined when the tree cannot be read; that has been reported. */
  async #read<Value>(reading: Promise<Value>): Promise<Value | undefined> {
    try {
      const { readMs } = this.#needs.allLimits;
      return await withinMs(reading, readMs, tooLong(readMs));
    } catch (error) {
      this.#needs.report('failed', error);
      return undefined;
    }
  }

  async #lookUp(wish: LookUp): Promise<Found> {
    return (await this.#read(lookUp(this.#tree, wish))) ?? { found: 'fault' };
  }

  /** Its first page. */
  async #readListing(listing: Listing): Promise<string | undefined> {
    const { clock } = this.#needs;
    const page = await this.#read(listingPages(this.#tree, listing, clock.nowMs()).next());
    return page && (page.done ? '' : page.value);
  }

  async #transfer(transfer: Transfer): Promise<void> {
    const startedMs = monotonicMs();
    const { clock, allLimits, report } = this.#needs;
    const running = new RunningTransfer(transfer, {
      tree: this.#tree,
      clock,
      channel: this.#channel,
      limits: allLimits,
      onBegins: () => this.#do(this.#session.onTransferBegins()),
      onFault: (error) => report('failed', error),
    });
    this.#previous?.letGo();
    this.#previous = running;
    this.#running = running;
    if (this.#isClosed) running.stop();
    const end = await running.run();
    this.#running = undefined;
    this.#tellEnd(running, end, monotonicMs() - startedMs);
    this.#doAndPull(this.#session.onTransferEnd(end));
    if (this.#isClosed) this.#resolveOver();
  }

  #tellEnd({ transfer, bytes }: RunningTransfer, end: TransferEnd, milliseconds: number): void {
    const { kind, path } = transfer;
    const offset = transfer.kind === 'file' ? transfer.offset : 0;
    const localAddress = this.#connection.local.address;
    const what = { kind, path, client: this.client, localAddress, bytes, offset, milliseconds };
    if (end.ended === 'sent') this.#needs.onEnd({ ...what, outcome: 'sent' });
    else this.#needs.onEnd({ ...what, outcome: 'failed', because: whyFailed(end, this.#isClosed) });
  }

  #end(): void {
    this.#isEnding = true;
    this.#channel.end();
    this.#connection.breakWhenStalled(this.#needs.allLimits.lingerMs);
    void this.#connection.finish(this.#needs.allLimits.lingerMs);
  }

  #onClosed(): void {
    this.#isClosed = true;
    this.#cancelIdle?.();
    this.#channel.end();
    if (this.#running) this.#running.stop();
    else this.#resolveOver();
  }
}
