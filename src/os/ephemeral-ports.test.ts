import { expect, test } from 'vitest';
import { decodeEphemeralPorts, ephemeralPorts } from './ephemeral-ports.ts';

for (const [what, range, reserved, ports] of [
  ['as Linux has it', '32768\t60999\n', '\n', { first: 32_768, last: 60_999 }],
  ['of one port', '5000 5000', '', { first: 5000, last: 5000 }],
  ['some are kept for others', '32768\t60999\n', '40000-40010\n', undefined],
  ['it is not told', '', '', undefined],
  ['it is upside down', '60999 32768', '', undefined],
  ['it is no range of ports', '0 70000', '', undefined],
] as const)
  test(`the system's own ports: ${what}`, () => expect(decodeEphemeralPorts(range, reserved)).toEqual(ports));

test('the ports of this system, where it tells, lie in order', () => {
  const ports = ephemeralPorts();
  if (ports) expect(ports.first).toBeLessThanOrEqual(ports.last);
});
