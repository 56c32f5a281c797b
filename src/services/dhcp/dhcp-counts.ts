import { Histogram } from '../../lib/histogram.ts';
import { Tally } from '../../lib/tally.ts';
import type { DhcpMessage } from '../../protocols/dhcp/message.ts';
import { MessageType, Options } from '../../protocols/dhcp/options.ts';

type Answer<Arrival> = (message: DhcpMessage, arrival: Arrival) => Promise<DhcpMessage | undefined>;

/** A fast answer writes nothing; a slow one waits for a disk; after 4 s a PXE ROM has asked again. */
const ANSWER_SECONDS = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 4, 10];
const BOOTP = 'BOOTP';
const UNKNOWN = 'unknown';
/** RFC 2131 has no reply to them. */
const WANT_NO_ANSWER: ReadonlySet<string> = new Set(['DHCPDECLINE', 'DHCPRELEASE']);

/** What DHCP did since the start, by message type. */
export class DhcpCounts {
  readonly received = new Tally();
  readonly sent = new Tally();
  readonly unanswered = new Tally();
  readonly answerSeconds = new Histogram(ANSWER_SECONDS);

  /** The same answers, counted. What fails is counted by the door, which reports it. */
  counting<Arrival>(answer: Answer<Arrival>): Answer<Arrival> {
    return async (message, arrival) => {
      const type = typeOf(message);
      this.received.count(type);
      const beganMs = performance.now();
      const reply = await answer(message, arrival);
      if (reply !== undefined) {
        this.sent.count(typeOf(reply));
        this.answerSeconds.observe((performance.now() - beganMs) / 1000);
      } else if (!WANT_NO_ANSWER.has(type)) {
        this.unanswered.count(type);
      }
      return reply;
    };
  }
}

const TYPE_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(MessageType).map(([name, type]) => [type, name]),
);

function typeOf({ options }: DhcpMessage): string {
  const type = options.get(Options.messageType);
  return type === undefined ? BOOTP : (TYPE_NAMES.get(type) ?? UNKNOWN);
}
