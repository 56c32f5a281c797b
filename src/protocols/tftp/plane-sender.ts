import { type PeerName, SendBatch } from '../../os/datagram-batch.ts';
import type { Libc } from '../../os/libc.ts';
import { DATA_HEADER_BYTES, Opcode, WIRE_BLOCKS } from './packet.ts';
import type { PlaneTransfer } from './plane-transfers.ts';
import type { TransferAction } from './transfer-action.ts';

/** UDP_MAX_SEGMENTS of older kernels; newer ones take 128. */
const MAX_SEGMENTS = 64;
/** A datagram's most: 65,535 less the headers of IPv4 and UDP. */
const MAX_UDP_BYTES = 65_507;
const MESSAGES = 256;
const PARTS = 2048;
/** OACKs and ERRORs, and the four bytes before each block. */
const SMALL_BYTES = 64 * 1024;

type SendAction = Extract<TransferAction, { readonly do: 'send' }>;

/** Puts the packets of transfers together: four bytes of our own, then the file's from where they are. */
export class PlaneSender {
  readonly #batch: SendBatch<PlaneTransfer | undefined>;

  /** @param unsent hears of a packet of a transfer that could not be sent, with the errno. */
  constructor(libc: Libc, unsent: (transfer: PlaneTransfer, errno: number) => void) {
    this.#batch = new SendBatch<PlaneTransfer | undefined>(libc, {
      messages: MESSAGES,
      parts: PARTS,
      smallBytes: SMALL_BYTES,
      unsent: (transfer, errno) => (transfer ? unsent(transfer, errno) : undefined),
    });
  }

  /** An OACK or ERROR. */
  packet(fd: number, to: PeerName, bytes: Uint8Array, transfer: PlaneTransfer | undefined): void {
    this.#batch.begin(fd, 1, bytes.length);
    this.#batch.small(bytes);
    this.#batch.end(to, transfer, 0);
  }

  blocks(transfer: PlaneTransfer, { from, count }: SendAction): void {
    const packetBytes = transfer.blockBytes + DATA_HEADER_BYTES;
    const together = transfer.segments
      ? Math.max(1, Math.min(MAX_SEGMENTS, Math.floor(MAX_UDP_BYTES / packetBytes)))
      : 1;
    const end = from + count;
    for (let block = from; block < end; block += together) {
      this.#message(transfer, block, Math.min(together, end - block), packetBytes);
    }
  }

  /** Sends all that was put together; memory that is in it may be given back from here on. */
  flush(): void {
    this.#batch.flush();
  }

  free(): void {
    this.#batch.free();
  }

  #message(transfer: PlaneTransfer, from: number, count: number, packetBytes: number): void {
    const batch = this.#batch;
    const { blockBytes, sheet } = transfer;
    const segmentBytes = count === 1 ? 0 : packetBytes;
    if (sheet) {
      const at = (from - 1) * packetBytes;
      batch.begin(transfer.door.dataFd, 1, 0);
      batch.part(sheet.address + at, Math.min(count * packetBytes, sheet.bytes - at));
      return batch.end(transfer.peer, transfer, segmentBytes);
    }
    const { address, bytes } = transfer.file;
    batch.begin(transfer.door.dataFd, 2 * count, DATA_HEADER_BYTES * count);
    for (let block = from; block < from + count; block += 1) {
      batch.uint16Pair(Opcode.DATA, block % WIRE_BLOCKS);
      const offset = (block - 1) * blockBytes;
      const length = Math.min(blockBytes, bytes - offset);
      if (length > 0) batch.part(address + offset, length);
    }
    batch.end(transfer.peer, transfer, segmentBytes);
  }
}
