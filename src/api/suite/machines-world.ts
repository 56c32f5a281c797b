import { join } from 'node:path';
import { AnswerPreview } from '../../services/answers/answer-preview.ts';
import { VariablesNotTold } from '../../services/answers/variables-not-told.ts';
import { AnswerService } from '../../services/answers/answer-service.ts';
import { SnippetService } from '../../services/answers/snippet-service.ts';
import { FactService } from '../../services/machines/fact-service.ts';
import { InstallLogs } from '../../services/installs/install-logs.ts';
import { InstallService } from '../../services/installs/install-service.ts';
import { MachineChanges } from '../../services/machines/machine-changes.ts';
import { MachineImports } from '../../services/machines/machine-imports.ts';
import { MachineService } from '../../services/machines/machine-service.ts';
import type { PowerService } from '../../services/power/power-service.ts';
import { ProfileService } from '../../services/machines/profile-service.ts';
import { hashHere } from '../../services/suite/hash-here.ts';
import { WaveService } from '../../services/waves/wave-service.ts';
import { lintAnswer } from '../../core/answers/lint/lint-answer.ts';
import { renderHere } from '../../core/answers/suite/answer-samples.ts';
import { withTools } from '../../services/machines/tool-profiles.ts';
import { ToolService } from '../../services/machines/tool-service.ts';
import type { Stores } from '../../core/stores.ts';
import type { ApiNeeds } from '../api-needs.ts';
import { hookService, powerService } from './power-world.ts';
import { type Ground, MACHINE_HTTP } from './ground-world.ts';

/** Machines, what is installed on them, and how. */

export function composeMachines(stores: Stores, ground: Ground) {
  const { machines, facts } = stores;
  const found = new MachineService({ ...ground, machines, hashPassword: hashHere });
  const seenFacts = new FactService({ ...ground, facts });
  return {
    facts: seenFacts,
    machines: found,
    machineChanges: new MachineChanges({ ...ground, machines, found, seenFacts }),
    machineImports: new MachineImports({ ...ground, machines, hashPassword: hashHere }),
    power: powerService(stores, found, ground),
    hooks: hookService(stores, ground),
  };
}

export function composeProfiles(
  stores: Stores,
  { sources }: Ground,
  { groups }: Pick<ApiNeeds, 'groups'>,
): Pick<ApiNeeds, 'profiles' | 'answerPreview' | 'notTold'> {
  const { profiles, images, installs, policy } = stores;
  const profilesAndTools = withTools(profiles, images, policy);
  const service = new ProfileService({
    profiles,
    profilesAndTools,
    images,
    answers: new AnswerService({ ...stores, profiles: profilesAndTools, renderTemplate: renderHere }),
    sources,
    machineHttp: () => MACHINE_HTTP,
    hashPassword: hashHere,
  });
  const notTold = new VariablesNotTold(stores);
  return {
    profiles: service,
    notTold,
    answerPreview: new AnswerPreview({
      installs,
      profiles: service,
      groups,
      notTold,
      snippets: new SnippetService({ snippets: stores.snippets, renderTemplate: renderHere }),
      lint: (input) => ({ linted: true, findings: lintAnswer(input) }),
    }),
  };
}

export function composeInstalls(
  stores: Stores,
  { events, clock, randomHex }: Ground,
  power: Pick<PowerService, 'objectionTo' | 'objectionToCut'>,
) {
  const { images, policy } = stores;
  const installs = new InstallService({
    ...stores,
    profiles: withTools(stores.profiles, images, policy),
    events,
    clock,
    steadyClock: clock,
    randomHex,
    machineHttp: 'on',
  });
  const waves = new WaveService({
    waves: stores.waves,
    installs,
    events,
    clock,
    changed: () => undefined,
    objectionToPower: (machine) => power.objectionTo(machine),
    objectionToCut: (machine) => power.objectionToCut(machine),
  });
  return { installs, waves, tools: new ToolService({ images, installs }) };
}

export async function openLogs(
  folder: string,
  clock: { nowMs(): number },
  mistakes: unknown[],
): Promise<InstallLogs> {
  const logs = new InstallLogs({
    folder: join(folder, 'data/logs'),
    limits: { installBytes: 2 ** 20, totalBytes: 2 ** 24 },
    isOpen: async () => true,
    clock,
    failed: (error) => void mistakes.push(error),
  });
  await logs.start();
  return logs;
}
