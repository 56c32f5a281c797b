import { useRouter } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';

interface MachineLinkProps {
  readonly name: string;
  readonly className: string;
}

/** To the page of a machine, in lists of thousands: a link of the router works out the whole place each time it is drawn. */
export function MachineLink({ name, className }: MachineLinkProps): ReactNode {
  const router = useRouter();
  const follow = (event: MouseEvent): void => {
    // Anything else is for the browser: a new tab, a new window, to save it.
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    void router.navigate({ to: '/machines/$machine', params: { machine: name } });
  };
  return (
    <a href={`/machines/${encodeURIComponent(name)}`} onClick={follow} className={className}>
      {name}
    </a>
  );
}
