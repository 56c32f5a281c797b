import type { EventLog } from '../services/event-log.ts';
import { LeaseNotWritten } from '../services/dhcp/lease-groups.ts';
import type { DhcpReport } from '../protocols/dhcp/dhcp-interface.ts';
import { faultData, type Log } from './log.ts';

/** What the DHCP door tells, as log lines; interfaces that come and go also stand in the timeline. */
export function sayDhcp(log: Log, events: Pick<EventLog, 'note'>): (report: DhcpReport) => void {
  return (report) => {
    switch (report.what) {
      case 'serving': {
        const { interfaceName, localAddress } = report.on;
        events.note({
          kind: 'server.interface',
          text: `DHCP listens on ${interfaceName} at ${localAddress}`,
          ...because(report),
        });
        return log.info(`DHCP listens on ${interfaceName} at ${localAddress}`);
      }
      case 'left':
        events.note({
          kind: 'server.interface',
          text: `DHCP no longer listens on ${report.on.interfaceName} at ${report.on.localAddress}`,
        });
        return log.info(`DHCP no longer listens on ${report.on.interfaceName} at ${report.on.localAddress}`);
      case 'fallback':
        return log.warn(`DHCP on ${report.interfaceName}: ${report.because}`);
      case 'dropped':
        return log.debug(`A datagram of ${report.from.address} is dropped: ${report.because}`, {
          interface: report.interfaceName,
        });
      case 'failed':
        // Told once for all by the lease book, and not for each client that asks meanwhile.
        if (report.error instanceof LeaseNotWritten) return log.debug(report.error.message);
        return log.error(
          `DHCP on ${report.interfaceName} could not ${report.doing}`,
          faultData(report.error),
        );
      default:
        return report satisfies never;
    }
  };
}

function because(report: { readonly because?: string }): { because?: string } {
  return report.because === undefined ? {} : { because: report.because };
}
