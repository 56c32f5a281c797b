import type { Migration, MigrationProvider } from 'kysely';
import type { ColumnTypes } from '../column-types.ts';
import { firstTables } from './0001-first-tables.ts';
import { subnetRules } from './0002-subnet-rules.ts';
import { leaseClock } from './0003-lease-clock.ts';
import { fewerLeaseIndexes } from './0004-fewer-lease-indexes.ts';
import { loaderWishes } from './0005-loader-wishes.ts';
import { imageFacts } from './0006-image-facts.ts';
import { imageNeeds } from './0007-image-needs.ts';
import { installWays } from './0008-install-ways.ts';
import { packageMirrors } from './0009-package-mirrors.ts';
import { machineLabels } from './0010-machine-labels.ts';
import { machineFacts } from './0011-machine-facts.ts';
import { groups } from './0012-groups.ts';
import { snippets } from './0013-snippets.ts';
import { installTrust } from './0014-install-trust.ts';
import { waves } from './0018-waves.ts';
import { machinePower } from './0016-machine-power.ts';
import { hooks } from './0017-hooks.ts';
import { waveLosses } from './0019-wave-losses.ts';
import { people } from './0020-people.ts';
import { requestKeys } from './0022-request-keys.ts';

/**
 * Every migration by its name, in order. One that was released is never changed: a database that has it would
 * stay as it was.
 */
const MIGRATIONS = {
  '0001-first-tables': firstTables,
  '0002-subnet-rules': subnetRules,
  '0003-lease-clock': leaseClock,
  '0004-fewer-lease-indexes': fewerLeaseIndexes,
  '0005-loader-wishes': loaderWishes,
  '0006-image-facts': imageFacts,
  '0007-image-needs': imageNeeds,
  '0008-install-ways': installWays,
  '0009-package-mirrors': packageMirrors,
  '0010-machine-labels': machineLabels,
  '0011-machine-facts': machineFacts,
  '0012-groups': groups,
  '0013-snippets': snippets,
  '0014-install-trust': installTrust,
  '0018-waves': waves,
  '0016-machine-power': machinePower,
  '0017-hooks': hooks,
  '0019-wave-losses': waveLosses,
  '0020-people': people,
  '0022-request-keys': requestKeys,
} as const satisfies Record<string, (types: ColumnTypes) => Migration>;

export const MIGRATION_NAMES: readonly string[] = Object.keys(MIGRATIONS);

/** A fixed list rather than a folder, so that one bundled file holds them too. */
export function migrationProvider(types: ColumnTypes): MigrationProvider {
  return {
    getMigrations: () =>
      Promise.resolve(
        Object.fromEntries(Object.entries(MIGRATIONS).map(([name, migration]) => [name, migration(types)])),
      ),
  };
}
