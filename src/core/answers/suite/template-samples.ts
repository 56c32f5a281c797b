import type { AnswerKind } from '../../images/image.ts';
import { sideFile } from '../side-files.ts';
import { FULL_VARIABLES, renderAnswer, sampleImage, sampleMachine, URLS } from './answer-samples.ts';

type Variables = Readonly<Record<string, string>>;

/** Every variable set to something, for kinds that take all of them. */
export const ALL_VARIABLES: Variables = {
  ...FULL_VARIABLES,
  root_filesystem: 'ext4',
  swap_megabytes: '2048',
  address: '192.168.122.50',
  prefix: '25',
  gateway: '192.168.122.1',
  dns_servers: '192.168.122.1 fd00::1',
  interface: '52:54:00:AB:CD:EF',
  packages: 'vim tmux',
  boot_arguments: 'console=tty0 console=ttyS0,115200',
  post_script: "#!/bin/sh\n# it's 100% $(plain)]]>\necho done > /root/done",
};

export interface TemplateSample {
  /** Of its golden. */
  readonly name: string;
  readonly kind: AnswerKind;
  readonly title: string;
  readonly release: string;
  readonly family?: string;
  readonly architecture?: string;
  readonly variables: Variables;
  /** A file beside the answer file, in its place. */
  readonly beside?: string;
}

const PROXMOX: Variables = { disk: 'sda', domain: 'example.org', root_password_hash: '$6$salt$hash' };
const PROXMOX_FULL: Variables = { ...ALL_VARIABLES, disk: 'nvme0n1' };
const FLATCAR = {
  kind: 'ignition',
  title: 'Flatcar 4230.2.3',
  release: '4230.2.3',
  family: 'flatcar',
} as const;
const COREOS = { kind: 'ignition', title: 'Fedora CoreOS 42', release: '42', family: 'coreos' } as const;
const ALPINE = { kind: 'alpine', title: 'Alpine Linux 3.22.1', release: '3.22.1' } as const;
const LEAP_16 = { kind: 'agama', title: 'openSUSE Leap 16.0', release: '16.0' } as const;
const SLES_16 = { kind: 'agama', title: 'SUSE Linux Enterprise Server 16.0', release: '16.0' } as const;
const NOBLE = { kind: 'autoinstall', title: 'Ubuntu-Server 24.04', release: '24.04' } as const;
const LEAP_15 = { kind: 'autoyast', title: 'openSUSE Leap 15.6', release: '15.6' } as const;
const ARCH = { kind: 'script', title: 'Arch Linux 2025.11.01', release: '2025.11.01' } as const;

/** What was looked through, by family and release: as little as it needs, and all it can be told. */
export const TEMPLATE_SAMPLES: readonly TemplateSample[] = [
  {
    name: 'ubuntu-20.04.user-data',
    kind: 'autoinstall',
    title: 'Ubuntu-Server 20.04',
    release: '20.04',
    variables: {},
  },
  {
    name: 'ubuntu-22.04-dhcp.user-data',
    kind: 'autoinstall',
    title: 'Ubuntu-Server 22.04',
    release: '22.04',
    variables: { interface: 'enp3s0', swap_megabytes: '0', post_script: 'echo plain' },
  },
  {
    name: 'ubuntu-25.10.user-data',
    kind: 'autoinstall',
    title: 'Ubuntu-Server 25.10',
    release: '25.10',
    variables: { user: 'anna', partitioning: 'lvm' },
  },
  { name: 'ubuntu-24.04.user-data', ...NOBLE, variables: { disk: 'nvme0n1' } },
  { name: 'ubuntu-24.04-full.user-data', ...NOBLE, variables: ALL_VARIABLES },
  { name: 'ubuntu-24.04.meta-data', ...NOBLE, variables: {}, beside: 'meta-data' },
  { name: 'ubuntu-24.04.vendor-data', ...NOBLE, variables: {}, beside: 'vendor-data' },
  { name: 'leap-15.6.xml', ...LEAP_15, variables: {} },
  { name: 'leap-15.6-full.xml', ...LEAP_15, variables: ALL_VARIABLES },
  {
    name: 'sles-12.5.xml',
    kind: 'autoyast',
    title: 'SUSE Linux Enterprise Server 12 SP5',
    release: '12.5',
    variables: { ntp_servers: '192.168.122.1', interface: 'eth0', swap_megabytes: '0' },
  },
  {
    name: 'sles-15.6-full.xml',
    kind: 'autoyast',
    title: 'SUSE Linux Enterprise Server 15 SP6',
    release: '15.6',
    variables: { ...ALL_VARIABLES, partitioning: 'btrfs', root_filesystem: '' },
  },
  {
    name: 'tumbleweed.xml',
    kind: 'autoyast',
    title: 'openSUSE Tumbleweed',
    release: '20251101',
    variables: { disk: 'sda', packages: '@devel_basis git' },
  },
  { name: 'leap-16.0.json', ...LEAP_16, variables: {} },
  { name: 'leap-16.0-full.json', ...LEAP_16, variables: { ...ALL_VARIABLES, partitioning: 'plain' } },
  { name: 'leap-16.0-prepare.sh', ...LEAP_16, variables: {}, beside: 'prepare.sh' },
  { name: 'sles-16.0-full.json', ...SLES_16, variables: { ...ALL_VARIABLES, packages: '@base vim' } },
  { name: 'sles-16.0-prepare.sh', ...SLES_16, variables: ALL_VARIABLES, beside: 'prepare.sh' },
  { name: 'fedora-coreos-42.ign', ...COREOS, variables: {} },
  { name: 'fedora-coreos-42-full.ign', ...COREOS, variables: { ...ALL_VARIABLES, partitioning: 'btrfs' } },
  { name: 'fedora-coreos-42-live.ign', ...COREOS, variables: {}, beside: 'live.ign' },
  { name: 'flatcar.ign', ...FLATCAR, variables: {} },
  { name: 'flatcar-full.ign', ...FLATCAR, variables: { ...ALL_VARIABLES, partitioning: 'plain' } },
  { name: 'flatcar-live.ign', ...FLATCAR, variables: ALL_VARIABLES, beside: 'live.ign' },
  { name: 'alpine-3.22.answers', ...ALPINE, variables: {} },
  { name: 'alpine-3.22-full.answers', ...ALPINE, variables: ALL_VARIABLES },
  { name: 'alpine-3.22-install.sh', ...ALPINE, variables: {}, beside: 'muster.apkovl.tar.gz' },
  {
    name: 'alpine-3.22-full-install.sh',
    ...ALPINE,
    variables: ALL_VARIABLES,
    beside: 'muster.apkovl.tar.gz',
  },
  {
    name: 'proxmox-ve-8.2.toml',
    kind: 'proxmox',
    title: 'Proxmox VE 8.2-2',
    release: '8.2',
    variables: PROXMOX,
  },
  {
    name: 'proxmox-ve-9.0-full.toml',
    kind: 'proxmox',
    title: 'Proxmox VE 9.0-1',
    release: '9.0',
    variables: PROXMOX_FULL,
  },
  {
    name: 'proxmox-backup-4.0-btrfs.toml',
    kind: 'proxmox',
    title: 'Proxmox Backup Server 4.0-1',
    release: '4.0',
    variables: { ...PROXMOX, partitioning: 'btrfs' },
  },
  {
    name: 'esxi-8.0.cfg',
    kind: 'esxi',
    title: 'VMware ESXi 8.0.3',
    release: '8.0.3',
    variables: { root_password_hash: '$6$salt$hash' },
  },
  {
    name: 'esxi-7.0-full.cfg',
    kind: 'esxi',
    title: 'VMware ESXi 7.0.3',
    release: '7.0.3',
    variables: { ...ALL_VARIABLES, disk: 'mpx.vmhba0:C0:T0:L0' },
  },
  { name: 'windows.xml', kind: 'unattend', title: 'Windows', release: '', variables: {} },
  {
    name: 'windows-full.xml',
    kind: 'unattend',
    title: 'Windows',
    release: '',
    variables: { ...ALL_VARIABLES, disk: '1' },
  },
  { name: 'arch.sh', ...ARCH, variables: {} },
  {
    name: 'arch-btrfs.sh',
    ...ARCH,
    variables: { partitioning: 'btrfs', swap_megabytes: '1024', disk: 'vda' },
  },
  { name: 'arch-full.sh', ...ARCH, variables: ALL_VARIABLES },
];

/** What comes of a sample, which must come. */
export function renderSample(sample: TemplateSample): string {
  const { kind, title, release, family, architecture, variables, beside } = sample;
  const side = beside === undefined ? undefined : sideFile(kind, beside);
  const answer = renderAnswer({
    kind,
    machine: sampleMachine(),
    profile: { name: 'web', variables },
    image: {
      ...sampleImage(title, release, kind),
      ...(family === undefined ? {} : { family }),
      ...(architecture === undefined ? {} : { architecture }),
    },
    urls: { ...URLS, answer: `${URLS.report}/${kind}` },
    ...(side === undefined ? {} : { template: side.template, templateName: side.name }),
  });
  if (!answer.rendered) throw new Error(`${sample.name}: ${answer.because}`);
  return answer.text;
}

export function sampleNamed(name: string): TemplateSample {
  const sample = TEMPLATE_SAMPLES.find((one) => one.name === name);
  if (!sample) throw new Error(`there is no sample "${name}"`);
  return sample;
}
