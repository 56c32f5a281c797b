/**
 * What a Linux kernel module (`.ko`) says of itself in its `.modinfo` section: `key=value` texts that end in NUL.
 * Reading them here saves depmod and modprobe, which a container seldom has.
 */

/** The modules this one needs, as file names without `.ko`; from `depends=a,b`. */
export function moduleDependencies(bytes: Uint8Array): readonly string[] {
  return (textsOf(bytes, 'depends')[0] ?? '')
    .split(',')
    .filter((name) => name !== '')
    .map(moduleName);
}

/** The names by which the kernel asks for it, such as `fs-squashfs` when one is mounted; from each `alias=`. */
export function moduleAliases(bytes: Uint8Array): readonly string[] {
  return textsOf(bytes, 'alias');
}

function textsOf(bytes: Uint8Array, key: string): readonly string[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const found = text.matchAll(new RegExp(`(?<=^|\\0)${key}=([^\\0]*)\\0`, 'g'));
  return [...found].map(([, value = '']) => value);
}

/** The kernel takes `-` and `_` in module names for the same letter. */
export function moduleName(name: string): string {
  return name.replaceAll('-', '_');
}

/**
 * The modules in an order in which each finds what it needs already loaded. Names that are not there are left
 * out: a kernel may have them built in.
 */
export function loadingOrder(
  wanted: readonly string[],
  dependenciesOf: (name: string) => readonly string[] | undefined,
): readonly string[] {
  const order = new Set<string>();
  const visiting = new Set<string>();
  const visit = (name: string): void => {
    if (order.has(name) || visiting.has(name)) return;
    const needed = dependenciesOf(name);
    if (needed === undefined) return;
    visiting.add(name);
    for (const one of needed) visit(one);
    order.add(name);
  };
  for (const name of wanted) visit(moduleName(name));
  return [...order];
}
