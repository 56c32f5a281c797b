import { type ReactNode, useId, useState } from 'react';
import { useChange, useRoute } from '../../data/queries.ts';
import { Button } from '../../parts/button.tsx';
import { ErrorState } from '../../parts/error-state.tsx';
import { Choice, Field } from '../../parts/field.tsx';
import { Form, textOf } from '../../parts/form.tsx';
import { LossTick } from '../../parts/loss-tick.tsx';
import { Modal } from '../../parts/modal.tsx';
import { COMMON } from '../../parts/text.ts';
import { tellDone } from '../../parts/toasts.tsx';
import { useFormat, useText } from '../../text/language.tsx';
import { WAVES } from './text.ts';
import { bytesOf } from './wave-numbers.ts';

const AT_ONCE = 8;

/** Which machines, how, and how many at one time; the server asks for the yes where data would be lost. */
export function StartWave({ close }: { readonly close: () => void }): ReactNode {
  const text = useText(WAVES);
  const common = useText(COMMON);
  const formId = useId();
  const [isErasing, setErasing] = useState(false);
  const starting = useChange('addWave', ['listWaves', 'listInstalls', 'getStatus']);
  const holdsData = starting.error?.type === 'holds-data';
  const submit = async (form: FormData): Promise<void> => {
    const name = textOf(form, 'name');
    const input = { ...waveOf(form), ...(isErasing ? { confirmErase: true } : {}) };
    try {
      await starting.mutateAsync({ input });
      tellDone(text.form.done(name));
      close();
    } catch {
      // Shown in the form as the error of `starting`.
    }
  };
  return (
    <Modal
      title={text.start}
      lead={text.lead}
      isOpen
      close={close}
      actions={
        <>
          <Button onClick={close}>{common.cancel}</Button>
          <Button
            look={holdsData ? 'danger' : 'main'}
            type="submit"
            form={formId}
            disabled={starting.isPending || (holdsData && !isErasing)}
          >
            {text.start}
          </Button>
        </>
      }
    >
      <Form id={formId} submit={submit} className="flex flex-col gap-4">
        <WaveFields issueOf={(field) => starting.error?.issues.find(({ path }) => path === field)?.message} />
        {starting.error && <ErrorState problem={starting.error} />}
        {holdsData && (
          <LossTick isTicked={isErasing} tick={setErasing}>
            {text.form.erase}
          </LossTick>
        )}
      </Form>
    </Modal>
  );
}

function WaveFields({ issueOf }: { readonly issueOf: (field: string) => string | undefined }): ReactNode {
  const { form: text, power } = useText(WAVES);
  const [selector, select] = useState('');
  const { data: profiles } = useRoute('listProfiles', {});
  return (
    <>
      <Field label={text.name} hint={text.nameHint} issue={issueOf('name')} name="name" required autoFocus />
      <div>
        <Field
          label={text.selector}
          hint={text.selectorHint}
          issue={issueOf('selector')}
          name="selector"
          value={selector}
          onChange={({ target }) => select(target.value)}
          required
        />
        <ChosenCount selector={selector.trim()} />
      </div>
      <Choice label={text.profile} name="profile" required>
        {profiles?.items.map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
      </Choice>
      {profiles?.items.length === 0 && <p className="text-dim">{text.noProfile}</p>}
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label={text.atOnce}
          name="atOnce"
          type="number"
          min={1}
          max={1000}
          defaultValue={AT_ONCE}
          required
        />
        <Field label={text.rate} hint={text.rateHint} name="rate" inputMode="decimal" />
      </div>
      <Choice label={text.power} name="power">
        <option value="none">{power.none}</option>
        <option value="on">{power.on}</option>
      </Choice>
    </>
  );
}

/** How many machines the labels choose, while they are typed. */
function ChosenCount({ selector }: { readonly selector: string }): ReactNode {
  const { form: text } = useText(WAVES);
  const format = useFormat();
  const { data, error } = useRoute('listMachines', { query: { selector } }, { enabled: selector !== '' });
  if (selector === '') return null;
  return (
    <p aria-live="polite" className={`mt-1 text-sm ${error ? 'text-bad' : 'font-medium'}`}>
      {error ? error.message : data && text.chosen(format.number(data.items.length))}
    </p>
  );
}

/** What was filled in, as the API takes it. */
function waveOf(form: FormData) {
  const bytesPerSecond = bytesOf(textOf(form, 'rate'));
  return {
    name: textOf(form, 'name'),
    profile: textOf(form, 'profile'),
    selector: textOf(form, 'selector'),
    power: textOf(form, 'power') === 'on' ? ('on' as const) : ('none' as const),
    budget: {
      machines: Number(textOf(form, 'atOnce')),
      ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }),
    },
  };
}
