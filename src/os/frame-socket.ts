import type { MacAddress } from '../lib/addresses.ts';
import { closeElsewhere } from './close-elsewhere.ts';
import type { Libc } from './libc.ts';
import { framesOf } from './own-frames.ts';
import type { FilterStep } from './sockaddr.ts';

export interface FrameSocketOptions {
  readonly libc: Libc;
  readonly interfaceIndex: number;
  readonly etherType: number;
  /** Other frames neither wait at the socket nor take room there. */
  readonly filter: readonly FilterStep[];
  /** Multicast addresses that the card is to let in. */
  readonly groups: readonly MacAddress[];
}

/**
 * Whole Ethernet frames of one kind on one interface, whatever protocols the interface has (packet(7)); none of virtual
 * LANs on the same cable.
 */
export interface FrameSocket {
  send(destination: MacAddress, frame: Uint8Array): void;
  /** The next frame that waits, read into the buffer; undefined where none does. */
  receive(buffer: Uint8Array): Uint8Array | undefined;
  close(): Promise<void>;
}

/** @throws SystemCallError with EPERM where CAP_NET_RAW is missing, and ENODEV where the interface is gone. */
export function openFrameSocket(options: FrameSocketOptions): FrameSocket {
  const { libc, interfaceIndex, etherType, filter, groups } = options;
  const fd = libc.socket('packet');
  try {
    // Before it is bound, so that nothing comes in that the filter would keep out.
    libc.attachFilter(fd, [...framesOf(interfaceIndex), ...filter]);
    libc.bindFrames(fd, interfaceIndex, etherType);
    for (const group of groups) libc.joinFrames(fd, interfaceIndex, group);
  } catch (error) {
    libc.close(fd);
    throw error;
  }
  return {
    send: (destination, frame) => libc.sendFrame(fd, interfaceIndex, destination, frame),
    receive: (buffer) => libc.receive(fd, buffer),
    close: () => closeElsewhere(fd),
  };
}
