import type { ReactNode } from 'react';
import type { Answer, ItemOf } from '../../data/client.ts';
import { useRoute } from '../../data/queries.ts';
import { ErrorState } from '../../parts/error-state.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Badge } from '../../parts/status.tsx';
import { useFormat, useText } from '../../text/language.tsx';
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
      <Identity machine={machine} />
      <Panel title={text.title}>
        {error && <ErrorState problem={error} />}
        {data && data.reports.length === 0 && <p className="text-dim">{text.empty}</p>}
        {data && data.reports.length > 0 && <Hardware known={data} />}
      </Panel>
    </div>
  );
}

function Identity({ machine }: { readonly machine: Machine }): ReactNode {
  const { facts: text } = useText(MACHINE);
  const format = useFormat();
  const { macs, uuid, serial, assetTag, port, labels, variables, createdAt } = machine;
  return (
    <Panel title={text.identity}>
      <Facts
        facts={[
          [text.macs, macs.length > 0 && <Mono lines={macs} />],
          [text.uuid, uuid && <Mono lines={[uuid]} />],
          [text.serial, serial],
          [text.assetTag, assetTag],
          [text.port, port && [port.circuitId, port.remoteId].filter(Boolean).join(' · ')],
          [text.labels, <Mono key="labels" lines={pairs(labels)} />],
          [text.variables, <Mono key="variables" lines={pairs(variables)} />],
          [text.known, format.dateTime(createdAt)],
        ]}
      />
    </Panel>
  );
}

function Hardware({ known: { facts, origins } }: { readonly known: Known }): ReactNode {
  const { facts: text } = useText(MACHINE);
  const format = useFormat();
  const from = (fact: string): ReactNode => {
    const origin = origins[fact];
    return (
      origin && <span className="ml-2 text-xs whitespace-nowrap text-dim">{text.from[origin.source]}</span>
    );
  };
  const { cpu, memoryMegabytes, disks, nics, vendor, product, biosVersion, firmware } = facts;
  return (
    <Facts
      facts={[
        [
          text.vendor,
          vendor && (
            <>
              {vendor}
              {from('vendor')}
            </>
          ),
        ],
        [
          text.product,
          product && (
            <>
              {product}
              {from('product')}
            </>
          ),
        ],
        [
          text.cpu,
          cpu && (
            <>
              {cpu.model} {cpu.cores !== undefined && text.cores(format.number(cpu.cores))}
              {from('cpu')}
            </>
          ),
        ],
        [
          text.memory,
          memoryMegabytes !== undefined && (
            <>
              {format.bytes(memoryMegabytes * MEBIBYTE)}
              {from('memoryMegabytes')}
            </>
          ),
        ],
        [
          text.firmware,
          (firmware ?? biosVersion) && (
            <>
              {[firmware, biosVersion].filter(Boolean).join(' · ')}
              {from('firmware')}
            </>
          ),
        ],
        [text.disks, disks && <Disks disks={disks} />],
        [text.nics, nics && <Nics nics={nics} />],
      ]}
    />
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

function Mono({ lines }: { readonly lines: readonly string[] }): ReactNode {
  const { facts: text } = useText(MACHINE);
  if (lines.length === 0) return <span className="text-dim">{text.none}</span>;
  return (
    <ul>
      {lines.map((line) => (
        <li key={line} className="font-mono text-sm break-all">
          {line}
        </li>
      ))}
    </ul>
  );
}

function pairs(record: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(record).map(([key, value]) => (value === '' ? key : `${key}=${value}`));
}
