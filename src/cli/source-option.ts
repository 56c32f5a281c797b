import { Option } from 'commander';

/** `auto` takes a wish away. */
const SOURCE_CHOICES = ['http', 'ftp', 'nfs', 'auto'] as const;
export type SourceChoice = (typeof SOURCE_CHOICES)[number];

/** `--source`: over what installers get the tree of an image. */
export function sourceOption(what: string): Option {
  return new Option('--source <source>', `${what}; auto: the first way that is open`).choices(SOURCE_CHOICES);
}
