import { type ReactNode, useState } from 'react';
import type { ItemOf } from '../../data/client.ts';
import { useChange, useRoute } from '../../data/queries.ts';
import { Choice, Field } from '../../parts/field.tsx';
import { FormModal } from '../../parts/form-modal.tsx';
import { textOf } from '../../parts/form.tsx';
import { LossTick } from '../../parts/loss-tick.tsx';
import { tellDone } from '../../parts/toasts.tsx';
import { useText } from '../../text/language.tsx';
import { TOOL } from './tool-text.ts';

interface ToolDialogProps {
  readonly machine: ItemOf<'listMachines'>;
  readonly close: () => void;
}

/** Chooses what a machine boots once besides an installer; the server says what each does, and why one cannot. */
export function ToolDialog({ machine, close }: ToolDialogProps): ReactNode {
  const text = useText(TOOL);
  const { data } = useRoute('listTools', {});
  const [chosen, choose] = useState('');
  const [isErasing, setErasing] = useState(false);
  const booting = useChange('bootTool', ['listInstalls', 'explainMachine', 'getStatus']);
  const tools = data?.items ?? [];
  const tool = tools.find(({ name }) => name === chosen) ?? tools[0];
  const submit = async (form: FormData): Promise<void> => {
    if (!tool) return;
    const [image, disk] = [textOf(form, 'image'), textOf(form, 'disk')];
    const input = {
      machine: machine.id,
      tool: tool.name,
      ...(image === '' ? {} : { image }),
      ...(disk === '' ? {} : { disk }),
      ...(isErasing ? { confirmErase: true } : {}),
    };
    try {
      await booting.mutateAsync({ input });
      tellDone(text.done(machine.name, tool.name));
      close();
    } catch {
      // What was refused stands in the dialog.
    }
  };
  return (
    <FormModal
      title={text.title(machine.name)}
      lead={text.lead}
      action={text.go}
      isBusy={booting.isPending || !tool}
      problem={booting.error}
      submit={submit}
      close={close}
    >
      <Choice label={text.tool} value={tool?.name ?? ''} onChange={({ target }) => choose(target.value)}>
        {tools.map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </Choice>
      {tool && <ToolFields key={tool.name} tool={tool} isErasing={isErasing} setErasing={setErasing} />}
    </FormModal>
  );
}

interface ToolFieldsProps {
  readonly tool: ItemOf<'listTools'>;
  readonly isErasing: boolean;
  readonly setErasing: (isErasing: boolean) => void;
}

function ToolFields({ tool, isErasing, setErasing }: ToolFieldsProps): ReactNode {
  const text = useText(TOOL);
  const { name, does, images, because } = tool;
  return (
    <>
      <p className="text-dim">{does}</p>
      {because !== undefined && <p className="text-wait">{because}</p>}
      {images.length > 0 && (
        <Choice label={text.image} name="image">
          <option value="">{text.anyImage}</option>
          {images.map((image) => (
            <option key={image} value={image}>
              {image}
            </option>
          ))}
        </Choice>
      )}
      {name === 'wipe' && (
        <>
          <Field label={text.disk} hint={text.diskHint} name="disk" autoCapitalize="none" required />
          <LossTick isTicked={isErasing} tick={setErasing}>
            {text.loss}
          </LossTick>
        </>
      )}
    </>
  );
}
