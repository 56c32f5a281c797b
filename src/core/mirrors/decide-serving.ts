import type { FileRole } from './file-role.ts';
import { KEPT_HEX, type Proof } from './proof.ts';

/** What is known of a file that is kept. */
export interface KeptFacts {
  readonly bytes: number;
  readonly sha256: string;
  /** Against what it was verified; undefined where nothing said what it must be. */
  readonly proof?: Proof | undefined;
  /** When the upstream last said that it is current, in milliseconds. */
  readonly checkedAtMs: number;
}

export interface ServingQuestion {
  readonly role: FileRole;
  readonly kept: KeptFacts | undefined;
  /** What the indexes say now. */
  readonly proof: Proof | undefined;
  readonly mode: 'online' | 'offline';
  readonly nowMs: number;
  /** A file that nothing vouches for is asked for anew after so long. */
  readonly checkEveryMs: number;
}

export type ServingPlan =
  /** As it is here. */
  | { readonly do: 'serve'; readonly because: string }
  /** As it is here, unless the upstream has another one. */
  | { readonly do: 'check'; readonly because: string }
  /** From the upstream; what is here is another file by now. */
  | { readonly do: 'fetch'; readonly because: string }
  | { readonly do: 'refuse'; readonly because: string };

export function decideServing(question: ServingQuestion): ServingPlan {
  const { role, kept, proof, mode, nowMs, checkEveryMs } = question;
  if (kept === undefined) {
    return mode === 'offline'
      ? { do: 'refuse', because: 'the mirror is set offline, and the file was never fetched' }
      : { do: 'fetch', because: 'it is not here yet' };
  }
  if (proof !== undefined && agrees(kept, proof))
    return { do: 'serve', because: 'it is what the index says' };
  if (mode === 'offline') return { do: 'serve', because: 'the mirror is set offline' };
  if (proof !== undefined && role !== 'named')
    return { do: 'fetch', because: 'the index says another one by now' };
  if (role === 'named' || role === 'package') return { do: 'serve', because: 'its name stands for one file' };
  // A clock that was set back must not keep a file for years.
  const ageMs = Math.abs(nowMs - kept.checkedAtMs);
  return ageMs < checkEveryMs
    ? { do: 'serve', because: 'the upstream was asked a short while ago' }
    : { do: 'check', because: 'the upstream was not asked for a while' };
}

/** Whether the file that is here is the one that is spoken of. */
export function agrees(kept: Pick<KeptFacts, 'bytes' | 'sha256' | 'proof'>, proof: Proof): boolean {
  if (proof.bytes !== undefined && proof.bytes !== kept.bytes) return false;
  if (proof.algorithm === 'sha256') return kept.sha256.slice(0, KEPT_HEX) === proof.hex;
  return kept.proof?.algorithm === proof.algorithm && kept.proof.hex === proof.hex;
}
