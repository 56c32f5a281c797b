import type { Ipv4Address, MacAddress } from '../lib/addresses.ts';
import { type ByteSource, sourceOfText } from '../lib/byte-source.ts';
import { safeFileName } from '../protocols/tftp/file-name.ts';
import type { ClientTraits } from '../protocols/tftp/quirks.ts';
import { loaderNamed } from '../core/boot/loaders.ts';
import { parsePxelinuxName, type PxelinuxName } from '../core/boot/pxelinux-name.ts';
import type { InstallStore } from '../core/install/install-store.ts';
import { PxelinuxConfigs, type PxelinuxConfigsNeeds } from './boot-files-config.ts';
import { LikeFiles } from './boot-files-likeness.ts';
import { TreeLoaders, type TreeLoadersNeeds } from './boot-files-loaders.ts';
import { isExpectedMiss } from './boot-files-misses.ts';
import type { Asker, WhoAsks } from './who-asks.ts';

/** Whom a file is for and what it is called in the timeline. */
export interface FileBearing {
  readonly label: string;
  /** The machine's name, or else its MAC address, or else its address. */
  readonly who: string;
  readonly machineId?: string;
  readonly mac?: MacAddress;
  readonly installId?: string;
  /** Why this file was given for the name that was asked for, where they differ. */
  readonly because?: string;
}

export type FileAnswer =
  | ({
      readonly found: true;
      /** `everyone`: whoever asks for this name now gets the same file, and nothing else happens by it. */
      readonly holdsFor: 'everyone' | 'asker';
      readonly source: ByteSource;
      readonly traits: ClientTraits;
    } & FileBearing)
  | {
      readonly found: false;
      readonly because: string;
      /** Loaders try many names; the absence of these needs no place in the timeline. */
      readonly expected: boolean;
      readonly who: string;
      readonly machineId?: string;
      readonly mac?: MacAddress;
    };

export interface FileRequest {
  /** As the client sent it. */
  readonly name: string;
  readonly clientAddress: Ipv4Address;
  /** The address of this server that was asked. */
  readonly localAddress: Ipv4Address;
}

export interface BootFilesNeeds
  extends Omit<PxelinuxConfigsNeeds, 'treeHas' | 'hasModule' | 'installs'>,
    TreeLoadersNeeds {
  readonly whoAsks: Pick<WhoAsks, 'byAddress'>;
  readonly installs: Pick<InstallStore, 'byId' | 'openOf'>;
}

interface Question extends FileRequest {
  readonly path: string;
  readonly asker: Asker;
}

/** Names whose label is remembered. */
const MAX_LABELS = 256;

type Opened =
  | {
      readonly found: true;
      readonly source: ByteSource;
      readonly label: string;
      readonly because?: string;
    }
  | Missing;
interface Missing {
  readonly found: false;
  readonly because: string;
}

/**
 * What a name over TFTP means: a configuration made for the machine that asks, then the user's own tree, then the
 * system's loaders, then the images, and where none has it, a name like it.
 */
export class BootFiles {
  readonly #needs: BootFilesNeeds;
  readonly #configs: PxelinuxConfigs;
  readonly #loaders: TreeLoaders;
  readonly #like: LikeFiles;
  /** Of names that were fetched lately: machines of one kind all fetch the same few. */
  readonly #labels = new Map<string, string>();

  constructor(needs: BootFilesNeeds) {
    this.#needs = needs;
    this.#loaders = new TreeLoaders(needs);
    this.#like = new LikeFiles(needs);
    this.#configs = new PxelinuxConfigs({
      ...needs,
      treeHas: (path) => this.#treeHas(path),
      hasModule: (name, folder) => this.#loaders.has(name, folder),
    });
  }

  /** The caller closes the source. */
  async openTftp(request: FileRequest): Promise<FileAnswer> {
    const asker = await this.#needs.whoAsks.byAddress(request.clientAddress);
    const who = whoIs(asker, request.clientAddress);
    const safe = safeFileName(request.name, this.#needs.tftpRoot);
    if (!safe.safe) return { found: false, because: safe.because, ...who, expected: false };
    const question = { ...request, path: safe.path, asker };
    const asked = parsePxelinuxName(safe.path);
    const opened = asked ? await this.#openConfig(question, asked) : await this.#openFile(question);
    if (!opened.found) return { ...opened, ...who, expected: isExpectedMiss(safe.path) };
    // One that was found by its likeness has another name in the timeline than the one that was asked for.
    const personal = asked !== undefined || beginsBoot(safe.path) || opened.label !== safe.path;
    const holdsFor = personal ? 'asker' : 'everyone';
    return { ...opened, ...who, ...(await this.#story(asker)), traits: traitsOf(asker), holdsFor };
  }

  /** Whom a file was for that had been opened for somebody else: an answer that holds for everyone. */
  async bearingOf({ name, clientAddress }: Omit<FileRequest, 'localAddress'>): Promise<FileBearing> {
    const asker = await this.#needs.whoAsks.byAddress(clientAddress);
    return { label: this.labelOf(name), ...whoIs(asker, clientAddress), ...(await this.#story(asker)) };
  }

  /** What a file that holds for everyone is called in the timeline. */
  labelOf(name: string): string {
    const known = this.#labels.get(name);
    if (known !== undefined) return known;
    const safe = safeFileName(name, this.#needs.tftpRoot);
    const label = safe.safe ? safe.path : name;
    if (this.#labels.size >= MAX_LABELS) this.#labels.clear();
    this.#labels.set(name, label);
    return label;
  }

  /** Of an install under way, every file is part of its story. */
  async #story(asker: Asker): Promise<Pick<FileBearing, 'installId'>> {
    const install = asker.machine ? await this.#needs.installs.openOf(asker.machine.id) : undefined;
    return install ? { installId: install.id } : {};
  }

  async #openConfig(question: Question, asked: PxelinuxName): Promise<Opened> {
    const answer = await this.#configs.answer({ ...question, asked });
    switch (answer.give) {
      case 'text':
        return { found: true, source: sourceOfText(answer.text), label: answer.label };
      case 'hand-made':
        return await this.#openTree(answer.path);
      case 'nothing':
        return { found: false, because: answer.because };
      default:
        return answer satisfies never;
    }
  }

  async #openFile(question: Question): Promise<Opened> {
    const { path, asker, clientAddress } = question;
    const nameAt = path.lastIndexOf('/') + 1;
    const loader = loaderNamed(path.slice(nameAt));
    if (beginsBoot(path)) this.#configs.beginBoot(asker, clientAddress);
    const inTree = await this.#openTree(path);
    if (inTree.found) return inTree;
    const reasons = [inTree.because];
    if (loader !== undefined) {
      const opened = await this.#loaders.open(loader, path.slice(0, nameAt));
      if (opened.found) return { found: true, source: opened.source, label: path };
      reasons.push(opened.because);
    }
    const inImage = await this.#openImage(path);
    if (inImage.found) return inImage;
    const miss = isExpectedMiss(path) ? 'expected' : 'unexpected';
    const like = await this.#like.open(question.name, path, miss);
    if (like.found) return like;
    return { found: false, because: [...reasons, inImage.because, like.because].filter(Boolean).join('; ') };
  }

  async #openTree(path: string): Promise<Opened> {
    const { tftpRoot, openInsideFolder } = this.#needs;
    if (tftpRoot === undefined) return { found: false, because: 'no tree is set (tftp.root)' };
    const opened = await openInsideFolder(tftpRoot, path);
    if (opened.found) return { found: true, source: opened.source, label: path };
    return { found: false, because: `not in ${tftpRoot}: ${opened.because}` };
  }

  async #treeHas(path: string): Promise<boolean> {
    const opened = await this.#openTree(path);
    if (opened.found) await opened.source.close();
    return opened.found;
  }

  /** `images/NAME/path`, also behind a folder that a loader puts before all its names. */
  async #openImage(path: string): Promise<Opened> {
    const [, name, rest] = /(?:^|\/)images\/([^/]+)\/(.+)$/.exec(path) ?? [];
    if (name === undefined || rest === undefined) return { found: false, because: '' };
    const image = await this.#needs.images.byName(name);
    if (!image) return { found: false, because: `there is no image ${name}` };
    const opened = await this.#needs.openInsideFolder(image.folder, rest);
    if (opened.found) return { found: true, source: opened.source, label: path };
    return { found: false, because: `not in image ${name}: ${opened.because}` };
  }
}

/** What the table of firmware quirks goes by. */
function traitsOf({ mac, lease }: Asker): ClientTraits {
  const vendorClass = lease?.vendorClass;
  return { ...(mac ? { mac } : {}), ...(vendorClass === undefined ? {} : { vendorClass }) };
}

function whoIs(asker: Asker, address: Ipv4Address): Pick<FileBearing, 'who' | 'machineId' | 'mac'> {
  return {
    who: asker.machine?.name ?? asker.mac ?? address,
    ...(asker.machine ? { machineId: asker.machine.id } : {}),
    ...(asker.mac ? { mac: asker.mac } : {}),
  };
}

/** The loader itself: fetching it is the beginning of a boot, of which note is taken. */
function beginsBoot(path: string): boolean {
  return loaderNamed(path.slice(path.lastIndexOf('/') + 1))?.endsWith('.0') === true;
}
