import { ErrorCode } from './packet.ts';

/**
 * Clients that end a transfer with an ERROR although nothing went wrong. One row for each way; the first that fits
 * counts. What fits none is a transfer that failed.
 */

export interface ClientError {
  readonly code: number;
  readonly message: string;
  /** The client has the OACK, and has not taken it up. */
  readonly negotiating: boolean;
  /** The OACK told it the size. */
  readonly sizeTold: boolean;
}

interface EarlyEnd {
  /** Who was seen to do so. */
  readonly clients: string;
  readonly fits: (error: ClientError) => boolean;
  readonly because: string;
}

const EARLY_ENDS: readonly EarlyEnd[] = [
  {
    // ERROR 8 "User aborted the transfer" and ERROR 0 "TFTP Aborted".
    clients: 'EDK2, Intel ROMs',
    fits: ({ code, negotiating, sizeTold }) =>
      negotiating && sizeTold && (code === ErrorCode.optionRefused || code === ErrorCode.notDefined),
    because: 'the client only wanted the size',
  },
  {
    // ERROR 0 "No error, file close".
    clients: 'pxelinux',
    fits: ({ code, message }) => code === ErrorCode.notDefined && /^no error\b/i.test(message),
    because: 'the client read as much as it wanted',
  },
  {
    // ERROR 3 "User provided memory block is too small": shim begins with 4 MiB and doubles that until it fits.
    clients: 'shim, through the PXE protocol of EDK2',
    fits: ({ code, message }) =>
      code === ErrorCode.diskFull && /user provided memory block is too small/i.test(message),
    because: 'the client had too little room for the file, and will ask again with more',
  },
];

/** Why an ERROR of the client is no failure, or undefined when it is one. */
export function whyNoFailure(error: ClientError): string | undefined {
  return EARLY_ENDS.find((row) => row.fits(error))?.because;
}
