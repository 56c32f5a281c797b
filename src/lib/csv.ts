/**
 * Comma-separated values (RFC 4180), as spreadsheets write and read them: CR, LF and CRLF end a record, a byte order
 * mark may stand first, and what holds a comma, a quote or the end of a line stands in quotes.
 */

export interface CsvCell {
  readonly text: string;
  /** It stands in quotes: an empty one is there, one without quotes is not. */
  readonly isQuoted: boolean;
  /** Where it begins, from 1; columns are counted in UTF-16 code units. */
  readonly line: number;
  readonly column: number;
}

export type CsvRecord = readonly CsvCell[];

/** What is wrong with the text, and where. */
export class CsvError extends SyntaxError {
  override readonly name = 'CsvError';
  readonly line: number;
  readonly column: number;

  constructor(message: string, line: number, column: number) {
    super(message);
    this.line = line;
    this.column = column;
  }
}

const MARK = '\uFEFF';

/** Lines with nothing on them are passed over; spaces around what stands in no quotes mean nothing. @throws CsvError */
export function parseCsv(text: string): readonly CsvRecord[] {
  const reader = new CsvReader(text.startsWith(MARK) ? text.slice(MARK.length) : text);
  const records: CsvRecord[] = [];
  while (!reader.atEnd) {
    const record = reader.readRecord();
    const [only] = record;
    const isBlank = record.length === 1 && only?.text === '' && !only.isQuoted;
    if (!isBlank) records.push(record);
  }
  return records;
}

/** One record, with the end of its line. An undefined value is a cell that is not there, an empty text one that is. */
export function formatCsvRecord(values: readonly (string | undefined)[]): string {
  return `${values.map((value) => (value === undefined ? '' : formatCell(value))).join(',')}\r\n`;
}

function formatCell(text: string): string {
  const isPlain = text !== '' && !/[",\r\n]/.test(text) && text.trim() === text && !text.startsWith(MARK);
  return isPlain ? text : `"${text.replaceAll('"', '""')}"`;
}

class CsvReader {
  readonly #text: string;
  #at = 0;
  #line = 1;
  #lineStart = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  readRecord(): CsvRecord {
    const cells: CsvCell[] = [];
    for (;;) {
      cells.push(this.#readCell());
      if (this.#text[this.#at] !== ',') break;
      this.#at += 1;
    }
    this.#endLine();
    return cells;
  }

  #readCell(): CsvCell {
    const spaces = /[ \t]*/y;
    spaces.lastIndex = this.#at;
    const [skipped = ''] = spaces.exec(this.#text) ?? [];
    this.#at += skipped.length;
    if (this.#text[this.#at] === '"') return this.#readQuoted();
    const place = this.#place();
    const plain = /[^,"\r\n]*/y;
    plain.lastIndex = this.#at;
    const [text = ''] = plain.exec(this.#text) ?? [];
    this.#at += text.length;
    if (this.#text[this.#at] === '"')
      throw this.#wants(
        'a quote stands within a value: the whole value is to be quoted, and the quote doubled',
      );
    return { text: text.trim(), isQuoted: false, ...place };
  }

  #readQuoted(): CsvCell {
    const place = this.#place();
    this.#at += 1;
    let text = '';
    for (;;) {
      const end = this.#text.indexOf('"', this.#at);
      if (end === -1) throw new CsvError('a quote is not closed', place.line, place.column);
      text += this.#text.slice(this.#at, end);
      this.#countLines(end);
      this.#at = end + 1;
      if (this.#text[this.#at] !== '"') break;
      text += '"';
      this.#at += 1;
    }
    while (/^[ \t]$/.test(this.#text[this.#at] ?? '')) this.#at += 1;
    if (!/^[,\r\n]?$/.test(this.#text[this.#at] ?? ''))
      throw this.#wants('a comma or the end of the line is wanted behind a closing quote');
    return { text, isQuoted: true, ...place };
  }

  #endLine(): void {
    if (this.#text.startsWith('\r\n', this.#at)) this.#at += 2;
    else if (!this.atEnd) this.#at += 1;
    this.#line += 1;
    this.#lineStart = this.#at;
  }

  /** Within quotes, up to this place. */
  #countLines(end: number): void {
    const ends = /\r\n|\r|\n/g;
    ends.lastIndex = this.#at;
    for (let found = ends.exec(this.#text); found && found.index < end; found = ends.exec(this.#text)) {
      this.#line += 1;
      this.#lineStart = found.index + found[0].length;
    }
  }

  #place(): { readonly line: number; readonly column: number } {
    return { line: this.#line, column: this.#at - this.#lineStart + 1 };
  }

  #wants(message: string): CsvError {
    const { line, column } = this.#place();
    return new CsvError(message, line, column);
  }
}
