/**
 * How a row of Butane's tables is written, and what stands in several of them.
 */

/**
 * - `text`, `path` (a text that begins with a slash), `flag`, `count` (a whole number), `mode` (permissions, in octal);
 * - `texts` a list of texts;
 * - `refused` a key that Butane has and Muster does not take, with the reason;
 * - `one` a mapping and `many` a list of them.
 */
export type Field = {
  readonly since?: number;
  readonly name?: string;
  readonly needed?: true;
  /** Only in configurations for Fedora CoreOS. */
  readonly only?: 'fcos';
  /** Translated into something else by a rule of its own, and not copied. */
  readonly apart?: true;
} & (
  | { readonly kind: 'text' | 'path' | 'flag' | 'count' | 'mode' | 'texts' }
  | { readonly kind: 'refused'; readonly because: string }
  | { readonly kind: 'one' | 'many' | 'resource' | 'resources'; readonly shape: Shape }
);

export type Shape = Readonly<Record<string, Field>>;

export const LOCAL = {
  kind: 'refused',
  because:
    'Muster keeps no folder of files for Butane: write the text with "inline", or put the file where machines reach it and write its URL as "source"',
} as const satisfies Field;

export const text = { kind: 'text' } as const satisfies Field;
export const flag = { kind: 'flag' } as const satisfies Field;
export const count = { kind: 'count' } as const satisfies Field;
export const texts = { kind: 'texts' } as const satisfies Field;

const RESOURCE: Shape = {
  source: text,
  inline: { kind: 'text', apart: true },
  local: LOCAL,
  compression: text,
  http_headers: {
    kind: 'many',
    since: 1,
    shape: { name: { kind: 'text', needed: true }, value: text },
  },
  verification: { kind: 'one', shape: { hash: text } },
};
export const resource = { kind: 'resource', shape: RESOURCE } as const satisfies Field;
export const resources = { kind: 'resources', shape: RESOURCE } as const satisfies Field;

const OWNER: Shape = { id: count, name: text };
export const NODE: Shape = {
  path: { kind: 'path', needed: true },
  user: { kind: 'one', shape: OWNER },
  group: { kind: 'one', shape: OWNER },
  overwrite: flag,
};

export const TANG: Shape = {
  url: { kind: 'text', needed: true },
  thumbprint: text,
  advertisement: { kind: 'text', since: 4 },
};

export const CEX = { kind: 'one', since: 5, shape: { enabled: flag } } as const satisfies Field;
