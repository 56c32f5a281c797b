import type { MacAddress } from '../../lib/addresses.ts';
import { type Claims, textKey } from './identify.ts';
import type { Machine } from './machine.ts';

/** Machines by all that they may be asked for by, for what is asked with each packet. */
export class MachineIndex {
  readonly #byMac = new Map<MacAddress, Machine>();
  readonly #byClaim = new Map<string, Machine[]>();
  /** Those that have no MAC address yet, in the order given. */
  readonly unmet: readonly Machine[];
  readonly names: ReadonlySet<string>;

  constructor(machines: readonly Machine[]) {
    this.names = new Set(machines.map(({ name }) => name));
    this.unmet = machines.filter(({ macs }) => macs.length === 0);
    for (const machine of machines) {
      for (const mac of machine.macs) this.#byMac.set(mac, machine);
      const { uuid, ...others } = machine;
      for (const key of keysOf({ uuids: uuid === undefined ? [] : [uuid], ...others })) {
        const same = this.#byClaim.get(key);
        if (same) same.push(machine);
        else this.#byClaim.set(key, [machine]);
      }
    }
  }

  byMac(mac: MacAddress): Machine | undefined {
    return this.#byMac.get(mac);
  }

  byClaims(claims: Claims): readonly Machine[] {
    return [...new Set(keysOf(claims).flatMap((key) => this.#byClaim.get(key) ?? []))];
  }
}

/** Of a port the circuit alone: which relays fit is for `identify` to say. */
function keysOf({ uuids = [], serial, assetTag, port }: Claims): readonly string[] {
  return [
    ...uuids.map((uuid) => `uuid ${uuid}`),
    ...(serial === undefined ? [] : [`serial ${textKey(serial)}`]),
    ...(assetTag === undefined ? [] : [`asset ${textKey(assetTag)}`]),
    ...(port === undefined ? [] : [`port ${port.circuitId}`]),
  ];
}
