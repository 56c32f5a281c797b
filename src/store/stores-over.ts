import type { Stores } from '../core/stores.ts';
import { auditQueries } from './queries/audit.ts';
import { arrivalQueries } from './queries/arrivals.ts';
import { eventQueries } from './queries/events.ts';
import { hookQueries } from './queries/hooks.ts';
import { groupQueries } from './queries/groups.ts';
import { imageQueries } from './queries/images.ts';
import { installQueries } from './queries/installs.ts';
import { leaseRecordQueries } from './queries/lease-records.ts';
import { leaseQueries } from './queries/leases.ts';
import { factQueries } from './queries/machine-facts.ts';
import { machineQueries } from './queries/machines.ts';
import { mirrorQueries } from './queries/mirrors.ts';
import { peopleQueries } from './queries/people.ts';
import { powerQueries } from './queries/power.ts';
import { policyQueries } from './queries/policy.ts';
import { profileQueries } from './queries/profiles.ts';
import { snippetQueries } from './queries/snippets.ts';
import { steadyClockQueries } from './queries/steady-clock.ts';
import { requestKeyQueries } from './queries/request-keys.ts';
import { siteQueries } from './queries/site.ts';
import { subnetQueries } from './queries/subnets.ts';
import { waveQueries } from './queries/waves.ts';
import type { StoreAccess } from './store-access.ts';

/** Every store over one database, whichever it is. */
export function storesOver(access: StoreAccess, close: () => Promise<void>): Stores {
  return {
    machines: machineQueries(access),
    facts: factQueries(access),
    subnets: subnetQueries(access),
    leases: leaseQueries(access),
    leaseRecords: leaseRecordQueries(access),
    images: imageQueries(access),
    arrivals: arrivalQueries(access),
    profiles: profileQueries(access),
    snippets: snippetQueries(access),
    groups: groupQueries(access),
    mirrors: mirrorQueries(access),
    installs: installQueries(access),
    events: eventQueries(access),
    policy: policyQueries(access),
    waves: waveQueries(access),
    steadyReading: steadyClockQueries(access),
    power: powerQueries(access),
    hooks: hookQueries(access),
    site: siteQueries(access),
    people: peopleQueries(access),
    audit: auditQueries(access),
    requestKeys: requestKeyQueries(access),
    close,
  };
}
