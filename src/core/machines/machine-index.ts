import type { MacAddress } from '../../lib/addresses.ts';
import { type Claims, textKey } from './identify.ts';
import type { Machine } from './machine.ts';

/** Machines by all that they may be asked for by, for what is asked with each packet. It can be changed in one place. */
export class MachineIndex {
  readonly #byId = new Map<string, Machine>();
  readonly #byMac = new Map<MacAddress, Machine>();
  readonly #byClaim = new Map<string, Machine[]>();
  /** Ids by name. */
  readonly #byName = new Map<string, string>();
  /** Made when it is asked for, and kept in order from then on: to sort 10,000 after each change took milliseconds. */
  #inOrder: readonly Machine[] | undefined;
  /** Made when it is asked for, after a change. */
  #names: ReadonlySet<string> | undefined;

  constructor(machines: readonly Machine[]) {
    for (const machine of machines) this.put(machine);
  }

  /** By name, byte by byte. */
  get all(): readonly Machine[] {
    this.#inOrder ??= inOrder([...this.#byId.values()]);
    return this.#inOrder;
  }

  /** Those that have no MAC address yet, by name. */
  get unmet(): readonly Machine[] {
    return this.all.filter(({ macs }) => macs.length === 0);
  }

  get names(): ReadonlySet<string> {
    this.#names ??= new Set(this.#byName.keys());
    return this.#names;
  }

  get size(): number {
    return this.#byId.size;
  }

  byId(id: string): Machine | undefined {
    return this.#byId.get(id);
  }

  byName(name: string): Machine | undefined {
    const id = this.#byName.get(name);
    return id === undefined ? undefined : this.#byId.get(id);
  }

  byMac(mac: MacAddress): Machine | undefined {
    return this.#byMac.get(mac);
  }

  /** By name. */
  byClaims(claims: Claims): readonly Machine[] {
    return inOrder([...new Set(keysOf(claims).flatMap((key) => this.#byClaim.get(key) ?? []))]);
  }

  /** Adds a machine, or puts it in place of the one with its id. */
  put(machine: Machine): void {
    this.remove(machine.id);
    this.#names = undefined;
    this.#inOrder = this.#inOrder?.toSpliced(placeIn(this.#inOrder, machine.name), 0, machine);
    this.#byId.set(machine.id, machine);
    this.#byName.set(machine.name, machine.id);
    for (const mac of machine.macs) this.#byMac.set(mac, machine);
    for (const key of claimsOf(machine)) {
      const same = this.#byClaim.get(key);
      if (same) same.push(machine);
      else this.#byClaim.set(key, [machine]);
    }
  }

  remove(id: string): void {
    const machine = this.#byId.get(id);
    if (!machine) return;
    this.#names = undefined;
    this.#inOrder = this.#inOrder?.toSpliced(this.#inOrder.indexOf(machine), 1);
    this.#byId.delete(id);
    // Name and addresses may be another's by now, which was put before this one was.
    if (this.#byName.get(machine.name) === id) this.#byName.delete(machine.name);
    for (const mac of machine.macs) if (this.#byMac.get(mac)?.id === id) this.#byMac.delete(mac);
    for (const key of claimsOf(machine)) {
      const others = (this.#byClaim.get(key) ?? []).filter((other) => other.id !== id);
      if (others.length > 0) this.#byClaim.set(key, others);
      else this.#byClaim.delete(key);
    }
  }
}

/** Where one of this name belongs among those that are in order. */
function placeIn(machines: readonly Machine[], name: string): number {
  let [low, high] = [0, machines.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((machines[middle]?.name ?? '') < name) low = middle + 1;
    else high = middle;
  }
  return low;
}

function inOrder(machines: Machine[]): readonly Machine[] {
  return machines.sort((one, other) => (one.name < other.name ? -1 : 1));
}

function claimsOf({ uuid, serial, assetTag, port }: Machine): readonly string[] {
  return keysOf({
    ...(uuid === undefined ? {} : { uuids: [uuid] }),
    ...(serial === undefined ? {} : { serial }),
    ...(assetTag === undefined ? {} : { assetTag }),
    ...(port === undefined ? {} : { port }),
  });
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
