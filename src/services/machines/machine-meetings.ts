import { SaidRecently } from '../../core/dhcp/said-recently.ts';
import { Guesses } from '../../core/machines/guesses.ts';
import { identify, type Seen } from '../../core/machines/identify.ts';
import type { Machine } from '../../core/machines/machine.ts';
import type { MachineStore } from '../../core/machines/machine-store.ts';
import type { MacAddress } from '../../lib/addresses.ts';
import type { Clock } from '../../lib/clock.ts';
import type { EventLog } from '../event-log.ts';

export interface MachineMeetingsNeeds {
  readonly machines: Pick<MachineStore, 'byMac' | 'byClaims' | 'learn'>;
  readonly events: Pick<EventLog, 'announce' | 'note'>;
  readonly clock: Clock;
}

/** The same is not told again within this time. */
const SAY_AGAIN_AFTER_MS = 60_000;
/** Different things told in that time at most. */
const MAX_TOLD = 1000;

/** Finds the machine of what is seen; one that had no MAC address yet has this one from then on. */
export class MachineMeetings {
  readonly #needs: MachineMeetingsNeeds;
  readonly #guesses = new Guesses();
  readonly #told = new SaidRecently({ periodMs: SAY_AGAIN_AFTER_MS, max: MAX_TOLD });

  constructor(needs: MachineMeetingsNeeds) {
    this.#needs = needs;
  }

  async machineOf(seen: Seen): Promise<Machine | undefined> {
    const { machines, clock } = this.#needs;
    const { mac, ...claims } = seen;
    const known = mac && (await machines.byMac(mac));
    if (known) return known;
    const said = claimsText(seen);
    if (said === '') return undefined;
    if (mac !== undefined && !this.#guesses.mayClaim(mac, said, clock.nowMs())) {
      this.#tellUnknown(seen, 'it said too many different things of itself in the last hour');
      return undefined;
    }
    const found = identify(seen, undefined, await machines.byClaims(claims));
    if (!found.known) {
      if (found.because !== undefined) this.#tellUnknown(seen, found.because);
      return undefined;
    }
    return found.learns === undefined
      ? found.machine
      : await this.#meet(found.machine, found.learns, found.because);
  }

  async #meet(machine: Machine, mac: MacAddress, because: string): Promise<Machine | undefined> {
    const { machines, events, clock } = this.#needs;
    const learned = await machines.learn(machine.id, mac, {
      atMs: clock.nowMs(),
      kind: 'machine.learned',
      text: `${machine.name} is here for the first time: its MAC address is ${mac}`,
      because,
      machineId: machine.id,
      mac,
    });
    // Who lost the race against another packet of the same machine is known by now.
    if (!learned.learned) return await machines.byMac(mac);
    events.announce(learned.event);
    return { ...machine, macs: [mac] };
  }

  /** Once a minute for each card and reason. */
  #tellUnknown({ mac }: Seen, because: string): void {
    const { events, clock } = this.#needs;
    if (!this.#told.say(`${mac ?? ''} ${because}`, clock.nowMs())) return;
    events.note({
      kind: 'machine.notIdentified',
      text: `Cannot tell which machine ${mac ?? 'without a known card'} is`,
      because,
      mac,
    });
  }
}

/** Empty where nothing is said. */
function claimsText({ uuids = [], serial, assetTag, port }: Seen): string {
  const parts = [...uuids, serial, assetTag, port?.circuitId, port?.remoteId];
  return parts.every((part) => part === undefined) ? '' : JSON.stringify(parts.map((part) => part ?? null));
}
