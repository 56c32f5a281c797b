import type { IpAddress } from '../lib/addresses.ts';
import type { ByteSource } from '../lib/byte-source.ts';
import type { RequestPath } from '../protocols/http/request-path.ts';

/** A request of a machine, as the doors behind the HTTP server see it. */
export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly path: RequestPath;
  readonly query: ReadonlyMap<string, string>;
  readonly clientAddress: IpAddress;
  readonly localAddress: IpAddress;
  readonly contentType: string;
  /** Of a POST, at most so many bytes, or `MAX_BODY_BYTES`; undefined when it is longer. */
  readonly readBody: (mostBytes?: number) => Promise<string | undefined>;
}

/** How the bytes of an answer went. */
export interface Sent {
  readonly status: number;
  /** Body bytes handed to the system. */
  readonly bytes: number;
  /** All of what was asked for is on its way; false when the client went away or the file could not be read on. */
  readonly isComplete: boolean;
  readonly milliseconds: number;
}

/** What to answer; the server shell knows how. */
export type HttpAnswer =
  | {
      readonly send: 'text';
      readonly status: number;
      readonly text: string | Uint8Array;
      /** `text/plain` unless told. */
      readonly contentType?: string;
      readonly allow?: string;
      readonly onSent?: (sent: Sent) => void;
    }
  | {
      readonly send: 'file';
      /** Closed by the server shell, however it ends. */
      readonly source: ByteSource;
      readonly mtimeMs: number;
      /** `never`: it is made for whoever asks, at this moment; it has no tag and no time then. */
      readonly cache?: 'never';
      readonly contentType: string;
      /** In place of one made of size and time; `none`: nothing tells this state of the file from another yet. */
      readonly etag?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly onSent: (sent: Sent) => void;
    };

export function plainText(status: number, sentence: string): HttpAnswer {
  return { send: 'text', status, text: `${sentence}\n` };
}

export function methodNotAllowed(allow: string): HttpAnswer {
  return { send: 'text', status: 405, text: `Only ${allow} can be asked for here\n`, allow };
}
