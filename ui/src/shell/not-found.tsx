import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { buttonClass } from '../parts/button.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { useText } from '../text/language.tsx';
import { SHELL } from './text.ts';

export function NotFound(): ReactNode {
  const { notFound } = useText(SHELL);
  return (
    <>
      <PageHeader title={notFound.title} />
      <EmptyState
        icon="search"
        title={notFound.title}
        actions={
          <Link to="/" className={buttonClass('main')}>
            {notFound.back}
          </Link>
        }
      >
        {notFound.detail}
      </EmptyState>
    </>
  );
}
