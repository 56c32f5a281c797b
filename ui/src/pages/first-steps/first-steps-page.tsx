import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useRoute } from '../../data/queries.ts';
import { buttonClass } from '../../parts/button.tsx';
import { Command } from '../../parts/command.tsx';
import { Meter } from '../../parts/meter.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { Badge, type Tone } from '../../parts/status.tsx';
import { NAVIGATION } from '../../shell/navigation.ts';
import { useFormat, useText } from '../../text/language.tsx';
import { missingLoaders, type Step, type StepId, stepsOf } from './steps.ts';
import { FIRST_STEPS } from './text.ts';

const TONES: Readonly<Record<Step['state'], Tone>> = { done: 'good', missing: 'wait', unknown: 'idle' };
/** Where each is done. A page that is not in the sidebar is not linked. */
const PLACES: Readonly<Record<StepId, string>> = {
  user: '/users',
  subnet: '/subnets',
  loaders: '',
  image: '/images',
  profile: '/profiles',
  machine: '/machines',
  install: '/machines',
};
const COMMANDS: Readonly<Record<StepId, string>> = {
  user: 'muster user add NAME --role admin',
  subnet: 'muster subnet add lab --network 192.168.122.0/24 --range 192.168.122.100-192.168.122.200',
  loaders: 'muster loaders install',
  image: 'muster image add debian-13.iso',
  profile: 'muster profile set office --image debian-13',
  machine: 'muster machine add web01 --mac 52:54:00:12:34:56',
  install: 'muster install web01 --profile office',
};

/** What is missing until a machine installs itself, and where each thing is done. */
export function FirstStepsPage(): ReactNode {
  const text = useText(FIRST_STEPS);
  const format = useFormat();
  const { data: loaders } = useRoute('listLoaders', {});
  const steps = useSteps();
  const done = steps.filter(({ state }) => state === 'done').length;
  const missing = missingLoaders(loaders?.items ?? []);
  return (
    <>
      <PageHeader
        title={text.title}
        lead={done === steps.length ? text.allDone : text.lead}
        actions={
          <div className="flex w-56 items-center gap-3">
            <Meter
              percent={(done / steps.length) * 100}
              label={text.title}
              tone={done === steps.length ? 'good' : 'busy'}
            />
            <span className="text-sm whitespace-nowrap text-dim">
              {text.progress(format.number(done), format.number(steps.length))}
            </span>
          </div>
        }
      />
      <ol className="flex max-w-4xl flex-col gap-3">
        {steps.map((step, at) => (
          <StepRow key={step.id} step={step} number={format.number(at + 1)}>
            {step.id === 'loaders' &&
              missing.length > 0 &&
              text.needs(format.list(missing.map(({ name }) => name)))}
          </StepRow>
        ))}
      </ol>
    </>
  );
}

function useSteps(): readonly Step[] {
  const { data: session } = useRoute('getSession', {});
  const { data: subnets } = useRoute('listSubnets', {});
  const { data: loaders } = useRoute('listLoaders', {});
  const { data: images } = useRoute('listImages', {});
  const { data: profiles } = useRoute('listProfiles', {});
  const { data: status } = useRoute('getStatus', {});
  const { data: installs } = useRoute('listInstalls', { query: { limit: 1 } });
  return stepsOf({
    session,
    subnets: subnets?.items,
    loaders: loaders?.items,
    images: images?.items,
    profiles: profiles?.items,
    machines: status?.counts.machines,
    installs: installs?.items,
  });
}

interface StepRowProps {
  readonly step: Step;
  readonly number: string;
  readonly children: ReactNode;
}

function StepRow({ step: { id, state }, number, children }: StepRowProps): ReactNode {
  const text = useText(FIRST_STEPS);
  const place = NAVIGATION.find(({ to }) => to === PLACES[id]);
  return (
    <li className="flex flex-wrap items-start gap-4 rounded-lg border bg-panel p-4">
      <span aria-hidden="true" className="w-5 pt-0.5 text-right font-semibold text-dim tabular-nums">
        {number}
      </span>
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-center gap-3">
          <h2 className="font-semibold">{text.steps[id].title}</h2>
          <Badge tone={TONES[state]}>{text.states[state]}</Badge>
        </div>
        <p className="mt-1 max-w-prose text-dim">{text.steps[id].text}</p>
        {children && <p className="mt-1 break-words">{children}</p>}
        {state !== 'done' && (
          <div className="mt-2.5">
            <Command>{COMMANDS[id]}</Command>
          </div>
        )}
      </div>
      {place && (
        <Link to={place.to} className={buttonClass(state === 'missing' ? 'main' : 'plain')}>
          {text.open}
        </Link>
      )}
    </li>
  );
}
