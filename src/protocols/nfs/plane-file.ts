import { type ByteSource, type Extent, placeOf } from '../../lib/byte-source.ts';
import { writePostOp } from './attributes.ts';
import type { Place } from './exports.ts';
import type { NfsContext } from './nfs-context.ts';
import { argsOfRead } from './nfs3.ts';
import { findPlace } from './nfs3-answers.ts';
import { decodeCall, type RpcPeer } from './rpc.ts';
import { XdrWriter } from './xdr.ts';

/** A file that the kernel can send. */
export interface PlaneFile {
  readonly place: Place;
  /** Whoever has this closes it. */
  readonly source: ByteSource;
  readonly descriptor: number;
  /** Where its bytes are there, in order. */
  readonly extents: readonly Extent[];
  /** `post_op_attr` as each READ tells it. */
  readonly attributes: Uint8Array;
}

/**
 * The file that a READ is of, opened; undefined for other calls, for what has an error to be told, and for a file that the
 * kernel has not as it is: then the answer is worked out as over UDP.
 */
export async function openPlaneFile(
  call: Uint8Array,
  peer: RpcPeer,
  contextOf: (caller: RpcPeer & { readonly machineName: string }) => NfsContext,
): Promise<PlaneFile | undefined> {
  const decoded = decodeCall(call);
  const args = decoded.is === 'call' ? argsOfRead(decoded.call) : undefined;
  if (args === undefined) return undefined;
  const found = await findPlace(args.handle, contextOf({ ...peer, machineName: '' }));
  if (!found.ok || found.good.node.kind !== 'file') return undefined;
  const place = found.good;
  const source = await place.export.tree.open(place.node);
  const where = placeOf(source);
  // Replaced since it was looked at: the attributes would be those of another file.
  if (where === undefined || source.size !== place.node.size) {
    await source.close();
    return undefined;
  }
  const attributes = new XdrWriter();
  writePostOp(attributes, place);
  const [bytes = new Uint8Array(0)] = attributes.finish().pieces;
  const { file, extents } = where;
  return { place, source, descriptor: file.descriptor, extents, attributes: bytes.slice() };
}
