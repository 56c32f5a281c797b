import type { Mirror } from '../../core/mirrors/mirror.ts';
import { shownUrl } from '../../core/mirrors/mirror-url.ts';
import type { EventLog } from '../event-log.ts';
import type { MirrorCounts } from './mirror-counts.ts';
import type { Unreachable } from './mirror-reach.ts';

/** What a mirror tells the timeline. No event holds a credential. */
export function mirrorTelling(events: Pick<EventLog, 'note'>, mirror: () => Mirror, counts: MirrorCounts) {
  const data = (): { mirror: string } => ({ mirror: mirror().name });
  const notMeant = (text: string, path: string, because: string): void => {
    counts.mismatches += 1;
    events.note({ kind: 'mirror.mismatch', text, because, data: { ...data(), file: path } });
  };
  return {
    reach: (now: Unreachable | undefined): void => {
      const { name, url } = mirror();
      if (now === undefined) {
        events.note({
          kind: 'mirror.reachable',
          text: `The upstream of mirror ${name} answers again`,
          data: data(),
        });
        return;
      }
      events.note({
        kind: 'mirror.unreachable',
        text: `The upstream of mirror ${name}, ${shownUrl(url)}, cannot be reached; machines get what is kept`,
        because: now.because,
        data: data(),
      });
    },
    mismatch: (path: string, because: string): void => {
      notMeant(
        `The upstream of mirror ${mirror().name} gave another ${path} than its index says`,
        path,
        because,
      );
    },
    damaged: (path: string, because: string): void => {
      notMeant(`${path} of mirror ${mirror().name} was damaged on the disk, and is gone`, path, because);
    },
    changed: (folder: string, indexes: number): void => {
      events.note({
        kind: 'mirror.changed',
        text: `Mirror ${mirror().name} has a new set of indexes in /${folder}`,
        data: { ...data(), folder: `/${folder}`, indexes },
      });
    },
    full: (because: string): void => {
      events.note({
        kind: 'mirror.full',
        text: `Mirror ${mirror().name} has no room for more, and passes files through`,
        because,
        data: data(),
      });
    },
  };
}
