import { type ReactNode, useState } from 'react';
import { useRoute } from '../../data/queries.ts';
import { NowPage } from '../now/now-page.tsx';
import { FirstStepsPage } from './first-steps-page.tsx';
import { isFresh } from './steps.ts';

/** What happens now; where nothing is set up, what to do first. */
export function StartPage(): ReactNode {
  const [was, decide] = useState<boolean>();
  const { data: status, error } = useRoute('getStatus', {});
  const { data: subnets } = useRoute('listSubnets', {});
  const { data: images } = useRoute('listImages', {});
  const { data: profiles } = useRoute('listProfiles', {});
  const fresh = isFresh({
    subnets: subnets?.items,
    images: images?.items,
    profiles: profiles?.items,
    machines: status?.counts.machines,
  });
  // Decided once: the page does not change under whoever sets up the first thing.
  if (was === undefined && fresh !== undefined) decide(fresh);
  if (was === undefined && !error) return null;
  return was === true ? <FirstStepsPage /> : <NowPage />;
}
