import type { ReactNode } from 'react';
import { PageHeader } from '../../parts/page-header.tsx';

export function MachinesPage(): ReactNode {
  return <PageHeader title="Machines" />;
}
