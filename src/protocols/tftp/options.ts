import type { TftpOption } from './packet.ts';

/** What a client may ask beside a file's name, and what it is granted: RFC 2347, 2348, 2349 and 7440. */

export type TransferMode = 'octet' | 'netascii';

/** What both sides have agreed on. Without options it is RFC 1350: 512 bytes, one block at a time. */
export interface AgreedShape {
  readonly blockBytes: number;
  readonly windowBlocks: number;
  /** How long to wait before sending again, when the client said so. */
  readonly timeoutMs: number | undefined;
  /** The client was told the size: it may have wanted nothing else. */
  readonly sizeTold: boolean;
}

export interface OptionLimits {
  /** Largest IP packet on the way to the client, in bytes. */
  readonly mtu: number;
  readonly maxBlockBytes: number;
  readonly maxWindowBlocks: number;
  /** A window is kept in memory as a whole. */
  readonly maxWindowBytes: number;
  /** Names of options that are left out of every answer, in lower case: some ROMs ask for what they cannot do. */
  readonly refusedOptions?: readonly string[];
}

export interface Negotiation {
  /** For the OACK, in the client's order and spelling; empty means that no OACK is sent. */
  readonly answered: readonly TftpOption[];
  readonly ignored: readonly (TftpOption & { readonly because: string })[];
  readonly shape: AgreedShape;
}

/** IPv4 header 20, UDP header 8, TFTP header 4: firmware often cannot put fragments together. */
export const HEADERS_BYTES = 32;
/** A client may not keep a silent transfer alive for longer than this between two packets of ours. */
export const MAX_TIMEOUT_SECONDS = 60;

export const DEFAULT_OPTION_LIMITS: OptionLimits = {
  mtu: 1500,
  maxBlockBytes: 65_464,
  maxWindowBlocks: 64,
  maxWindowBytes: 128 * 1024,
};

const PLAIN: AgreedShape = { blockBytes: 512, windowBlocks: 1, timeoutMs: undefined, sizeTold: false };

/** Of a file that is written, the client tells the size. */
type SizeOfFile = number | 'as told';

interface OptionContext {
  readonly mode: TransferMode;
  readonly totalBytes: SizeOfFile;
  readonly limits: OptionLimits;
  /** As agreed by the rows above. */
  readonly shape: AgreedShape;
}

type OptionDecision =
  | { readonly grant: number; readonly shape?: Partial<AgreedShape> }
  | { readonly grant: undefined; readonly because: string };

interface OptionRow {
  readonly name: string;
  readonly source: string;
  /** Values the specification allows; outside of them the option is ignored (RFC 2347: never answered). */
  readonly smallest: number;
  readonly largest: number;
  readonly decide: (asked: number, context: OptionContext) => OptionDecision;
}

/** Firmware refuses an OACK with more than it asked for, so every grant is at most the wish (EDK2, pxelinux). */
const OPTION_TABLE: readonly OptionRow[] = [
  {
    name: 'blksize',
    source: 'RFC 2348',
    smallest: 8,
    // The RFC ends at 65,464, but asking for more is only a larger wish.
    largest: 0xffff_ffff,
    decide(asked, { limits }) {
      const fits = Math.max(8, limits.mtu - HEADERS_BYTES);
      const blockBytes = Math.min(asked, limits.maxBlockBytes, fits);
      return { grant: blockBytes, shape: { blockBytes } };
    },
  },
  {
    name: 'windowsize',
    source: 'RFC 7440',
    smallest: 1,
    largest: 65_535,
    decide(asked, { limits, shape }) {
      const inMemory = Math.max(1, Math.floor(limits.maxWindowBytes / shape.blockBytes));
      const windowBlocks = Math.min(asked, limits.maxWindowBlocks, inMemory);
      return { grant: windowBlocks, shape: { windowBlocks } };
    },
  },
  {
    name: 'timeout',
    source: 'RFC 2349',
    smallest: 1,
    largest: 255,
    // The answer must equal the wish, so a wish that is too long can only be left out.
    decide: (asked) =>
      asked <= MAX_TIMEOUT_SECONDS
        ? { grant: asked, shape: { timeoutMs: asked * 1000 } }
        : { grant: undefined, because: `more than ${MAX_TIMEOUT_SECONDS} seconds are not waited` },
  },
  {
    name: 'tsize',
    source: 'RFC 2349',
    smallest: 0,
    largest: Number.MAX_SAFE_INTEGER,
    decide(asked, { mode, totalBytes }) {
      if (totalBytes === 'as told') return { grant: asked };
      return mode === 'octet'
        ? { grant: totalBytes, shape: { sizeTold: true } }
        : { grant: undefined, because: 'the size in netascii is not the size of the file' };
    },
  },
  {
    // Which number follows 65,535; ours is always 0, as firmware expects.
    name: 'rollover',
    source: 'tftp-hpa, atftp',
    smallest: 0,
    largest: 1,
    decide: () => ({ grant: 0 }),
  },
];

/** What of the client's wishes is granted. Unknown options are never answered: pxelinux and EDK2 would give up. */
export function negotiate(
  requested: readonly TftpOption[],
  transfer: { readonly mode: TransferMode; readonly totalBytes: SizeOfFile },
  limits: OptionLimits = DEFAULT_OPTION_LIMITS,
): Negotiation {
  let shape = PLAIN;
  const grants = new Map<TftpOption, string>();
  const reasons = new Map<TftpOption, string>();
  for (const row of OPTION_TABLE) {
    const option = requested.find(({ name }) => name.toLowerCase() === row.name);
    if (!option) continue;
    if (limits.refusedOptions?.includes(row.name)) {
      reasons.set(option, 'it is refused by the settings');
      continue;
    }
    const decision = decideOption(row, option.value, { ...transfer, limits, shape });
    if (decision.grant === undefined) {
      reasons.set(option, decision.because);
      continue;
    }
    grants.set(option, String(decision.grant));
    shape = { ...shape, ...decision.shape };
  }
  return {
    answered: requested.flatMap((option) => {
      const value = grants.get(option);
      return value === undefined ? [] : [{ name: option.name, value }];
    }),
    ignored: requested
      .filter((option) => !grants.has(option))
      .map((option) => ({ ...option, because: reasons.get(option) ?? whyUnknown(option) })),
    shape,
  };
}

function decideOption(row: OptionRow, value: string, context: OptionContext): OptionDecision {
  const asked = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
  if (asked >= row.smallest && asked <= row.largest) return row.decide(asked, context);
  return { grant: undefined, because: `${row.source} wants a number from ${row.smallest} to ${row.largest}` };
}

function whyUnknown({ name }: TftpOption): string {
  const known = OPTION_TABLE.some((row) => row.name === name.toLowerCase());
  return known ? 'it was asked twice' : 'it is not known here';
}
