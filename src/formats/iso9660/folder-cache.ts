import type { FolderListing } from './folder-listing.ts';

/** What listings may take in memory for each open disc, roughly; the largest that a folder can have is 32 MiB. */
const MAX_WEIGHT = 40 * 2 ** 20;
/** What a listing takes that has nothing in it. */
const LISTING_WEIGHT = 1000;

/** Listings that were read lately, by the block of their folder. */
export class FolderCache {
  /** The one used last stands last. */
  readonly #listings = new Map<number, FolderListing>();
  #latest: FolderListing | undefined;
  #weight = 0;

  get(block: number): FolderListing | undefined {
    // Whoever reads a folder asks for it again and again.
    if (this.#latest?.block === block) return this.#latest;
    const listing = this.#listings.get(block);
    if (listing === undefined) return undefined;
    this.#listings.delete(block);
    this.#listings.set(block, listing);
    this.#latest = listing;
    return listing;
  }

  add(listing: FolderListing): void {
    if (this.#listings.has(listing.block)) return;
    this.#listings.set(listing.block, listing);
    this.#latest = listing;
    this.#weight += weightOf(listing);
    for (const [block, oldest] of this.#listings) {
      if (this.#weight <= MAX_WEIGHT || oldest === listing) break;
      this.#listings.delete(block);
      this.#weight -= weightOf(oldest);
    }
  }
}

function weightOf(listing: FolderListing): number {
  return LISTING_WEIGHT + listing.weight;
}
