/** What tells one state of a file of the upstream from another. */
export interface UpstreamState {
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
  /** Bytes of the whole file. */
  readonly bytes?: number | undefined;
}

/** Headers of a request for the rest of a file of which `have` bytes are here; undefined where it has to begin anew. */
export function resumeHeaders(
  state: UpstreamState,
  have: number,
  hasProof: boolean,
): Readonly<Record<string, string>> | undefined {
  if (have === 0) return undefined;
  const range = `bytes=${have}-`;
  // RFC 9110 §13.1.5: a weak tag does not do, and a date does.
  const { etag, lastModified } = state;
  if (etag !== undefined && !etag.startsWith('W/')) return { Range: range, 'If-Range': etag };
  if (lastModified !== undefined) return { Range: range, 'If-Range': lastModified };
  // The digest of the whole will tell whether the parts belong together.
  return hasProof ? { Range: range } : undefined;
}

export interface RestAnswer {
  readonly status: number;
  readonly contentRange?: string | undefined;
}

export type ResumePlan =
  | { readonly do: 'append' }
  /** The whole file comes, and what is here goes. */
  | { readonly do: 'begin anew'; readonly because: string }
  | { readonly do: 'give up'; readonly because: string };

/** What an answer to a request with `resumeHeaders` is good for. */
export function decideResume(
  { status, contentRange }: RestAnswer,
  have: number,
  whole: number | undefined,
): ResumePlan {
  if (status === 200) return { do: 'begin anew', because: 'the upstream sends the whole file' };
  if (status === 416)
    return { do: 'give up', because: 'the upstream has no bytes behind those that are here' };
  if (status !== 206) return { do: 'give up', because: `the upstream answered ${status}` };
  const [, first, bytes] = /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15}|\*)$/.exec(contentRange ?? '') ?? [];
  if (first === undefined || Number(first) !== have)
    return {
      do: 'give up',
      because: `the upstream sent "${contentRange ?? ''}", and bytes from ${have} were asked for`,
    };
  if (whole !== undefined && bytes !== '*' && Number(bytes) !== whole)
    return { do: 'give up', because: `the file has ${bytes} bytes now, and had ${whole}` };
  return { do: 'append' };
}
