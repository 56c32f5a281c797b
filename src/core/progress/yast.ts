import type { ProgressRow } from './progress-reader.ts';

/** Words of YaST, which runs its modules one after the other and names each in its log (`ProductControl`). */
export const YAST_WORDS: readonly ProgressRow[] = [
  { says: /\bRunning module: \(?"?(?:inst_autoinit|inst_autosetup|autoinit)\b/, step: 'answer file' },
  {
    says: /\bRunning module: \(?"?(?:inst_prepdisk|inst_disk)\b|\bCommitting libstorage actions\b/,
    step: 'disk',
  },
  { says: /\bRunning module: \(?"?(?:inst_kickoff|inst_deploy_image)\b/, step: 'base system' },
  { says: /\bRunning module: \(?"?(?:inst_rpmcopy|inst_doit)\b/, step: 'packages' },
  { says: /\bInstalling (?<doing>\S+) \((?<done>\d+)\/(?<total>\d+)\)/, step: 'packages' },
  { says: /\bbootloader_finish\b|\b(?:grub2-install|shim-install)\b/, step: 'boot loader' },
  { says: /\bRunning module: \(?"?(?:inst_finish|inst_autopost|autopost)\b/, step: 'configuration' },
  { says: /\b(?:copy_logs_finish|umount_finish)\b/, step: 'finishing' },
];
