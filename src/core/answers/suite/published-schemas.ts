import { z } from 'zod';

/**
 * What the makers of two installers publish of their answer files, in the words of a schema: Canonical's
 * autoinstall-schema.json, and profile.schema.json with storage.schema.json of Agama. Keys that are not there are refused,
 * also where the original would let them pass; of what no template of Muster writes only the names are here.
 */
const command = z.union([z.string(), z.array(z.string())]);
const any = z.unknown().optional();

export const AUTOINSTALL = z.strictObject({
  version: z.literal(1),
  'interactive-sections': z.array(z.string()).optional(),
  'early-commands': z.array(command).optional(),
  'late-commands': z.array(command).optional(),
  'error-commands': z.array(command).optional(),
  reporting: z.record(z.string(), z.looseObject({ type: z.string() })).optional(),
  'user-data': z.looseObject({}).optional(),
  packages: z.array(z.string()).optional(),
  'debconf-selections': z.string().optional(),
  locale: z.string().optional(),
  'refresh-installer': z.strictObject({ update: z.boolean(), channel: z.string().optional() }).optional(),
  kernel: any,
  keyboard: z
    .strictObject({
      layout: z.string(),
      variant: z.string().optional(),
      toggle: z.string().nullable().optional(),
    })
    .optional(),
  source: any,
  network: any,
  proxy: z.url().nullable().optional(),
  apt: z
    .strictObject({
      preserve_sources_list: z.boolean().optional(),
      primary: z.array(z.strictObject({ arches: z.array(z.string()), uri: z.url() })).optional(),
      'mirror-selection': any,
      geoip: z.boolean().optional(),
      sources: z.record(z.string(), z.strictObject({ source: z.string() })).optional(),
      disable_components: any,
      preferences: any,
      fallback: z.enum(['abort', 'continue-anyway', 'offline-install']).optional(),
      // Of curtin, to which the installer hands all of this on.
      conf: z.string().optional(),
    })
    .optional(),
  storage: z
    .strictObject({
      swap: z.strictObject({ size: z.union([z.number(), z.string().regex(/^\d+M$/)]) }).optional(),
      layout: z
        .strictObject({
          name: z.enum(['lvm', 'direct', 'zfs']),
          match: z.strictObject({ path: z.string() }),
        })
        .optional(),
      config: any,
    })
    .optional(),
  identity: z
    .strictObject({
      realname: z.string().optional(),
      username: z.string(),
      hostname: z.string(),
      password: z.string(),
      groups: any,
    })
    .optional(),
  ssh: z
    .strictObject({
      'install-server': z.boolean().optional(),
      'authorized-keys': z.array(z.string()).optional(),
      'allow-pw': z.boolean().optional(),
    })
    .optional(),
  snaps: any,
  codecs: any,
  drivers: any,
  oem: any,
  timezone: z.string().optional(),
  updates: z.enum(['security', 'all']).optional(),
  shutdown: z.enum(['reboot', 'poweroff']).optional(),
});

const filesystem = z.strictObject({
  path: z.string().optional(),
  type: z.string().optional(),
  label: z.string().optional(),
});
const size = z.union([z.number(), z.string().regex(/^\d+(?:\.\d+)?(?:\s*(?:[KMGTPEZY]I?)?B)?$/i)]);
const volume = z.union([
  z.strictObject({ generate: z.enum(['default', 'mandatory']) }),
  z.strictObject({ search: z.string(), delete: z.literal(true) }),
  z.strictObject({ filesystem, size: size.optional() }),
]);
const script = z.strictObject({ name: z.string(), content: z.string().startsWith('#!') });

export const AGAMA = z.strictObject({
  product: z.strictObject({ id: z.string().min(1), mode: z.string().optional() }),
  hostname: z.strictObject({ static: z.string() }),
  l10n: z.strictObject({ locale: z.string(), keymap: z.string(), timezone: z.string() }),
  network: z
    .strictObject({
      connections: z.array(
        z.strictObject({
          id: z.string(),
          interface: z.string().optional(),
          macAddress: z.string().optional(),
          method4: z.enum(['auto', 'manual', 'link-local', 'disabled']),
          addresses: z.array(z.string()).optional(),
          gateway4: z.string().optional(),
          nameservers: z.array(z.string()).optional(),
          status: z.enum(['up', 'down', 'keep', 'removed']),
        }),
      ),
    })
    .optional(),
  storage: z.strictObject({
    boot: z.strictObject({ configure: z.boolean(), device: z.string() }),
    drives: z.array(
      z.strictObject({ search: z.string(), alias: z.string(), partitions: z.array(volume).min(1) }),
    ),
    volumeGroups: z
      .array(
        z.strictObject({
          name: z.string(),
          physicalVolumes: z.array(z.strictObject({ generate: z.array(z.string()) })),
          logicalVolumes: z.array(volume),
        }),
      )
      .optional(),
  }),
  software: z.strictObject({
    patterns: z.array(z.string()),
    packages: z.array(z.string()),
    extraRepositories: z
      .array(z.strictObject({ alias: z.string(), url: z.url(), allowUnsigned: z.boolean() }))
      .optional(),
  }),
  bootloader: z.strictObject({ extraKernelParams: z.string() }).optional(),
  user: z
    .strictObject({
      fullName: z.string(),
      userName: z.string(),
      password: z.string(),
      hashedPassword: z.literal(true),
    })
    .optional(),
  root: z.strictObject({ password: z.string(), hashedPassword: z.literal(true) }),
  questions: z.strictObject({ policy: z.enum(['auto', 'user']) }),
  scripts: z.strictObject({
    postPartitioning: z.array(script),
    post: z.array(script.extend({ chroot: z.boolean() })),
  }),
});
