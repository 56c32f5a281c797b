import type { Probe } from '../protocols/dhcp/probe.ts';
import type { EventLog } from '../services/event-log.ts';
import { describeProbe } from './segments.ts';

/** That Muster runs, and which other DHCP servers it found before it did. */
export function noteStart(
  events: EventLog,
  version: string,
  interfaces: readonly string[],
  probes: ReadonlyMap<string, Probe>,
): void {
  events.note({
    kind: 'server.started',
    text: `Muster ${version} runs`,
    data: { interfaces: interfaces.join(', ') },
  });
  for (const [name, probe] of probes) {
    if (!probe.probed) continue;
    for (const server of probe.servers)
      events.note({
        kind: 'dhcp.foreignServer',
        text: `On ${name} ${describeProbe({ probed: true, servers: [server] })}`,
        data: { interface: name, serverId: server.serverId },
      });
  }
}

/** Nothing is noted after that. */
export async function endEventLog(events: EventLog, version: string): Promise<void> {
  events.note({ kind: 'server.stopped', text: `Muster ${version} stops` });
  await events.settled();
}
