import type { ReactNode } from 'react';
import type { Answer, ItemOf } from '../../data/client.ts';
import { useRoute } from '../../data/queries.ts';
import { ErrorState } from '../../parts/error-state.tsx';
import { Fact, Facts } from '../../parts/facts.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Badge } from '../../parts/status.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { IdentityPanel } from './identity-panel.tsx';
import { PowerPanel } from './power-panel.tsx';
import { MACHINE } from './text.ts';

type Machine = ItemOf<'listMachines'>;
type Known = Answer<'factsOfMachine'>;

const MEBIBYTE = 1024 ** 2;

/** What is known of a machine: by whom it was set, and what it told of itself. */
export function FactsPanel({ machine }: { readonly machine: Machine }): ReactNode {
  const { facts: text } = useText(MACHINE);
  const { data, error } = useRoute('factsOfMachine', { params: { machine: machine.id } });
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <div className="flex flex-col gap-4">
        <IdentityPanel machine={machine} />
        <PowerPanel machine={machine} />
      </div>
      <Panel title={text.title}>
        {error && <ErrorState problem={error} />}
        {data && data.reports.length === 0 && <p className="text-dim">{text.empty}</p>}
        {data && data.reports.length > 0 && <Hardware known={data} />}
      </Panel>
    </div>
  );
}

function Hardware({ known: { facts, origins } }: { readonly known: Known }): ReactNode {
  const { facts: text } = useText(MACHINE);
  const format = useFormat();
  const { cpu, memoryMegabytes, disks, nics, vendor, product, biosVersion, firmware } = facts;
  const cores = cpu?.cores === undefined ? '' : text.cores(format.number(cpu.cores));
  return (
    <Facts>
      <Fact name={text.vendor}>{vendor && <Said origin={origins['vendor']}>{vendor}</Said>}</Fact>
      <Fact name={text.product}>{product && <Said origin={origins['product']}>{product}</Said>}</Fact>
      <Fact name={text.cpu}>
        {cpu && (
          <Said origin={origins['cpu']}>
            {cpu.model} {cores}
          </Said>
        )}
      </Fact>
      <Fact name={text.memory}>
        {memoryMegabytes !== undefined && (
          <Said origin={origins['memoryMegabytes']}>{format.bytes(memoryMegabytes * MEBIBYTE)}</Said>
        )}
      </Fact>
      <Fact name={text.firmware}>
        {(firmware ?? biosVersion) && (
          <Said origin={origins['firmware']}>{[firmware, biosVersion].filter(Boolean).join(' · ')}</Said>
        )}
      </Fact>
      <Fact name={text.disks}>{disks && <Disks disks={disks} />}</Fact>
      <Fact name={text.nics}>{nics && <Nics nics={nics} />}</Fact>
    </Facts>
  );
}

interface SaidProps {
  readonly origin: Known['origins'][string] | undefined;
  readonly children: ReactNode;
}

/** A fact, and by what it is known. */
function Said({ origin, children }: SaidProps): ReactNode {
  const { facts: text } = useText(MACHINE);
  return (
    <>
      {children}
      {origin && <span className="ml-2 text-xs whitespace-nowrap text-dim">{text.from[origin.source]}</span>}
    </>
  );
}

function Disks({ disks }: { readonly disks: NonNullable<Known['facts']['disks']> }): ReactNode {
  const { facts: text } = useText(MACHINE);
  const format = useFormat();
  return (
    <ul className="flex flex-col gap-2">
      {disks.map(({ name, bytes, model, holdsData, holds }) => (
        <li key={name} className="flex flex-wrap items-center gap-x-2">
          <code className="font-mono text-sm">{name}</code> {format.bytes(bytes)}
          {holdsData !== undefined && (
            <Badge tone={holdsData ? 'wait' : 'idle'}>
              {holdsData ? (holds ?? text.holdsData) : text.blank}
            </Badge>
          )}
          {model !== undefined && <span className="w-full text-sm text-dim">{model}</span>}
        </li>
      ))}
    </ul>
  );
}

function Nics({ nics }: { readonly nics: NonNullable<Known['facts']['nics']> }): ReactNode {
  return (
    <ul className="flex flex-col gap-2">
      {nics.map(({ mac, name, driver, speedMegabits, lldp }) => (
        <li key={mac}>
          <code className="font-mono text-sm">{name}</code> <code className="font-mono text-sm">{mac}</code>
          <span className="block text-sm text-dim">
            {[driver, speedMegabits !== undefined && `${speedMegabits} Mbit/s`, lldp?.system, lldp?.port]
              .filter(Boolean)
              .join(' · ')}
          </span>
        </li>
      ))}
    </ul>
  );
}
