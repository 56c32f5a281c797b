import { parseIp } from '../../lib/ipv6-address.ts';

/** What a setting may be. */
export interface ValueKind<T> {
  /** What a settings file may hold, as JSON Schema. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** Takes a value from YAML, or the text of a variable or flag. @throws RangeError that says what is wanted. */
  readonly parse: (value: unknown) => T;
}

/** A port that is listened on, or `off`. */
export type Port = number | 'off';

export const port: ValueKind<Port> = {
  schema: { anyOf: [{ type: 'integer', minimum: 1, maximum: 65_535 }, { const: 'off' }, { const: false }] },
  parse: (value) => {
    if (value === 'off' || value === false) return 'off';
    const number = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : value;
    if (typeof number === 'number' && Number.isInteger(number) && number >= 1 && number <= 65_535)
      return number;
    throw new RangeError(`${show(value)} is not a port: a number from 1 to 65535 is wanted, or off`);
  },
};

export const names: ValueKind<readonly string[]> = {
  schema: { anyOf: [{ const: 'auto' }, { type: 'array', items: { type: 'string' }, minItems: 1 }] },
  parse: (value) => {
    if (value === 'auto') return [];
    const list = typeof value === 'string' ? value.split(',').map((name) => name.trim()) : value;
    // IFNAMSIZ: a Linux interface name has at most 15 bytes, no space and no slash.
    if (
      Array.isArray(list) &&
      list.length > 0 &&
      list.every((name) => typeof name === 'string' && /^[^\s/]{1,15}$/.test(name))
    ) {
      return list;
    }
    throw new RangeError(
      `${show(value)} is not a list of network interfaces: names such as eth0 are wanted, or auto`,
    );
  },
};

export const folder: ValueKind<string | undefined> = {
  schema: { type: 'string', pattern: '^/' },
  parse: (value) => {
    if (typeof value === 'string' && value.startsWith('/') && !value.includes('\0')) return value;
    throw new RangeError(`${show(value)} is not a folder: an absolute path is wanted, such as /srv/tftp`);
  },
};

/** A port for the data of TFTP, or where to take it from. */
export const dataPort: ValueKind<'shared' | 'same' | 'each' | number> = {
  schema: {
    anyOf: [{ enum: ['shared', 'same', 'each'] }, { type: 'integer', minimum: 1, maximum: 65_535 }],
  },
  parse: (value) => {
    if (value === 'shared' || value === 'same' || value === 'each') return value;
    const number = toWholeNumber(value);
    if (number !== undefined && number >= 1 && number <= 65_535) return number;
    throw new RangeError(`${show(value)} is none of shared, same, each, and not a port from 1 to 65535`);
  },
};

/** Text of digits, or a number; undefined for anything else. */
function toWholeNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

export function wholeNumber(smallest: number, largest: number): ValueKind<number> {
  return {
    schema: { type: 'integer', minimum: smallest, maximum: largest },
    parse: (value) => {
      const number = toWholeNumber(value);
      if (number !== undefined && number >= smallest && number <= largest) return number;
      throw new RangeError(`${show(value)} is not a number from ${smallest} to ${largest}`);
    },
  };
}

/** Something for each second at most, or `off` for no limit. */
const MAX_RATE = 1_000_000;
export const rate: ValueKind<number | 'off'> = {
  schema: { anyOf: [{ type: 'integer', minimum: 1, maximum: MAX_RATE }, { const: 'off' }, { const: false }] },
  parse: (value) => {
    if (value === 'off' || value === false) return 'off';
    const number = toWholeNumber(value);
    if (number !== undefined && number >= 1 && number <= MAX_RATE) return number;
    throw new RangeError(`${show(value)} is no rate: a number from 1 to ${MAX_RATE} is wanted, or off`);
  },
};

/** Options of TFTP that Muster knows, so that a misspelt one is heard of. */
const TFTP_OPTIONS = ['blksize', 'windowsize', 'timeout', 'tsize', 'rollover'] as const;
export const tftpOptions: ValueKind<readonly string[]> = {
  schema: { type: 'array', items: { enum: TFTP_OPTIONS } },
  parse: (value) => {
    const list = typeof value === 'string' ? value.split(',').map((name) => name.trim()) : value;
    const known: readonly unknown[] = TFTP_OPTIONS;
    if (Array.isArray(list) && list.every((name) => known.includes(name))) return list;
    throw new RangeError(
      `${show(value)} is not a list of TFTP options: ${TFTP_OPTIONS.join(', ')} are known`,
    );
  },
};

export function oneOf<const Words extends readonly string[]>(words: Words): ValueKind<Words[number]> {
  return {
    schema: { enum: words },
    parse: (value) => {
      const word = words.find((candidate) => candidate === value);
      if (word !== undefined) return word;
      throw new RangeError(`${show(value)} is none of ${words.join(', ')}`);
    },
  };
}

/** Where a door listens: an address of this computer, or all of them. */
export const listenAddress: ValueKind<string> = {
  schema: { type: 'string', minLength: 2 },
  parse: (value) => {
    try {
      return parseIp(String(value));
    } catch {
      throw new RangeError(
        `${show(value)} is no IP address: 127.0.0.1 is this computer alone, 0.0.0.0 every network`,
      );
    }
  },
};

/** Where an OpenID provider is; without TLS only on this computer, since secrets go there. */
export const issuer: ValueKind<string | undefined> = {
  schema: { type: 'string', pattern: '^https?://' },
  parse: (value) => {
    const url = URL.canParse(String(value)) ? new URL(String(value)) : undefined;
    const isHere = url !== undefined && /^(?:localhost|127\..*|\[::1\])$/.test(url.hostname);
    if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isHere)) return String(value);
    throw new RangeError(`${show(value)} is no OpenID provider: an https:// address is wanted`);
  },
};

/** Values of a claim, such as groups. */
export const claimValues: ValueKind<readonly string[]> = {
  schema: { type: 'array', items: { type: 'string' } },
  parse: (value) => {
    const list = typeof value === 'string' ? value.split(',').map((one) => one.trim()) : value;
    if (
      Array.isArray(list) &&
      list.every((one) => typeof one === 'string' && /^[^\p{Cc}]{1,200}$/u.test(one))
    )
      return list;
    throw new RangeError(`${show(value)} is not a list of groups: [lab-admins, ops] is one`);
  },
};

/** One line. */
export const text: ValueKind<string | undefined> = {
  schema: { type: 'string', minLength: 1 },
  parse: (value) => {
    if (typeof value === 'string' && /^[^\p{Cc}]{1,200}$/u.test(value)) return value;
    throw new RangeError(`${show(value)} is no text of one line`);
  },
};

/** A file that somebody else keeps. */
export const file: ValueKind<string | undefined> = {
  schema: { type: 'string', pattern: '^/' },
  parse: (value) => {
    if (typeof value === 'string' && value.startsWith('/') && !value.includes('\0')) return value;
    throw new RangeError(
      `${show(value)} is not a file: an absolute path is wanted, such as /etc/ssl/muster.pem`,
    );
  },
};

function show(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : (JSON.stringify(value) ?? String(value));
}
