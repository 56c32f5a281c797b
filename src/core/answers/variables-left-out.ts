import type { AnswerKind } from '../images/image.ts';

/**
 * Variables that the answer files of a kind have no use for, with the reason; all others mean the same in every one.
 */
export const LEFT_OUT: Readonly<Partial<Record<AnswerKind, Readonly<Record<string, string>>>>> = {
  kickstart: {
    root_filesystem: 'not yet',
    swap_megabytes: 'not yet',
    address: 'not yet',
    prefix: 'not yet',
    gateway: 'not yet',
    dns_servers: 'not yet',
    interface: 'not yet',
    post_script: 'not yet',
    tasks: 'groups stand in `packages`',
    mirror: 'packages come from the tree, others from `repositories`',
    mirror_unsigned: 'it looks at no signatures of a whole mirror',
  },
  preseed: {
    root_filesystem: 'not yet',
    swap_megabytes: 'not yet',
    address: 'not yet',
    prefix: 'not yet',
    gateway: 'not yet',
    dns_servers: 'not yet',
    interface: 'not yet',
    post_script: 'not yet',
    repositories: 'there is one `mirror`',
  },
};
