/** How a link in a table looks: as high as its row, and no wider than its cell. */
export const ROW_LINK =
  'inline-block max-w-full truncate align-middle leading-11 hover:text-accent hover:underline';
/** How the name of a thing looks where it leads to its page, in a table. */
export const NAMED_LINK = `${ROW_LINK} font-medium`;
