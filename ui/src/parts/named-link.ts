/** How the name of a thing looks where it leads to its page, in a table. */
export const NAMED_LINK =
  'inline-flex h-11 max-w-full items-center truncate font-medium hover:text-accent hover:underline';
