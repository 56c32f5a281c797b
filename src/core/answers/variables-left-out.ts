import type { AnswerKind } from '../images/image.ts';

/**
 * Variables that the answer files of a kind have no use for, with the reason; all others mean the same in every one.
 */
export const LEFT_OUT: Readonly<Partial<Record<AnswerKind, Readonly<Record<string, string>>>>> = {
  kickstart: {
    tasks: 'groups stand in `packages`',
    mirror: 'packages come from the tree, others from `repositories`',
    mirror_unsigned: 'it looks at no signatures of a whole mirror',
  },
  preseed: {
    repositories: 'there is one `mirror`',
  },
};
