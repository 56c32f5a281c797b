import type { Stores } from '../../core/stores.ts';
import type { Clock } from '../../lib/clock.ts';
import { AuditService } from '../../services/people/audit-service.ts';
import { LoginService } from '../../services/people/login-service.ts';
import { UserService } from '../../services/people/user-service.ts';
import { WhoAsksApi } from '../../services/people/who-asks-api.ts';
import type { PeopleNeeds } from '../api-needs.ts';

/** What this computer's own commands show, where people log in. */
export const LOCAL_SECRET = 'of-this-computer';

export function composePeople(
  { people, audit }: Pick<Stores, 'people' | 'audit'>,
  { clock, randomHex }: { readonly clock: Clock; readonly randomHex: (bytes: number) => string },
  login: 'on' | 'off',
): PeopleNeeds {
  return {
    logins: new LoginService({ people, clock }),
    users: new UserService({ people, clock, randomHex }),
    audit: new AuditService({ audit, clock }),
    whoAsks: new WhoAsksApi({ people, clock, login, localSecret: LOCAL_SECRET }),
  };
}
