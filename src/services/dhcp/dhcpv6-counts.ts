import { Tally } from '../../lib/tally.ts';
import type { Dhcpv6Packet, MessageTypeName } from '../../protocols/dhcpv6/message.ts';

type Answer<Arrival> = (packet: Dhcpv6Packet, arrival: Arrival) => Promise<Dhcpv6Packet | undefined>;

/** What DHCPv6 did since the start, by message type. */
export class Dhcpv6Counts {
  readonly received = new Tally<MessageTypeName>();
  readonly sent = new Tally<MessageTypeName>();

  /** The same answers, counted. What fails is counted by the door, which reports it. */
  counting<Arrival>(answer: Answer<Arrival>): Answer<Arrival> {
    return async (packet, arrival) => {
      this.received.count(packet.message.type);
      const reply = await answer(packet, arrival);
      if (reply !== undefined) this.sent.count(reply.message.type);
      return reply;
    };
  }
}
