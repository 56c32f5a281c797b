import { checkConditions, type Conditions, rangeCounts, type Validators } from './conditions.ts';
import { chooseRange, formatContentRange, formatUnsatisfiedRange } from './range.ts';

export interface FileRequest extends Conditions {
  readonly method: string;
  readonly range?: string | undefined;
  readonly ifRange?: string | undefined;
}

/** What to answer for a file that is there. */
export interface FileResponse {
  readonly status: 200 | 206 | 304 | 412 | 416;
  /** Bytes of the body that a GET gets; with 304 there is none to speak of. */
  readonly contentLength?: number;
  readonly contentRange?: string;
  /** The bytes to send; undefined where no body goes out. */
  readonly part?: { readonly first: number; readonly length: number };
}

/** Conditions first, then the range (RFC 9110 §13.2.2); a range counts for GET alone (§14.2). */
export function chooseFileResponse(request: FileRequest, size: number, validators: Validators): FileResponse {
  const standing = checkConditions(request, validators);
  if (standing === 'not modified') return { status: 304 };
  if (standing === 'failed') return { status: 412, contentLength: 0 };
  const isRange = request.method === 'GET' && rangeCounts(request.ifRange, validators);
  const range = chooseRange(isRange ? request.range : undefined, size);
  switch (range.send) {
    case 'nothing':
      return { status: 416, contentLength: 0, contentRange: formatUnsatisfiedRange(size) };
    case 'part': {
      const { first, last } = range;
      const length = last - first + 1;
      const contentRange = formatContentRange(first, last, size);
      return { status: 206, contentLength: length, contentRange, part: { first, length } };
    }
    case 'whole':
      return {
        status: 200,
        contentLength: size,
        ...(request.method === 'HEAD' ? {} : { part: { first: 0, length: size } }),
      };
    default:
      return range satisfies never;
  }
}
