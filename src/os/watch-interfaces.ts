import { listInterfaces, type NetworkInterface } from './interfaces.ts';

export interface InterfaceChanges {
  /** Not there before; one that was made anew under its old name came and went. */
  readonly came: readonly NetworkInterface[];
  readonly went: readonly NetworkInterface[];
  /** As they are now: another address, up or down, carrier or none. */
  readonly changed: readonly NetworkInterface[];
  readonly now: readonly NetworkInterface[];
}

export interface WatchInterfacesOptions {
  readonly everyMs: number;
  readonly onChange: (changes: InterfaceChanges) => void;
  readonly list?: () => readonly NetworkInterface[];
}

export interface InterfaceWatch {
  /** What was seen last. */
  readonly interfaces: readonly NetworkInterface[];
  close(): void;
}

/**
 * Looks every so often, and tells only of what is different. Looking takes well under a millisecond an interface, so
 * every second or two costs nothing; it works without any right and everywhere. It does not keep the process alive.
 */
export function watchInterfaces({
  everyMs,
  onChange,
  list = listInterfaces,
}: WatchInterfacesOptions): InterfaceWatch {
  let before = list();
  const timer = setInterval(() => {
    const changes = compareInterfaces(before, list());
    before = changes.now;
    if (changes.came.length + changes.went.length + changes.changed.length > 0) onChange(changes);
  }, everyMs);
  timer.unref();
  return {
    get interfaces() {
      return before;
    },
    close: () => clearInterval(timer),
  };
}

export function compareInterfaces(
  before: readonly NetworkInterface[],
  now: readonly NetworkInterface[],
): InterfaceChanges {
  const same = (one: NetworkInterface) => (other: NetworkInterface) =>
    other.name === one.name && other.index === one.index;
  return {
    came: now.filter((one) => !before.some(same(one))),
    went: before.filter((one) => !now.some(same(one))),
    changed: now.filter((one) => {
      const old = before.find(same(one));
      return old !== undefined && JSON.stringify(old) !== JSON.stringify(one);
    }),
    now,
  };
}
