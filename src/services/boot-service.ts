import type { BootPlan } from '../core/boot/boot-plan.ts';
import { decideBoot } from '../core/boot/decide-boot.ts';
import type { InstallStore } from '../core/install/install-store.ts';
import type { Machine } from '../core/machines/machine.ts';
import type { PolicyStore } from '../core/policy/policy-store.ts';

export interface BootServiceNeeds {
  readonly installs: Pick<InstallStore, 'list'>;
  readonly policy: Pick<PolicyStore, 'get'>;
}

/** Loads what is known of a machine and asks for the decision. Every door comes here with the same question. */
export class BootService {
  readonly #needs: BootServiceNeeds;

  constructor(needs: BootServiceNeeds) {
    this.#needs = needs;
  }

  /** Asking changes nothing, however often. */
  async planFor(machine: Machine | undefined): Promise<BootPlan> {
    const policy = await this.#needs.policy.get();
    const newest = machine ? await this.#needs.installs.list({ machineId: machine.id, limit: 1 }) : [];
    return decideBoot(machine, newest[0], policy);
  }
}
