import {
  AUDIT_KEEP,
  AUDIT_PRUNE_EVERY,
  type AuditEntry,
  type AuditFilter,
  type AuditStore,
  MAX_AUDIT_VALUE_LENGTH,
} from '../../core/people/audit.ts';
import type { Clock } from '../../lib/clock.ts';

export interface AuditServiceNeeds {
  readonly audit: AuditStore;
  readonly clock: Clock;
}

/** Who changed what. */
export class AuditService {
  readonly #needs: AuditServiceNeeds;
  /** Since the start: the first one looks. */
  #noted = 0;

  constructor(needs: AuditServiceNeeds) {
    this.#needs = needs;
  }

  async note({ before, after, ...entry }: Omit<AuditEntry, 'id' | 'atMs'>): Promise<void> {
    await this.#needs.audit.note({
      ...entry,
      atMs: this.#needs.clock.nowMs(),
      ...(before === undefined ? {} : { before: bounded(before) }),
      ...(after === undefined ? {} : { after: bounded(after) }),
    });
    if (this.#noted % AUDIT_PRUNE_EVERY === 0) await this.#needs.audit.prune(AUDIT_KEEP);
    this.#noted += 1;
  }

  list(filter: AuditFilter, limit: number): Promise<readonly AuditEntry[]> {
    return this.#needs.audit.list(filter, limit);
  }
}

function bounded(value: unknown): unknown {
  const { length } = JSON.stringify(value);
  return length <= MAX_AUDIT_VALUE_LENGTH
    ? value
    : { tooLarge: `${length} characters of JSON, and ${MAX_AUDIT_VALUE_LENGTH} are kept` };
}
