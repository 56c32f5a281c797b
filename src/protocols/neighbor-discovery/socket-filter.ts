import { ICMPV6, MessageType } from './router-message.ts';

/**
 * What the kernel does with each IPv6 frame before it waits at a socket (Documentation/networking/filter.rst): only
 * the two router messages pass, so that no other traffic wakes or fills anything.
 */

const LOAD_BYTE = 0x30;
const JUMP_IF_EQUAL = 0x15;
const RETURN = 0x06;
const NEXT_HEADER_OFFSET = 20;
const TYPE_OFFSET = 54;
const WHOLE_FRAME = 0xffff;

/** Code, steps to skip where it is true and where it is false, operand. */
export const ROUTER_MESSAGES: readonly (readonly [number, number, number, number])[] = [
  [LOAD_BYTE, 0, 0, NEXT_HEADER_OFFSET],
  [JUMP_IF_EQUAL, 0, 4, ICMPV6],
  [LOAD_BYTE, 0, 0, TYPE_OFFSET],
  [JUMP_IF_EQUAL, 1, 0, MessageType.routerSolicitation],
  [JUMP_IF_EQUAL, 0, 1, MessageType.routerAdvertisement],
  [RETURN, 0, 0, WHOLE_FRAME],
  [RETURN, 0, 0, 0],
];
