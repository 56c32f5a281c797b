import { type ReactNode, useState } from 'react';
import { useChange } from '../../data/queries.ts';
import { Area, Choice, Field } from '../../parts/field.tsx';
import { FormModal } from '../../parts/form-modal.tsx';
import { exactTextOf, textOf } from '../../parts/form.tsx';
import { COMMON } from '../../parts/text.ts';
import { tellDone } from '../../parts/toasts.tsx';
import { useText } from '../../text/language.tsx';
import {
  type Driver,
  DRIVERS,
  FIELDS_OF,
  type PowerField,
  powerFrom,
  type PowerSettings,
  textIn,
  WANTED,
} from './power-draft.ts';
import { POWER } from './power-text.ts';

interface PowerDialogProps {
  /** Its name. */
  readonly machine: string;
  readonly id: string;
  readonly before: PowerSettings | undefined;
  readonly close: () => void;
}

/** How power is reached; what is refused stands at its field. */
export function PowerDialog({ machine, id, before, close }: PowerDialogProps): ReactNode {
  const text = useText(POWER);
  const common = useText(COMMON);
  const [driver, setDriver] = useState<Driver>(before?.driver ?? 'redfish');
  const setting = useChange('setPower', ['getPower', 'getMachine', 'listMachines', 'listPower']);
  const fields: readonly PowerField[] = FIELDS_OF[driver];
  const submit = async (form: FormData): Promise<void> => {
    const read = (field: PowerField): string =>
      field === 'argv' || field === 'secret' ? exactTextOf(form, field) : textOf(form, field);
    try {
      await setting.mutateAsync({ params: { machine: id }, input: powerFrom(driver, read, before) });
      tellDone(text.done(machine));
      close();
    } catch {
      // What was refused stands in the dialog.
    }
  };
  const issueOf = (field: string): string | undefined =>
    setting.error?.issues.find(({ path }) => path.split(/[.[]/)[0] === field)?.message;
  const isSaidAtField = fields.some((field) => issueOf(field) !== undefined);
  return (
    <FormModal
      title={text.dialogTitle(machine)}
      action={common.save}
      isBusy={setting.isPending}
      problem={isSaidAtField ? undefined : setting.error}
      submit={submit}
      close={close}
    >
      <Choice
        label={text.driver}
        value={driver}
        onChange={({ target }) => setDriver(DRIVERS.find((one) => one === target.value) ?? driver)}
      >
        {DRIVERS.map((one) => (
          <option key={one} value={one}>
            {text.drivers[one]}
          </option>
        ))}
      </Choice>
      {fields.map((field) => (
        <PowerInputField
          key={`${driver} ${field}`}
          field={field}
          issue={issueOf(field)}
          before={textIn(before, driver, field)}
        />
      ))}
    </FormModal>
  );
}

interface PowerInputFieldProps {
  readonly field: PowerField;
  readonly issue: string | undefined;
  readonly before: string;
}

function PowerInputField({ field, issue, before }: PowerInputFieldProps): ReactNode {
  const text = useText(POWER);
  const { label, hint } = text.fields[field];
  const shared = { label, hint, issue, name: field, required: WANTED.has(field), defaultValue: before };
  if (field === 'argv') return <Area {...shared} />;
  return (
    <Field
      {...shared}
      autoCapitalize="none"
      {...(field === 'secret' ? { type: 'password', autoComplete: 'new-password' } : {})}
    />
  );
}
