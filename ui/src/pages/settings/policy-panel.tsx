import type { ReactNode } from 'react';
import { useRoute } from '../../data/queries.ts';
import { ErrorState } from '../../parts/error-state.tsx';
import { InstallLimits, ToolsForm, UnknownMachines } from './policy-forms.tsx';
import { EnrolMaximum, EnrolRules } from './enrol-rules.tsx';

/** What holds for every machine, as forms; each is saved by itself. */
export function PolicyPanel(): ReactNode {
  const { data: policy, error, refetch } = useRoute('getPolicy', {});
  if (error) return <ErrorState problem={error} retry={() => void refetch()} />;
  if (!policy) return null;
  return (
    <div className="grid items-start gap-4 xl:grid-cols-2">
      <UnknownMachines policy={policy} />
      <InstallLimits policy={policy} />
      <ToolsForm policy={policy} />
      <EnrolRules policy={policy} />
      <EnrolMaximum policy={policy} />
    </div>
  );
}
