import type { FilterStep } from './sockaddr.ts';

/** Instructions of socket filters (Documentation/networking/filter.rst). */
const LOAD_WORD = 0x20;
const JUMP_IF_EQUAL = 0x15;
const RETURN = 0x06;
/** SKF_AD_OFF: from here on stands what the kernel knows of a frame (linux/filter.h). */
const KNOWN_OF_FRAME = 0xffff_f000;
const PACKET_TYPE = KNOWN_OF_FRAME + 4;
const INTERFACE_INDEX = KNOWN_OF_FRAME + 8;
/** PACKET_OTHERHOST of packet(7). */
const OTHER_HOST = 3;
const NOTHING = 0;
export const WHOLE_FRAME = 0xffff;

/**
 * Frames of an interface itself: what is not goes no further, what is goes on to the steps behind these.
 *
 * A packet socket hears more: frames of a virtual LAN come to the interface of the cable without their tag, marked as for
 * another host where that LAN has no interface (seen with Linux 6.18), and else with the number of that one, as those
 * of a macvlan do.
 */
export function framesOf(interfaceIndex: number): readonly FilterStep[] {
  return [
    [LOAD_WORD, 0, 0, PACKET_TYPE],
    [JUMP_IF_EQUAL, 0, 1, OTHER_HOST],
    [RETURN, 0, 0, NOTHING],
    [LOAD_WORD, 0, 0, INTERFACE_INDEX],
    [JUMP_IF_EQUAL, 1, 0, interfaceIndex],
    [RETURN, 0, 0, NOTHING],
  ];
}

/** For those who want every frame that is left. */
export const ALL_FRAMES: FilterStep = [RETURN, 0, 0, WHOLE_FRAME];
