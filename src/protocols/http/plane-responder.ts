import { chooseFileResponse } from './file-response.ts';
import { PlaneAnswer } from './plane-answer.ts';
import type { ServedFile } from './plane-messages.ts';
import type { RequestHead } from './request-head.ts';
import { fileResponseHead } from './response-head.ts';

/** Turns a request for a file into the answer that is sent. */
export class PlaneResponder {
  readonly #date: () => string;
  #dateText = '';
  #dateUntilMs = 0;

  /** @param date the time as HTTP writes it. */
  constructor(date: () => string) {
    this.#date = date;
  }

  /** @param mayStayOpen whether more may be asked on that connection. */
  answer(head: RequestHead, file: ServedFile, mayStayOpen: boolean, nowMs: number): PlaneAnswer {
    const response = chooseFileResponse(wishOf(head), file.size, file.validators);
    const keepsOpen = head.keepsOpen && mayStayOpen;
    const text = fileResponseHead(response, file, { keepsOpen, date: this.#dateAt(nowMs) });
    return new PlaneAnswer(file, text, response, { keepsOpen, nowMs });
  }

  #dateAt(nowMs: number): string {
    if (nowMs >= this.#dateUntilMs) {
      this.#dateText = this.#date();
      this.#dateUntilMs = nowMs + 1000;
    }
    return this.#dateText;
  }
}

function wishOf({ method, headers }: RequestHead): Parameters<typeof chooseFileResponse>[0] {
  return {
    method,
    range: headers.range,
    ifRange: headers['if-range'],
    ifMatch: headers['if-match'],
    ifNoneMatch: headers['if-none-match'],
    ifModifiedSince: headers['if-modified-since'],
    ifUnmodifiedSince: headers['if-unmodified-since'],
  };
}
