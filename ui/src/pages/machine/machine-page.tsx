import type { ReactNode } from 'react';
import { PageHeader } from '../../parts/page-header.tsx';

export function MachinePage(): ReactNode {
  return <PageHeader title="Machine" />;
}
