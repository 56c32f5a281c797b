import { createHmac } from 'node:crypto';
import { parseIpv4 } from '../../../lib/addresses.ts';
import type { FileTree } from '../../../lib/file-tree.ts';
import type { CallDesk } from '../answer-calls.ts';
import { NfsEngine } from '../engine.ts';
import type { Admission, NfsExport, NfsExports } from '../exports.ts';
import type { RpcPeer } from '../rpc.ts';
import { callBytes, MessageReader, type Word } from './rpc-messages.ts';

/** An engine over trees in memory, and calls of it as tests make them. */

export const testMac = (bytes: Uint8Array): Uint8Array =>
  createHmac('sha256', 'of tests').update(bytes).digest();

export const PEER: RpcPeer = {
  address: parseIpv4('192.0.2.7'),
  localAddress: parseIpv4('192.0.2.1'),
  transport: 'tcp',
  nowMs: 1000,
};

/** Exports that a test may add to and take away. */
export class TestExports implements NfsExports {
  readonly all: NfsExport[];
  admission: Admission = { may: true };

  constructor(...all: readonly NfsExport[]) {
    this.all = [...all];
  }

  names(): Promise<readonly string[]> {
    return Promise.resolve(this.all.map(({ name }) => name));
  }

  byName(name: string): Promise<NfsExport | undefined> {
    return Promise.resolve(this.all.find((one) => one.name === name));
  }

  byNumber(number: number): Promise<NfsExport | undefined> {
    return Promise.resolve(this.all.find((one) => one.number === number));
  }

  admits(): Promise<Admission> {
    return Promise.resolve(this.admission);
  }
}

export function exportOf(tree: FileTree, name = '/images/debian', number = 7): NfsExport {
  return { name, number, tree };
}

export class AskedEngine {
  readonly exports: TestExports;
  readonly engine: NfsEngine;
  /** What the layers above were told, one line each. */
  readonly told: string[] = [];
  readonly faults: { readonly what: string; readonly error: unknown }[] = [];
  readonly calls: string[] = [];
  readonly desk: CallDesk<never>;
  peer = PEER;

  constructor(...exports: readonly NfsExport[]) {
    this.exports = new TestExports(...exports);
    this.engine = new NfsEngine({
      exports: this.exports,
      mac: testMac,
      told: {
        mounted: ({ path, client }) => this.told.push(`mounted ${path} by ${client.machineName}`),
        refused: ({ path, because }) => this.told.push(`refused ${path}: ${because}`),
        unmounted: ({ path }) => this.told.push(`unmounted ${path}`),
        read: ({ node, bytes, reads }) => this.told.push(`read ${bytes} of ${node.id} in ${reads}`),
      },
      called: (name) => this.calls.push(name),
      report: (what, error) => this.faults.push({ what, error }),
    });
    this.desk = this.engine.desk('nfs', 'mount') as unknown as CallDesk<never>;
  }

  /** The whole reply as one piece; undefined for silence. */
  async reply(message: Uint8Array): Promise<Uint8Array | undefined> {
    const reply = await this.desk.answer(message, this.peer);
    if (!reply) return undefined;
    const whole = Buffer.concat(reply.pieces);
    reply.sent?.();
    return whole;
  }

  /** The result of a procedure of NFS 3. */
  async nfs(procedure: number, ...args: readonly Word[]): Promise<MessageReader> {
    return await this.#result({ program: 100003, version: 3, procedure }, args);
  }

  async mount(procedure: number, ...args: readonly Word[]): Promise<MessageReader> {
    return await this.#result({ program: 100005, version: 3, procedure }, args);
  }

  /** The handle of a folder that is mounted. */
  async mounted(path: string): Promise<Uint8Array> {
    const result = await this.mount(1, path);
    const status = result.uint32();
    if (status !== 0) throw new Error(`MNT of ${path} came to ${status}`);
    return Uint8Array.from(result.opaque());
  }

  /** The handle of a node, by the names that lead to it. */
  async handle(path: string): Promise<Uint8Array> {
    let handle = await this.mounted('/images/debian');
    for (const name of path.split('/').filter((part) => part !== '')) {
      const result = await this.nfs(3, handle, name);
      const status = result.uint32();
      if (status !== 0) throw new Error(`LOOKUP of ${name} came to ${status}`);
      handle = Uint8Array.from(result.opaque());
    }
    return handle;
  }

  async #result(
    fields: { program: number; version: number; procedure: number },
    args: readonly Word[],
  ): Promise<MessageReader> {
    const reply = await this.reply(callBytes(fields, ...args));
    if (!reply) throw new Error('There was no reply');
    return new MessageReader(reply).result();
  }
}
