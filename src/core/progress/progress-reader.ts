import { percentAt, type StepName } from './steps.ts';

/** A line of an installer's log. */
export interface InstallerLine {
  /** Who says it, where the line tells. */
  readonly program?: string | undefined;
  readonly text: string;
}

/**
 * Words of an installer, and the step that they show. Groups of `says` tell how far the step is: `done` and `total`, or
 * `percent`; `total` alone is kept, for rows that count one by one. `doing` is what people are shown beside the step.
 */
export interface ProgressRow {
  /** Only of these programs. */
  readonly by?: RegExp;
  readonly says: RegExp;
  readonly step: StepName;
  /** How much of the step is done by then, 0 to 1, where no group tells. */
  readonly part?: number;
  /** It is one of the `total` that was told before. */
  readonly counts?: 'one';
}

/** How far an installer is. */
export interface ProgressHint {
  readonly step: StepName;
  /** Of the whole way. */
  readonly percent: number;
  readonly doing?: string;
}

/** Counts beyond this are of no installer. */
const MAX_COUNT = 1_000_000;
/** Characters of a line that are looked at: patterns take their time on longer ones, and words of ours stand before. */
const MAX_LOOKED_AT = 500;

/** Reads the lines of one install in their order: the first row that fits tells. */
export class ProgressReader {
  readonly #rows: readonly ProgressRow[];
  #total: number | undefined;
  #done = 0;

  constructor(rows: readonly ProgressRow[]) {
    this.#rows = rows;
  }

  read({ program = '', text }: InstallerLine): ProgressHint | undefined {
    const looked = text.slice(0, MAX_LOOKED_AT);
    for (const row of this.#rows) {
      if (row.by !== undefined && !row.by.test(program)) continue;
      const match = row.says.exec(looked);
      if (match) return this.#hint(row, match.groups ?? {});
    }
    return undefined;
  }

  #hint(row: ProgressRow, groups: Readonly<Record<string, string | undefined>>): ProgressHint {
    const part = this.#partOf(row, groups) ?? row.part;
    const doing = groups['doing']?.trim() ?? '';
    return { step: row.step, percent: percentAt(row.step, part), ...(doing === '' ? {} : { doing }) };
  }

  #partOf({ counts }: ProgressRow, groups: Readonly<Record<string, string | undefined>>): number | undefined {
    const done = countOf(groups['done']);
    const total = countOf(groups['total']);
    const percent = countOf(groups['percent']);
    if (percent !== undefined) return percent / 100;
    if (done !== undefined && total !== undefined) return total === 0 ? undefined : done / total;
    if (total !== undefined) {
      this.#total = total;
      this.#done = 0;
      return undefined;
    }
    if (counts === undefined || this.#total === undefined || this.#total === 0) return undefined;
    this.#done += 1;
    return this.#done / this.#total;
  }
}

function countOf(digits: string | undefined): number | undefined {
  if (digits === undefined) return undefined;
  const count = Number(digits);
  return Number.isInteger(count) && count <= MAX_COUNT ? count : undefined;
}
