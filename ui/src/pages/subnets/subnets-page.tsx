import { type ReactNode, useState } from 'react';
import { useAllPages } from '../../data/all-pages.ts';
import { type Answer, ask } from '../../data/client.ts';
import { useChange, useRoute } from '../../data/queries.ts';
import { useMay } from '../../data/session.tsx';
import { Button } from '../../parts/button.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Fact, Facts } from '../../parts/facts.tsx';
import { Choice } from '../../parts/field.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Panel } from '../../parts/panel.tsx';
import { tellDone } from '../../parts/toasts.tsx';
import { useText } from '../../text/language.tsx';
import type { Lease } from './lease-search.ts';
import { LeasesPanel } from './leases-panel.tsx';
import { MapPanel } from './map-panel.tsx';
import { SubnetDialog } from './subnet-dialog.tsx';
import { rangesText } from './subnet-input.ts';
import { SUBNETS } from './text.ts';

type Subnet = Answer<'getSubnet'>;
const NO_LEASES: readonly Lease[] = [];

/** The addresses that are handed out: one subnet at a time, with its map and its leases. */
export function SubnetsPage(): ReactNode {
  const text = useText(SUBNETS);
  const mayAdd = useMay('putSubnet');
  const [chosen, choose] = useState('');
  const [isAdding, setAdding] = useState(false);
  const { data, error, refetch } = useRoute('listSubnets', {});
  const subnets = data?.items ?? [];
  const subnet = subnets.find(({ name }) => name === chosen) ?? subnets[0];
  const add = mayAdd && (
    <Button look="main" icon="add" onClick={() => setAdding(true)}>
      {text.add}
    </Button>
  );
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} actions={subnet && add} />
      {error && <ErrorState problem={error} retry={() => void refetch()} />}
      {data && !subnet && (
        <EmptyState
          icon="network"
          title={text.empty.title}
          actions={add}
          command="muster subnet add lab --network 192.168.122.0/24 --range 192.168.122.100-192.168.122.200"
        >
          {text.empty.text}
        </EmptyState>
      )}
      {subnet && (
        <>
          {subnets.length > 1 && (
            <Choice
              label={text.choose}
              className="mb-4 max-w-80"
              value={subnet.name}
              onChange={({ target }) => choose(target.value)}
            >
              {subnets.map(({ name, network }) => (
                <option key={name} value={name}>{`${name} (${network})`}</option>
              ))}
            </Choice>
          )}
          <OneSubnet key={subnet.name} subnet={subnet} />
        </>
      )}
      <SubnetDialog
        isOpen={isAdding}
        close={(saved) => {
          setAdding(false);
          if (saved !== undefined) choose(saved);
        }}
      />
    </>
  );
}

function OneSubnet({ subnet }: { readonly subnet: Subnet }): ReactNode {
  const { name } = subnet;
  const {
    data: leases = NO_LEASES,
    error,
    refetch,
  } = useAllPages('listLeases', name, (place, signal) =>
    ask('listLeases', { query: { subnet: name, ...place } }, signal),
  );
  return (
    <div className="flex flex-1 flex-col gap-4">
      {error && <ErrorState problem={error} retry={() => void refetch()} />}
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <MapPanel subnet={subnet} leases={leases} />
        <SettingsPanel subnet={subnet} />
      </div>
      <LeasesPanel leases={leases} />
    </div>
  );
}

function SettingsPanel({ subnet }: { readonly subnet: Subnet }): ReactNode {
  const text = useText(SUBNETS);
  return (
    <Panel title={subnet.name}>
      <Facts>
        <Fact name={text.facts.network}>{subnet.network}</Fact>
        <Fact name={text.facts.mode}>{text.modes[subnet.mode]}</Fact>
        <Fact name={text.facts.ranges}>{rangesText(subnet.ranges)}</Fact>
        <Fact name={text.facts.routers}>{subnet.routers.join(', ')}</Fact>
        <Fact name={text.facts.dns}>{subnet.dnsServers.join(', ')}</Fact>
        <Fact name={text.facts.domain}>{subnet.domainName}</Fact>
        <Fact name={text.facts.loader}>{subnet.loader}</Fact>
      </Facts>
      <SubnetActions subnet={subnet} />
    </Panel>
  );
}

function SubnetActions({ subnet }: { readonly subnet: Subnet }): ReactNode {
  const text = useText(SUBNETS);
  const [asks, setAsks] = useState<'change' | 'remove'>();
  const mayChange = useMay('putSubnet');
  const removing = useChange('deleteSubnet', ['listSubnets', 'listLeases', 'getStatus']);
  const close = (): void => setAsks(undefined);
  if (!mayChange) return null;
  return (
    <div className="mt-4 flex flex-wrap gap-2">
      <Button icon="edit" onClick={() => setAsks('change')}>
        {text.change}
      </Button>
      <Button icon="remove" look="quiet" onClick={() => setAsks('remove')}>
        {text.remove}
      </Button>
      <SubnetDialog subnet={subnet} isOpen={asks === 'change'} close={close} />
      <Confirm
        title={text.removal.title(subnet.name)}
        action={text.removal.action}
        loss={text.removal.loss}
        isOpen={asks === 'remove'}
        close={close}
        act={async () => {
          await removing.mutateAsync({ params: { name: subnet.name } });
          tellDone(text.removal.done(subnet.name));
        }}
      >
        {text.removal.text}
      </Confirm>
    </div>
  );
}
