import { Environment } from 'minijinja-js';
import { parseMac, parseUuid } from '../../../lib/addresses.ts';
import type { AnswerKind, Image } from '../../images/image.ts';
import type { Machine } from '../../machines/machine.ts';
import {
  answerFrom,
  prepareAnswer,
  type AnswerInput,
  type AnswerUrls,
  type RenderedAnswer,
} from '../render-answer.ts';
import type { Snippet } from '../snippet.ts';
import { runTemplate } from '../template-engine.ts';
import type { TemplateJob, TemplateOutcome } from '../template-job.ts';

type Variables = Readonly<Record<string, string>>;

export const URLS: AnswerUrls = {
  source: { protocol: 'http', url: 'http://192.168.122.1:8080/images/sample' },
  answer: 'http://192.168.122.1:8080/installs/0123456789abcdef0123456789abcdef/ks.cfg',
  report: 'http://192.168.122.1:8080/installs/0123456789abcdef0123456789abcdef',
  mirrors: 'http://192.168.122.1:8080/mirrors',
};

export function sampleMachine(variables: Variables = {}): Machine {
  return {
    id: 'm-0123456789ab',
    name: 'web01',
    macs: [parseMac('52:54:00:12:34:56')],
    uuid: parseUuid('12345678-9abc-def0-1122-334455667788'),
    labels: {},
    variables,
    createdAtMs: 0,
  };
}

export function sampleImage(title: string, release: string, answerKind: AnswerKind): Image {
  return {
    name: 'sample',
    folder: '/srv/sample',
    family: answerKind === 'preseed' ? 'debian' : 'rhel',
    title,
    release,
    architecture: 'x86_64',
    kernel: 'linux',
    initrds: ['initrd.gz'],
    answerKind,
    addedAtMs: 0,
  };
}

/** The engine in this thread, as it is; templates of tests do not fill its memory. */
export function renderHere(job: TemplateJob): TemplateOutcome {
  return runTemplate(job, Environment);
}

export function renderAnswer(input: AnswerInput): RenderedAnswer {
  const prepared = prepareAnswer(input);
  return prepared.prepared
    ? answerFrom(renderHere(prepared.job))
    : { rendered: false, because: prepared.because };
}

/** What a template of one's own gives, for Debian 12. */
export function renderTemplate(
  template: string,
  {
    machine = {},
    profile = {},
    snippets = [],
  }: {
    readonly machine?: Variables;
    readonly profile?: Variables;
    readonly snippets?: readonly Snippet[];
  } = {},
): RenderedAnswer {
  return renderAnswer({
    kind: 'preseed',
    template,
    snippets,
    machine: sampleMachine(machine),
    profile: { name: 'web', variables: profile },
    image: sampleImage('Debian 12 (bookworm)', '12', 'preseed'),
    urls: URLS,
    mirrorNames: ['debian', 'rocky-9'],
  });
}

/** What a template that comes with Muster gives; it must. */
export function renderDefault(
  kind: AnswerKind,
  title: string,
  release: string,
  variables: Variables = {},
  more: Partial<AnswerInput> = {},
): string {
  const answer = renderAnswer({
    kind,
    machine: sampleMachine(),
    profile: { name: 'web', variables },
    image: sampleImage(title, release, kind),
    urls: URLS,
    ...more,
  });
  if (!answer.rendered) throw new Error(answer.because);
  return answer.text;
}

/** Every variable set, each to what its kind allows at its worst. */
export const FULL_VARIABLES: Variables = {
  disk: '/dev/disk/by-id/virtio-0001',
  partitioning: 'lvm',
  root_filesystem: 'xfs',
  swap_megabytes: '2048',
  address: '192.168.122.50',
  prefix: '23',
  gateway: '192.168.122.1',
  dns_servers: '192.168.122.1 fd00::1',
  interface: '52:54:00:AB:CD:EF',
  root_password_hash: '$6$salt$0123456789abcdefghijklmnopqrstuvwxyz./',
  root_ssh_keys: "ssh-ed25519 AAAAC3Nza root's key $(reboot)\nssh-rsa AAAAB3Nza two@example.org",
  user: 'anna',
  user_password_hash: '$y$j9T$salt$hash',
  user_ssh_keys: 'ssh-ed25519 AAAAC3Nza anna@example.org',
  timezone: 'Europe/Zurich',
  locale: 'de_CH.UTF-8',
  keyboard: 'ch',
  domain: 'example.org',
  ntp_servers: '192.168.122.1 192.168.122.2',
  packages: '@development vim-enhanced',
  tasks: 'ssh-server',
  mirror: 'http://192.168.122.1:8080/images/debian-mirror',
  mirror_unsigned: 'yes',
  proxy: 'http://192.168.122.1:3128',
  repositories: 'extra=http://192.168.122.1:8080/images/extra',
  boot_arguments: 'console=tty0 console=ttyS0,115200 x="a b"',
  post_commands:
    String.raw`printf 'it is %s\n' "$(hostname)" > /etc/motd` + '\nsystemctl enable "serial-getty@ttyS0"',
  post_script: String.raw`#!/bin/sh` + '\n# a comment\n\n\techo "%end\\n" > /etc/issue\n',
};
