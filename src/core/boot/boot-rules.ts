/** The rules of `nextStep`, in the order in which they are tried: the first that fits wins, and the last sees to loops. */
export const BOOT_RULES = {
  'operating system': 'an operating system asks, and is told nothing about booting',
  plan: 'the machine is to be told nothing',
  'subnet boot file': '--filename of the subnet',
  'Raspberry Pi': 'a Raspberry Pi looks for its files itself',
  'iPXE script': 'iPXE that fetches over HTTP goes to its script',
  'U-Boot': 'U-Boot looks for its configuration itself',
  'image loaders': "the image's own signed loaders",
  wish: '--loader of the machine, its profile or its subnet',
  'firmware table': 'the first way of the firmware table of which all files are there',
  'iPXE loop': 'iPXE that was loaded a moment ago, and would be told to load itself again, gets its script',
} as const satisfies Record<string, string>;

export type BootRule = keyof typeof BOOT_RULES;
