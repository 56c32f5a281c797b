import { join } from 'node:path';
import { isOver } from '../core/install/life.ts';
import { InstallIntake } from '../services/installs/install-intake.ts';
import { InstallLogs } from '../services/installs/install-logs.ts';
import type { InstallService } from '../services/installs/install-service.ts';
import { InstallerWords } from '../services/installs/installer-words.ts';
import { WhoLogs } from '../services/installs/who-logs.ts';
import type { Foundation, Grounded } from './compose.ts';
import { faultData } from './log.ts';

/** What installers say while they work: kept, and read for how far they are. */
export function composeLogs(
  { stores, settings, clock, log }: Grounded,
  { whoAsks, installs: installService }: Pick<Foundation, 'whoAsks' | 'installs'>,
) {
  const { machines, profiles, images, installs } = stores;
  const installHappened: InstallService['happened'] = (id, event, details) =>
    installService.happened(id, event, details);
  const installLogs = new InstallLogs({
    folder: join(settings.dataFolder ?? '/var/lib/muster', 'logs'),
    limits: {
      installBytes: settings['installLogs.installBytes'],
      totalBytes: settings['installLogs.totalBytes'],
    },
    isOpen: async (id) => {
      const install = await installs.byId(id);
      return install !== undefined && !isOver(install.state);
    },
    clock,
    failed: (error) => log.error('The logs of installs could not be written', faultData(error)),
  });
  return {
    installLogs,
    intake: new InstallIntake({
      whoAsks,
      whoLogs: new WhoLogs({ whoAsks, installs, clock }),
      installs,
      machines,
      logs: installLogs,
      words: new InstallerWords({ profiles, images, installHappened }),
      installHappened,
      heard: (id) => installService.heard(id),
      clock,
      failed: (error) => log.error('What an installer said could not be taken', faultData(error)),
    }),
  };
}
