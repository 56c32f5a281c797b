import type { ReactNode } from 'react';
import type { ItemOf } from '../../data/client.ts';
import { useRoute } from '../../data/queries.ts';
import { ErrorState } from '../../parts/error-state.tsx';
import { Fact, Facts } from '../../parts/facts.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useText } from '../../text/language.tsx';
import { MACHINE } from './text.ts';

/** The decision, with its reasons, as the server would take it now; asking changes nothing. */
export function BootsPanel({ machine }: { readonly machine: ItemOf<'listMachines'> }): ReactNode {
  const { boots: text } = useText(MACHINE);
  const { data, error, refetch } = useRoute('explainMachine', { params: { machine: machine.id } });
  if (error) return <ErrorState problem={error} retry={() => void refetch()} />;
  if (!data) return <Panel title={text.title}>{null}</Panel>;
  const { boots, firmware, lease } = data;
  return (
    <Panel title={text.title}>
      <p className="text-lg font-semibold">{text.words[boots.boot]}</p>
      <p className="mt-1 text-dim">{boots.because}</p>
      <div className="mt-4 border-t pt-4">
        <Facts>
          <Fact name={text.profile}>{boots.profile}</Fact>
          <Fact name={text.source}>
            {boots.source && (boots.source.protocol?.toUpperCase() ?? boots.source.because)}
          </Fact>
          <Fact name={text.lease}>{lease && <code className="font-mono text-sm">{lease.address}</code>}</Fact>
          <Fact name={text.loader}>
            {firmware.file && <code className="font-mono text-sm break-all">{firmware.file}</code>}
          </Fact>
          <Fact name={text.firmware}>
            {firmware.name} <span className="text-dim">({text[firmware.from]})</span>
            <br />
            <span className="text-sm text-dim">{firmware.because}</span>
          </Fact>
        </Facts>
      </div>
    </Panel>
  );
}
