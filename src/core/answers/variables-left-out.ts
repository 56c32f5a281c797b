import type { AnswerKind } from '../images/image.ts';

const NOTHING_RUNS = 'its installer runs nothing of ours';
const NO_HASHES =
  'Windows takes no hash and no key: its account has no password, and only its console is open';

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
  autoinstall: {
    root_filesystem: "the installer's layouts are of ext4, and others are refused",
    tasks: '`packages` alone',
  },
  autoyast: {
    tasks: 'patterns stand in `packages`, as `@name`',
    mirror: 'packages come from the tree, others from `repositories`',
  },
  agama: {
    tasks: 'patterns stand in `packages`, as `@name`',
    mirror: 'packages come from the medium, others from `repositories` or `inst.install_url=`',
    proxy: "it stands among the arguments of the installer's kernel, as `proxy=`",
  },
  ignition: {
    swap_megabytes: 'it has no swap',
    packages: 'its system is one image; programs run in containers',
    tasks: 'its system is one image',
    mirror: 'only Flatcar takes its image from there (`-b` of flatcar-install)',
    mirror_unsigned: 'its system is one image',
    proxy: 'it fetches no packages',
    repositories: 'its system is one image',
  },
  alpine: {
    locale: 'its C library has none',
    tasks: '`packages` alone',
    mirror_unsigned: 'it takes packages that are signed alone',
    repositories: 'there is one `mirror`',
  },
  proxmox: {
    user: 'people log in as root',
    user_password_hash: 'people log in as root',
    user_ssh_keys: 'people log in as root',
    ntp_servers: NOTHING_RUNS,
    packages: NOTHING_RUNS,
    tasks: NOTHING_RUNS,
    mirror: NOTHING_RUNS,
    mirror_unsigned: NOTHING_RUNS,
    proxy: NOTHING_RUNS,
    repositories: NOTHING_RUNS,
    boot_arguments: NOTHING_RUNS,
    post_commands: NOTHING_RUNS,
    post_script: NOTHING_RUNS,
  },
  esxi: {
    partitioning: 'it divides the disk as it likes',
    root_filesystem: 'it divides the disk as it likes',
    swap_megabytes: 'it divides the disk as it likes',
    user: 'people log in as root',
    user_password_hash: 'people log in as root',
    user_ssh_keys: 'people log in as root',
    timezone: 'its clock is always UTC',
    locale: 'it speaks English',
    packages: 'it has none',
    tasks: 'it has none',
    mirror: 'it has no packages',
    mirror_unsigned: 'it has no packages',
    proxy: 'it has no packages',
    repositories: 'it has no packages',
    boot_arguments: 'they are those of its installer',
  },
  unattend: {
    partitioning: 'Windows has one way',
    root_filesystem: 'Windows has one way',
    swap_megabytes: 'Windows has one way',
    root_password_hash: NO_HASHES,
    root_ssh_keys: NO_HASHES,
    user_password_hash: NO_HASHES,
    user_ssh_keys: NO_HASHES,
    keyboard: 'that of `locale`',
    address: 'DHCP alone',
    prefix: 'DHCP alone',
    gateway: 'DHCP alone',
    dns_servers: 'DHCP alone',
    interface: 'DHCP alone',
    ntp_servers: "Windows' own",
    packages: 'it has none',
    tasks: 'it has none',
    mirror: 'it has no packages',
    mirror_unsigned: 'it has no packages',
    proxy: 'it has no packages',
    repositories: 'it has no packages',
    boot_arguments: 'it has none',
    post_script: '`post_commands` alone',
  },
  script: { tasks: '`packages` alone' },
};
