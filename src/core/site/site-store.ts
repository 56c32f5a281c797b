import type { SiteContents, SiteWrites } from './site-contents.ts';

/** Everything that is set up, at once. */
export interface SiteStore {
  contents(): Promise<SiteContents>;
  /**
   * Reads all, has it decided what to write, and writes all of that, in one transaction: nothing changes in between,
   * and where one thing cannot be written, nothing is. A database may ask again after a conflict.
   *
   * @param decide gives what to write, or undefined for nothing; that the writes fit together is for it to see to.
   */
  change(decide: (contents: SiteContents) => SiteWrites | undefined): Promise<void>;
}
