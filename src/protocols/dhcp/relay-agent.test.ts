import { describe, expect, test } from 'vitest';
import { parseIpv4, UNSPECIFIED } from '../../lib/addresses.ts';
import { DhcpOptionsBuilder, Options } from './options.ts';
import { relayAgentInformation, relayPort } from './relay-agent.ts';

const relay = parseIpv4('10.9.0.1');

function fromRelay(...option82: readonly number[]): Parameters<typeof relayAgentInformation>[0] {
  const options = new DhcpOptionsBuilder().set(Options.relayAgent, Uint8Array.from(option82)).build();
  return { giaddr: relay, options };
}

describe('relayAgentInformation', () => {
  test('reads circuit, remote id, link selection and server id override', () => {
    const circuit = [1, 4, 0x65, 0x74, 0x68, 0x30];
    const remote = [2, 2, 0xab, 0xcd];
    const link = [5, 4, 10, 20, 0, 0];
    const server = [11, 4, 10, 20, 0, 1];
    expect(relayAgentInformation(fromRelay(...circuit, ...remote, ...link, ...server))).toEqual({
      circuitId: Uint8Array.from(circuit.slice(2)),
      remoteId: Uint8Array.from(remote.slice(2)),
      linkSelection: '10.20.0.0',
      serverIdOverride: '10.20.0.1',
    });
  });

  test('reads how the message came to the relay, and where the relay wants its answer', () => {
    const port = [19, 0];
    expect(relayAgentInformation(fromRelay(10, 1, 0x80, ...port))).toEqual({
      cameBy: 'unicast',
      usesSourcePort: true,
    });
    expect(relayAgentInformation(fromRelay(10, 1, 0))).toEqual({ cameBy: 'broadcast' });
  });

  test('knows the port also from a switch that is no relay, where it is asked for it alone', () => {
    const request = { ...fromRelay(1, 2, 0, 7, 5, 4, 10, 20, 0, 0), giaddr: UNSPECIFIED };
    expect(relayPort(request)).toEqual({ circuitId: Uint8Array.of(0, 7) });
    expect(relayPort(fromRelay(5, 4, 10, 20, 0, 0))).toBeUndefined();
  });

  for (const [what, request] of [
    ['a message without option 82', { giaddr: relay, options: new DhcpOptionsBuilder().build() }],
    [
      'an option 82 that no relay wrote, since giaddr is zero',
      { ...fromRelay(5, 4, 10, 20, 0, 0), giaddr: UNSPECIFIED },
    ],
    ['a link selection of three bytes', fromRelay(5, 3, 10, 20, 0)],
    ['a link selection of 0.0.0.0', fromRelay(5, 4, 0, 0, 0, 0)],
    ['sub-options Muster has no use for', fromRelay(9, 2, 1, 1, 12, 1, 0)],
  ] as const) {
    test(`gets nothing from ${what}`, () => expect(relayAgentInformation(request)).toEqual({}));
  }

  test('takes the sub-options before one that is cut off', () => {
    expect(relayAgentInformation(fromRelay(5, 4, 10, 20, 0, 0, 11, 4, 10))).toEqual({
      linkSelection: '10.20.0.0',
    });
  });
});
