import { AnswerPreview } from '../services/answers/answer-preview.ts';
import { SnippetService } from '../services/answers/snippet-service.ts';
import { VariablesNotTold } from '../services/answers/variables-not-told.ts';
import { ExplainService } from '../services/boot/explain-service.ts';
import { LeaseService } from '../services/dhcp/lease-service.ts';
import { GroupService } from '../services/machines/group-service.ts';
import { MachineChanges } from '../services/machines/machine-changes.ts';
import { MachineImports } from '../services/machines/machine-imports.ts';
import { MachineService } from '../services/machines/machine-service.ts';
import { ProfileService } from '../services/machines/profile-service.ts';
import { ToolService } from '../services/machines/tool-service.ts';
import { AuditService } from '../services/people/audit-service.ts';
import { LoginService } from '../services/people/login-service.ts';
import { OidcService } from '../services/people/oidc-service.ts';
import { UserService } from '../services/people/user-service.ts';
import { RequestKeys } from '../services/requests/request-keys.ts';
import { WhoAsksApi } from '../services/people/who-asks-api.ts';
import { PolicyService } from '../services/policy-service.ts';
import { SiteService } from '../services/site-service.ts';
import { SubnetService } from '../services/subnet-service.ts';
import type { Foundation, Grounded } from './compose.ts';
import { machineHttpOf, randomHex } from './machine-http-of.ts';
import { openIdOf } from './open-id-of.ts';

/** What people use, through the API. */
export function composeForPeople(needs: Grounded, foundation: Foundation) {
  const { stores, clock, events } = needs;
  const { machines, subnets, leases, images, profiles, groups, snippets, policy, site } = stores;
  const { boot, sources, loaders, answerWorker, mirrors, facts: seenFacts } = foundation;
  const machineHttp = machineHttpOf(needs);
  const hashPassword = answerWorker.hash;
  const profileService = new ProfileService({ ...stores, ...foundation, machineHttp, hashPassword });
  const found = new MachineService({ machines, clock, sources, randomHex, hashPassword });
  const groupService = new GroupService({ groups, machines, profiles, hashPassword });
  const snippetService = new SnippetService({ snippets, renderTemplate: answerWorker.render });
  const notTold = new VariablesNotTold({ profiles, images, groups });
  return {
    people: composeLogins(needs),
    requestKeys: new RequestKeys({ keys: needs.stores.requestKeys, clock: needs.clock }),
    machines: found,
    machineChanges: new MachineChanges({ machines, found, events, seenFacts, clock, randomHex }),
    machineImports: new MachineImports({ machines, events, sources, clock, randomHex, hashPassword }),
    subnets: new SubnetService({ subnets }),
    leases: new LeaseService({ leases, events, clock }),
    tools: new ToolService({ images, installs: foundation.installs }),
    policy: new PolicyService({ policy, images, profiles }),
    snippets: snippetService,
    profiles: profileService,
    answerPreview: new AnswerPreview({
      installs: stores.installs,
      profiles: profileService,
      lint: answerWorker.lint,
      groups: groupService,
      snippets: snippetService,
      notTold,
    }),
    notTold,
    groups: groupService,
    site: new SiteService({
      site,
      images,
      sources,
      mirrors,
      hooks: foundation.hooks,
      snippets: snippetService,
      events,
      clock,
      randomHex,
    }),
    explain: new ExplainService({
      ...stores,
      profiles: foundation.profilesAndTools,
      boot,
      events,
      sources,
      loaders,
      machineHttp,
      clock,
    }),
  };
}

/** Who may log in, who asks, and who did what. */
function composeLogins({ stores: { people, audit }, settings, clock, localSecret }: Grounded) {
  const logins = new LoginService({ people, clock });
  const provider = openIdOf(settings);
  return {
    logins,
    ...(provider === undefined ? {} : { oidc: new OidcService({ ...provider, people, logins, clock }) }),
    users: new UserService({ people, clock, randomHex }),
    audit: new AuditService({ audit, clock }),
    whoAsks: new WhoAsksApi({ people, clock, login: settings['api.login'], localSecret }),
  };
}
