import { type Cpu, firmwareOf } from '../boot/firmware.ts';
import type { StrangerFacts } from '../machines/enrol-rule.ts';
import { portText } from '../network/relay-port-text.ts';
import type { DhcpMessage } from '../../protocols/dhcp/message.ts';
import { relayAgentInformation } from '../../protocols/dhcp/relay-agent.ts';
import type { MacAddress, Uuid } from '../../lib/addresses.ts';
import type { DhcpClient } from './read-client.ts';

/** As `uname -m` says it. */
const KERNEL_WORDS: Readonly<Record<Cpu, string>> = {
  ia32: 'i386',
  x64: 'x86_64',
  arm: 'arm',
  aa64: 'aarch64',
  riscv64: 'riscv64',
  loongarch64: 'loongarch64',
};

/** Which kernels firmware of an architecture starts. */
export function kernelWordOf(architecture: number): string | undefined {
  const cpu = firmwareOf(architecture)?.cpu;
  return cpu && KERNEL_WORDS[cpu];
}

export interface AskingStranger extends StrangerFacts {
  readonly mac: MacAddress;
  readonly uuid?: Uuid | undefined;
}

/**
 * What rules go by, of an unknown machine that boots; undefined where a system asks, or nobody says who. The port is
 * what a relay says (option 82), and nothing that a client could write itself.
 */
export function strangerOf(
  { mac, uuid, architecture, boot }: DhcpClient,
  message: Pick<DhcpMessage, 'giaddr' | 'options'>,
  subnet: string,
): AskingStranger | undefined {
  if (mac === undefined || boot.stage === 'operating system') return undefined;
  // A ROM without option 93 is older than RFC 4578, and those are all BIOS.
  const firmware = firmwareOf(architecture ?? 0);
  const { circuitId, remoteId } = relayAgentInformation(message);
  return {
    mac,
    uuid,
    subnet,
    firmware: firmware?.platform,
    architecture: kernelWordOf(architecture ?? 0),
    circuitId: circuitId && portText(circuitId),
    remoteId: remoteId && portText(remoteId),
  };
}
