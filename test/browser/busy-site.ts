/** A site with machines of every kind: one that installs, one that waits, one that failed, one nobody has seen. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { writeTree } from '../../src/formats/iso9660/suite/real-discs.ts';
import { Udhcpc } from '../clients/dhcp-client-programs.ts';
import {
  CLASSIC_SUBNET,
  EVENT_WAIT,
  type MusterInNamespace,
  type Segment,
  SERVER_ADDRESS,
} from '../clients/muster-in-namespace.ts';
import type { NetworkNamespace } from '../clients/namespace.ts';

const MACHINE_HTTP = `http://${SERVER_ADDRESS}:8080`;
const KERNEL_BYTES = 300_000;

export interface MachineInSite {
  readonly name: string;
  readonly mac: string;
  readonly labels: readonly string[];
}

export const WEB01: MachineInSite = {
  name: 'web01',
  mac: '52:54:00:12:34:01',
  labels: ['rack=a1', 'role=web'],
};
export const WEB02: MachineInSite = {
  name: 'web02',
  mac: '52:54:00:12:34:02',
  labels: ['rack=a1', 'role=web'],
};
export const DB01: MachineInSite = { name: 'db01', mac: '52:54:00:12:34:03', labels: ['rack=a2', 'role=db'] };

export class BusySite {
  readonly muster: MusterInNamespace;
  readonly #segment: Segment;
  readonly #clients: Udhcpc[] = [];

  constructor(muster: MusterInNamespace, segment: Segment) {
    this.muster = muster;
    this.#segment = segment;
  }

  /** What is set up before any machine is switched on. */
  async setUp(): Promise<void> {
    const tree = join(this.muster.folder, 'centos');
    writeTree(tree, {
      '.treeinfo':
        '[general]\nfamily = CentOS\nversion = 7\narch = x86_64\n[images-x86_64]\nkernel = images/pxeboot/vmlinuz\ninitrd = images/pxeboot/initrd.img\n',
      'images/pxeboot/vmlinuz': 'k'.repeat(KERNEL_BYTES),
      'images/pxeboot/initrd.img': 'i'.repeat(KERNEL_BYTES),
      'repodata/repomd.xml': '<repomd/>',
    });
    await this.muster.run('subnet', 'add', 'lab', ...CLASSIC_SUBNET);
    await this.muster.run('image', 'add', tree, '--name', 'centos-7');
    await this.muster.run('profile', 'set', 'web', '--image', 'centos-7');
    const list = join(this.muster.folder, 'machines.csv');
    const rows = [WEB01, WEB02, DB01].map(({ name, mac, labels }) =>
      [name, mac, ...labels.map(valueOf)].join(','),
    );
    writeFileSync(list, `name,mac,label.rack,label.role\n${rows.join('\n')}\n`);
    await this.muster.run('machine', 'import', list);
  }

  async add({ name, mac, labels }: MachineInSite): Promise<void> {
    const words = labels.flatMap((label) => ['--label', label]);
    await this.muster.run('machine', 'add', name, '--mac', mac, ...words);
  }

  /** And what some pages show besides machines: a wave, people, programs, who is told. */
  async setUpRest(): Promise<void> {
    await this.muster.run('wave', 'start', 'floor', WEB02.name, '--profile', 'web', '--at-once', '4');
    await this.muster.run('user', 'add', 'vera', '--role', 'viewer');
    await this.muster.run('token', 'add', 'pipeline', '--user', 'vera');
    const secret = join(this.muster.folder, 'hook-key');
    writeFileSync(secret, 'k'.repeat(32), { mode: 0o600 });
    const told = ['--url', 'https://chat.example/muster', '--secret-file', secret];
    await this.muster.run('hook', 'add', 'chat', '--events', 'mirror.*', ...told);
    await this.muster.run('group', 'put', 'rack-a1', '--selector', 'rack=a1');
    const motd = join(this.muster.folder, 'motd.j2');
    writeFileSync(motd, 'hello of {{ machine.name }}\n');
    await this.muster.run('snippet', 'put', 'motd', motd);
  }

  /** @returns its namespace, with an address. */
  async switchOn({ mac }: MachineInSite): Promise<NetworkNamespace> {
    const machine = await this.#segment.plugIn(mac);
    const client = new Udhcpc(machine);
    this.#clients.push(client);
    client.start();
    await client.told('bound');
    return machine;
  }

  /** It boots, and asks what to do: of one that waits for its turn this is heard. */
  async asks(one: MachineInSite): Promise<void> {
    await fetched(await this.switchOn(one), `${MACHINE_HTTP}/boot/boot.ipxe`);
  }

  async arm({ name }: MachineInSite): Promise<void> {
    await this.muster.run('install', name, '--profile', 'web', '--erase');
  }

  /** It boots as far as its loader asks what to do. */
  async boots(one: MachineInSite): Promise<{ readonly machine: NetworkNamespace; readonly script: string }> {
    const machine = await this.switchOn(one);
    return { machine, script: await fetched(machine, `${MACHINE_HTTP}/boot/boot.ipxe`) };
  }

  /** It boots and installs up to some packages. @returns what its installer says from then on. */
  async installs(one: MachineInSite): Promise<Installer> {
    await this.arm(one);
    const { machine, script } = await this.boots(one);
    const report = /http:\/\/[\d.:]+\/installs\/[\da-f]{32}\//.exec(script)?.[0];
    if (report === undefined) throw new Error(`No install is offered to ${one.name}: ${script}`);
    for (const [, url = ''] of script.matchAll(/^(?:kernel|initrd)[^\n]*?(http:\S+)/gm))
      await fetched(machine, url);
    const installer = new Installer(machine, report);
    await installer.gets('ks.cfg');
    await installer.posts('log', 'the installer says so\nand goes on\n');
    await installer.posts('progress', 'step=packages&percent=42');
    await vi.waitFor(() => expect(this.muster.told('install.progressed')).not.toHaveLength(0), EVENT_WAIT);
    return installer;
  }

  async close(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()));
  }
}

/** What a real installer tells of itself, over its own network. */
export class Installer {
  readonly #machine: NetworkNamespace;
  readonly #report: string;

  constructor(machine: NetworkNamespace, report: string) {
    this.#machine = machine;
    this.#report = report;
  }

  async gets(file: string): Promise<string> {
    return await fetched(this.#machine, `${this.#report}${file}`);
  }

  async posts(path: string, data: string): Promise<void> {
    await this.#machine.run('curl', ['-sS', '--fail', '--data-binary', data, `${this.#report}${path}`]);
  }
}

async function fetched(machine: NetworkNamespace, url: string): Promise<string> {
  return (await machine.run('curl', ['-sS', '--fail', url])).stdout;
}

/** Of a label as the command line takes it. */
function valueOf(label: string): string {
  return label.slice(label.indexOf('=') + 1);
}
