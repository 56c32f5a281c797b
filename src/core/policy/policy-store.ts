import type { Policy } from './policy.ts';

export interface PolicyStore {
  /** The default policy until one was put. */
  get(): Promise<Policy>;
  put(policy: Policy): Promise<void>;
}
