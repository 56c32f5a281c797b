import { filterProgram, packetMembership, sockaddrLl } from '../sockaddr.ts';
import { check, type ForeignCalls } from './foreign-calls.ts';
import type { Libc } from './libc-types.ts';
import { send } from './socket-calls.ts';

/** packet(7) and socket(7). */
const SOL_SOCKET = 1;
const SO_ATTACH_FILTER = 26;
const SOL_PACKET = 263;
const PACKET_ADD_MEMBERSHIP = 1;
/** BPF_MAXINSNS of the kernel. */
const MAX_FILTER_STEPS = 4096;
const ETHER_TYPE_OFFSET = 12;
const ETHERNET_HEADER_BYTES = 14;

/** Whole Ethernet frames, through packet sockets. */
export function frameCalls(
  calls: ForeignCalls,
): Pick<Libc, 'sendFrame' | 'bindFrames' | 'joinFrames' | 'attachFilter'> {
  return {
    sendFrame(fd, interfaceIndex, destination, frame) {
      const sockaddr = sockaddrLl(interfaceIndex, etherTypeOf(frame), destination);
      send(calls, fd, frame, sockaddr, `send a frame to ${destination}`);
    },
    bindFrames(fd, interfaceIndex, etherType) {
      const sockaddr = sockaddrLl(interfaceIndex, etherType);
      const wish = `hear frames of type 0x${etherType.toString(16)} on interface ${interfaceIndex}`;
      check(calls, calls.bind(fd, sockaddr, sockaddr.length), 'bind', wish);
    },
    joinFrames(fd, interfaceIndex, group) {
      const value = packetMembership(interfaceIndex, group);
      const result = calls.setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, value, value.length);
      check(calls, result, 'setsockopt', `hear frames to ${group} on interface ${interfaceIndex}`);
    },
    attachFilter(fd, steps) {
      if (steps.length === 0 || steps.length > MAX_FILTER_STEPS)
        throw new RangeError(`A filter has 1 to ${MAX_FILTER_STEPS} steps, not ${steps.length}`);
      const value = { len: steps.length, filter: filterProgram(steps) };
      const result = calls.setFilter(fd, SOL_SOCKET, SO_ATTACH_FILTER, value, calls.filterValueBytes);
      check(calls, result, 'setsockopt', `filter what descriptor ${fd} receives`);
    },
  };
}

function etherTypeOf(frame: Uint8Array): number {
  if (frame.length < ETHERNET_HEADER_BYTES)
    throw new RangeError(
      `A frame of ${frame.length} bytes has no Ethernet header, which is ${ETHERNET_HEADER_BYTES}`,
    );
  return new DataView(frame.buffer, frame.byteOffset).getUint16(ETHER_TYPE_OFFSET);
}
