import type { z } from 'zod';
import type { BootExplanation } from '../contract/explanation-schemas.ts';
import type { Moment } from '../core/install/install.ts';
import type { MacAddress } from '../lib/addresses.ts';
import type { Explanation } from '../services/boot/explain-service.ts';
import { membershipsToContract } from './group-to-contract.ts';
import { leaseToContract } from './network-to-contract.ts';
import { eventToContract, installToContract, machineToContract } from './to-contract.ts';

type Wire<Schema extends z.ZodType> = z.input<Schema>;

function bootsToContract({
  plan,
  source,
}: Pick<Explanation, 'plan' | 'source'>): Wire<typeof BootExplanation>['boots'] {
  if (plan.boot !== 'installer') return { boot: plan.boot, because: plan.because };
  const { profileLoader: _wish, imageLoaders: _ways, ...rest } = plan;
  return { ...rest, ...(source ? { source: { ...source } } : {}) };
}

export function explanationToContract(
  explanation: Explanation,
  names: { readonly ofMac: ReadonlyMap<MacAddress, string>; readonly ofId: ReadonlyMap<string, string> },
  now: Moment,
): Wire<typeof BootExplanation> {
  const { machine, firmware, lease, install, loader, inherits, decisions } = explanation;
  const { step, ...asker } = firmware;
  return {
    ...(machine ? { machine: machineToContract(machine) } : {}),
    boots: bootsToContract(explanation),
    firmware: {
      ...asker,
      gives: step.give,
      rule: step.rule,
      because: step.because,
      ...(step.give === 'boot file' ? { file: step.file } : {}),
      ...(step.chain === undefined ? {} : { chain: step.chain }),
    },
    ...(loader ? { loader: { ...loader } } : {}),
    ...(lease ? { lease: leaseToContract(lease, names.ofMac, now.wallMs) } : {}),
    ...(install
      ? { install: installToContract(install, names.ofId.get(install.machineId) ?? install.machineId, now) }
      : {}),
    ...(inherits ? membershipsToContract(inherits.memberships, inherits.choice) : {}),
    decisions: decisions.map((event) => eventToContract(event, names.ofId)),
  };
}
