import type { ReactNode } from 'react';
import { PageHeader } from '../../parts/page-header.tsx';

export function NowPage(): ReactNode {
  return <PageHeader title="Now" />;
}
