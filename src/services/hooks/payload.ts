import type { TimelineEvent } from '../../core/events/timeline-event.ts';
import type { Machine } from '../../core/machines/machine.ts';

/** Names one delivery for good: who gets it twice after a crash knows it by this. */
export function deliveryId(hook: string, eventId: number): string {
  return `${hook}.${eventId}`;
}

/** The event as the API tells it, on one line. Without an install's token, should a path in it hold one. */
export function payloadOf(hook: string, event: TimelineEvent, machine: Machine | undefined): string {
  const { id, atMs, kind, text, because, machineId, mac, installId, data } = event;
  const told = {
    id,
    at: new Date(atMs).toISOString(),
    kind,
    text,
    because,
    machine: machine?.name,
    machineId,
    mac,
    installId,
    data,
  };
  return withoutTokens(JSON.stringify({ hook, delivery: deliveryId(hook, id), event: told }));
}

/**
 * Events hold no secret, and doors leave the tokens of installs out of them (src/servers/ftp.ts). Whatever a machine
 * asks for by a path of its own making goes out of this house only so.
 */
export function withoutTokens(text: string): string {
  return text.replaceAll(/(installs\/)[\da-f]{32}/gi, '$1…');
}
