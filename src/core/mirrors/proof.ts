/** What the bytes of a file must be, as an index says it. */
export interface Proof {
  readonly algorithm: ProofAlgorithm;
  /** In small letters; of a longer one, its beginning may stand for it (`KEPT_HEX`). */
  readonly hex: string;
  /** Undefined where only the name says it. */
  readonly bytes?: number;
}

/**
 * Those that count, the best first. SHA-1 is all that repositories of EL 5 have; it keeps accidents out, and the
 * installer checks signatures. MD5 is not taken.
 */
export const PROOF_ALGORITHMS = ['sha256', 'sha512', 'sha1'] as const;
export type ProofAlgorithm = (typeof PROOF_ALGORITHMS)[number];

const HEX_LENGTH: Readonly<Record<ProofAlgorithm, number>> = { sha256: 64, sha512: 128, sha1: 40 };
/** 256 bits of a digest are as good as more. */
export const KEPT_HEX = 64;

/** Undefined for an algorithm that does not count, or a digest that is none. @param algorithm as any index writes it. */
export function makeProof(algorithm: string, hex: string, bytes?: number): Proof | undefined {
  const name = algorithm.toLowerCase().replace('-', '').replace(/^sha$/, 'sha1');
  const known = PROOF_ALGORITHMS.find((one) => one === name);
  const digest = hex.toLowerCase();
  if (known === undefined || digest.length !== HEX_LENGTH[known] || !/^[0-9a-f]+$/.test(digest))
    return undefined;
  return { algorithm: known, hex: digest.slice(0, KEPT_HEX), ...(bytes === undefined ? {} : { bytes }) };
}

/** Digests of bytes that are there, whole and in small letters. */
export type Digests = Readonly<Partial<Record<ProofAlgorithm, string>>>;

/** Undefined where the file is what the proof says, else a reason. */
export function objectionToFile(proof: Proof, bytes: number, digests: Digests): string | undefined {
  if (proof.bytes !== undefined && proof.bytes !== bytes)
    return `it has ${bytes} bytes, and the index says ${proof.bytes}`;
  const digest = digests[proof.algorithm];
  if (digest === undefined) return `its ${proof.algorithm} is not known`;
  if (digest.slice(0, KEPT_HEX) === proof.hex) return undefined;
  return `its ${proof.algorithm} is ${digest.slice(0, SHOWN)}…, and the index says ${proof.hex.slice(0, SHOWN)}…`;
}

/** Digits of a digest that people are shown. */
const SHOWN = 16;
