import type { BootPlan } from '../../core/boot/boot-plan.ts';
import { chainWish } from '../../core/boot/chain-wish.ts';
import { IpxeRounds } from '../../core/boot/ipxe-rounds.ts';
import { type DhcpBootStep, nextStep } from '../../core/boot/next-step.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Asked } from './dhcp-service-events.ts';
import type { LoaderService } from '../boot/loader-service.ts';

export interface DhcpBootStepsNeeds {
  readonly loaders: Pick<LoaderService, 'available'>;
  /** Absent when the HTTP door for machines is closed. */
  readonly machineHttpPort?: number | undefined;
  readonly clock: Clock;
}

/**
 * What boot clients are told to boot, whoever gives their addresses, with the loaders that are there now. Remembers
 * which iPXE each was told to load, so that this is not told to load itself.
 */
export class DhcpBootSteps {
  readonly #needs: DhcpBootStepsNeeds;
  readonly #ipxeRounds = new IpxeRounds();

  constructor(needs: DhcpBootStepsNeeds) {
    this.#needs = needs;
  }

  /** @param addresses by whom they are given. */
  async stepFor(asked: Asked, plan: BootPlan, addresses: 'here' | 'elsewhere'): Promise<DhcpBootStep> {
    const { request, client, asker, arrival, subnet } = asked;
    const { loaders, machineHttpPort, clock } = this.#needs;
    const nowMs = clock.nowMs();
    const step = nextStep(plan, client.boot, {
      subnetBootFile: subnet.bootFile,
      wish: chainWish({ machine: asker.machine, plan, subnet }),
      loaders: await loaders.available(),
      address: arrival.localAddress,
      httpPort: machineHttpPort,
      isProxied: addresses === 'elsewhere',
      ipxeBefore: client.mac && this.#ipxeRounds.before(client.mac, request.xid, nowMs),
    });
    if (client.mac !== undefined && step.give === 'boot file')
      this.#ipxeRounds.told(client.mac, step.file, request.xid, nowMs);
    return step;
  }
}
