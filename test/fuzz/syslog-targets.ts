/** What installers send as their log: messages, and TCP streams of them cut anywhere. */
import type { SeededRandom } from '../../bench/seeded-random.ts';
import { wordsOfFamily } from '../../src/core/progress/installers.ts';
import { ProgressReader } from '../../src/core/progress/progress-reader.ts';
import { decodeMessage } from '../../src/protocols/syslog/message.ts';
import { StreamFrames } from '../../src/protocols/syslog/stream-frames.ts';
import { keptLine, MAX_LINE_LENGTH } from '../../src/services/installs/installer-lines.ts';
import { mutated } from './generated-bytes.ts';
import { must } from './must.ts';

const FAMILIES = ['rhel', 'debian', 'casper', 'suse', 'agama', 'coreos', 'alpine', 'proxmox'];
const LINES = [
  "<30>Nov 27 06:01:02 main-menu[330]: INFO: Menu item 'partman-base' selected\n",
  '<142>Nov  7 06:01:02 localhost anaconda[1837]: packaging: Installing bash-4.2.46.x86_64 (12/298)',
  '<14>INFO     moving (1) to step installpackages\0',
  '<13>1 2026-11-27T06:01:02.123456+00:00 web01 tester 77 ID [a@1 b="c \\] d"][e f="g"] Read disk 1.0 MiB/2.0 MiB (50%)',
  '<30>Nov 27 06:01:02 in-target: 0 upgraded, 99999999999999999999 newly installed',
].map((line) => new TextEncoder().encode(line));
const MOST_BYTES = 300;

export function feedSyslogMessage(random: SeededRandom): void {
  const message = decodeMessage(anyMessage(random));
  must(message.facility >= 0 && message.facility <= 23, 'a facility is one of 24');
  const hint = new ProgressReader(wordsOfFamily(random.pick(FAMILIES) ?? '')).read(message);
  must(hint === undefined || (hint.percent >= 0 && hint.percent <= 100), 'a percent is one');
  const line = keptLine(message, random.below(2 ** 31));
  must(
    line.length <= MAX_LINE_LENGTH && !/(?!\t)\p{Cc}/u.test(line),
    'a kept line is one line without controls',
  );
}

export function feedSyslogStream(random: SeededRandom): void {
  const frames = new StreamFrames(MOST_BYTES, ({ bytes }) =>
    must(bytes.length <= MOST_BYTES, 'a message has its limit'),
  );
  for (let piece = random.below(6); piece >= 0; piece -= 1) {
    const bytes = anyMessage(random);
    const counted = random.chance(0.5) ? Buffer.from(`${bytes.length} `) : Buffer.from('');
    frames.push(Buffer.concat([counted, bytes]));
  }
  frames.end();
}

function anyMessage(random: SeededRandom): Uint8Array {
  if (random.chance(0.1))
    return Uint8Array.from({ length: random.below(9) }, () => random.pick([0, 10, 13]) ?? 0);
  if (random.chance(0.2)) return random.bytes(random.below(500));
  return mutated(random.pick(LINES) ?? new Uint8Array(0), random);
}
