/**
 * `.treeinfo` as productmd writes it (productmd.treeinfo 1.2): what an install tree of the Red Hat family says of
 * itself. `[checksums]` names every file that matters with its digest.
 */
export interface TreeInfo {
  readonly name: string;
  readonly short: string;
  readonly version: string;
  readonly architecture: string;
  readonly kernel: string;
  readonly initrd: string;
  readonly builtAtSeconds: number;
  /** Path in the tree and lower-case hex sha256. */
  readonly sha256: readonly { readonly path: string; readonly digest: string }[];
}

export function renderTreeInfo(tree: TreeInfo): string {
  return `[header]
type = productmd.treeinfo
version = 1.2

[release]
name = ${tree.name}
short = ${tree.short}
version = ${tree.version}

[tree]
arch = ${tree.architecture}
build_timestamp = ${tree.builtAtSeconds}
platforms = ${tree.architecture}
variants = BaseOS

[variant-BaseOS]
id = BaseOS
name = BaseOS
packages = Packages
repository = .
type = variant
uid = BaseOS

[images-${tree.architecture}]
initrd = ${tree.initrd}
kernel = ${tree.kernel}

[checksums]
${tree.sha256.map(({ path, digest }) => `${path} = sha256:${digest}`).join('\n')}

[general]
arch = ${tree.architecture}
family = ${tree.name}
name = ${tree.name} ${tree.version}
packagedir = Packages
platforms = ${tree.architecture}
repository = .
timestamp = ${tree.builtAtSeconds}
variant = BaseOS
version = ${tree.version}
`;
}
