import type { ApiNeeds } from './api-needs.ts';
import type { Handlers } from './handler.ts';
import { ApiProblem } from './problems.ts';
import { readWantedSite } from './read-wanted-site.ts';
import { siteChangeToContract, siteToContract } from './site-to-contract.ts';
import { MAX_SITE_FAULTS } from '../contract/site-schemas.ts';

type SiteRoutes = 'exportSite' | 'applySite';

/** All that is set up, as one thing. */
export function siteHandlers({ site }: ApiNeeds): Pick<Handlers, SiteRoutes> {
  return {
    exportSite: async ({ query: { secrets } }) => siteToContract(await site.contents(), secrets),
    applySite: async ({ input: { site: wanted, prune, dryRun, agreed } }) => {
      const outcome = await site.apply(readWantedSite(wanted), {
        others: prune ? 'go' : 'stay',
        way: dryRun ? 'only tell' : 'do it',
        agreed,
      });
      if (!outcome.done) throw siteProblem(outcome.faults);
      const { changes, unchanged } = outcome.plan;
      return { applied: !dryRun, changes: changes.map(siteChangeToContract), unchanged };
    },
  };
}

/** Nothing was changed; each fault with the part of the site it is about. */
function siteProblem(faults: readonly { readonly path: string; readonly because: string }[]): ApiProblem {
  const told = faults.slice(0, MAX_SITE_FAULTS);
  const [first] = told;
  const more = faults.length === 1 ? '' : `, and ${faults.length - 1} more`;
  const where = first?.path === '' ? '' : `${first?.path}: `;
  return new ApiProblem('bad-configuration', `nothing was changed: ${where}${first?.because}${more}`, {
    issues: told.map(({ path, because }) => ({ path, message: because })),
  });
}
