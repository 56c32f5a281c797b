import type { IpAddress, MacAddress } from '../../lib/addresses.ts';
import { type ByteSource, sourceOfText } from '../../lib/byte-source.ts';
import { safeFileName } from '../../protocols/tftp/file-name.ts';
import type { ClientTraits } from '../../protocols/tftp/quirks.ts';
import { bootDiskNamed } from '../../core/boot/boot-disk.ts';
import { firmwareOf } from '../../core/boot/firmware.ts';
import { loaderAskedAs, loaderNamed, nameBesideShim } from '../../core/boot/loaders.ts';
import { IPXE_SCRIPT } from '../../core/boot/machine-urls.ts';
import { isPiSettings } from '../../core/boot/raspberry-pi-name.ts';
import { parseScriptName, type ScriptName } from '../../core/boot/script-name.ts';
import type { Claims } from '../../core/machines/identify.ts';
import type { InstallStore } from '../../core/install/install-store.ts';
import { BootScripts, type BootScriptsNeeds } from './boot-files-scripts.ts';
import { beginsBoot, type FileBearing, isProgram, traitsOf, whoIs } from './boot-files-bearing.ts';
import { BootDisks, type OpenedPart } from './boot-files-disk.ts';
import { InstallerPlans } from './boot-files-installer.ts';
import { architectureOf } from '../images/installer-of-image.ts';
import { LikeFiles } from './boot-files-likeness.ts';
import { type ClaimsNeeds, hearClaims } from './boot-files-claims.ts';
import { TreeLoaders, type TreeLoadersNeeds } from './boot-files-loaders.ts';
import { isExpectedMiss } from './boot-files-misses.ts';
import { OverlayInitrds } from './boot-files-overlay.ts';
import { RaspberryPiFiles } from './boot-files-raspberry-pi.ts';
import { efiProgramOf } from './program-watch.ts';
import type { Asker, WhoAsks } from './who-asks.ts';

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
  readonly clientAddress: IpAddress;
  /** The address of this server that was asked. */
  readonly localAddress: IpAddress;
  /** What the machine says of itself, where it was asked. */
  readonly says?: Claims | undefined;
}

export interface BootFilesNeeds
  extends Omit<BootScriptsNeeds, 'treeHas' | 'hasModule' | 'installs'>,
    TreeLoadersNeeds,
    ClaimsNeeds {
  readonly whoAsks: Pick<WhoAsks, 'byAddress'>;
  readonly installs: Pick<InstallStore, 'byId' | 'openOf'>;
}

/** iPXE's script over HTTP has this one name; whose it is, the address tells. */
const IPXE_DEFAULT: ScriptName = { language: 'ipxe', before: IPXE_SCRIPT, folder: '', asks: 'default' };

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
  readonly #scripts: BootScripts;
  readonly #overlays: OverlayInitrds;
  readonly #loaders: TreeLoaders;
  readonly #like: LikeFiles;
  readonly #raspberryPi: RaspberryPiFiles;
  readonly #disks: BootDisks;
  /** Of names that were fetched lately: machines of one kind all fetch the same few. */
  readonly #labels = new Map<string, string>();

  constructor(needs: BootFilesNeeds) {
    this.#needs = needs;
    this.#overlays = new OverlayInitrds({ ...needs, installers: new InstallerPlans(needs) });
    this.#loaders = new TreeLoaders(needs);
    this.#like = new LikeFiles(needs);
    this.#raspberryPi = new RaspberryPiFiles({ ...needs, openTree: (path) => this.#openTree(path) });
    this.#scripts = new BootScripts({
      ...needs,
      treeHas: (path) => this.#treeHas(path),
      hasModule: (name, folder) => this.#loaders.has(name, folder),
    });
    this.#disks = new BootDisks({
      scripts: this.#scripts,
      clock: needs.clock,
      open: (path, request) => this.#openPart(path, request),
    });
  }

  /** The caller closes the source. */
  async openTftp(request: FileRequest): Promise<FileAnswer> {
    const asker = await this.#needs.whoAsks.byAddress(request.clientAddress);
    const who = whoIs(asker, request.clientAddress);
    const safe = safeFileName(request.name, this.#needs.tftpRoot);
    if (!safe.safe) return { found: false, because: safe.because, ...who, expected: false };
    const question = { ...request, path: safe.path, asker };
    const asked = parseScriptName(safe.path);
    const opened = asked
      ? await this.#openScript(question, asked)
      : ((await this.#raspberryPi.open(question)) ?? (await this.#openFile(question)));
    if (!opened.found) return { ...opened, ...who, expected: isExpectedMiss(safe.path) };
    // One that was found by its likeness has another name in the timeline than the one that was asked for.
    const personal =
      asked !== undefined || isProgram(safe.path) || isPiSettings(safe.path) || opened.label !== safe.path;
    const holdsFor = personal ? 'asker' : 'everyone';
    return { ...opened, ...who, ...(await this.#story(question, opened)), traits: traitsOf(asker), holdsFor };
  }

  /** What a name below the HTTP door's `boot/` means: a script for the machine that asks, or a loader of the system. */
  async openBoot(request: FileRequest): Promise<FileAnswer> {
    const told = await this.#needs.whoAsks.byAddress(request.clientAddress, request.says);
    const asker = await hearClaims(this.#needs, told, request.says);
    const who = whoIs(asker, request.clientAddress);
    const safe = safeFileName(request.name, undefined);
    if (!safe.safe) return { found: false, because: safe.because, ...who, expected: false };
    const question = { ...request, path: safe.path, asker };
    const opened = await this.#openBelowBoot(question);
    if (!opened.found) return { ...opened, ...who, expected: isExpectedMiss(safe.path) };
    return {
      ...opened,
      ...who,
      ...(await this.#story(question, opened)),
      traits: traitsOf(asker),
      holdsFor: 'asker',
    };
  }

  async #openBelowBoot(question: Question): Promise<Opened> {
    const overlay = await this.#overlays.open(question);
    if (overlay) return overlay;
    const disk = bootDiskNamed(question.path);
    if (disk) return await this.#disks.open(question, disk);
    const asked = question.path === IPXE_SCRIPT ? IPXE_DEFAULT : parseScriptName(question.path);
    return asked ? await this.#openScript(question, asked) : await this.#openLoader(question);
  }

  /** A file of an image, or a loader: the user's own before that of the system, as everywhere. */
  async #openPart(path: string, request: Pick<Question, 'asker' | 'localAddress'>): Promise<OpenedPart> {
    const overlay = await this.#overlays.open({ ...request, path });
    if (overlay) return overlay;
    const inTree = await this.#openTree(path);
    if (inTree.found) return inTree;
    const loader = loaderNamed(path);
    if (loader === undefined) return await this.#openImage(path);
    const opened = await this.#loaders.open(loader, '');
    return opened.found ? { ...opened, besideShim: nameBesideShim(loader, opened.path) } : opened;
  }

  /** Whom a file was for that had been opened for somebody else: an answer that holds for everyone. */
  async bearingOf({ name, clientAddress }: Omit<FileRequest, 'localAddress'>): Promise<FileBearing> {
    const asker = await this.#needs.whoAsks.byAddress(clientAddress);
    return { label: this.labelOf(name), ...whoIs(asker, clientAddress), ...(await this.#install(asker)) };
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

  async #story(
    { path, asker }: Question,
    { source }: { readonly source: ByteSource },
  ): Promise<Pick<FileBearing, 'installId' | 'program'>> {
    const program = isProgram(path) ? await efiProgramOf(path, source, asker) : undefined;
    return { ...(await this.#install(asker)), ...(program ? { program } : {}) };
  }

  /** Of an install under way, every file is part of its story. */
  async #install(asker: Asker): Promise<Pick<FileBearing, 'installId'>> {
    const install = asker.machine ? await this.#needs.installs.openOf(asker.machine.id) : undefined;
    return install ? { installId: install.id } : {};
  }

  async #openScript(question: Question, asked: ScriptName): Promise<Opened> {
    const answer = await this.#scripts.answer({ ...question, asked });
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
    const overlay = await this.#overlays.open(question);
    if (overlay) return overlay;
    if (beginsBoot(path)) this.#scripts.beginBoot(asker, clientAddress);
    const inTree = await this.#openTree(path);
    if (inTree.found) return inTree;
    // Before the system's loaders: a shim of an image goes on with the GRUB of that image.
    const inImage = await this.#openImage(path);
    if (inImage.found) return inImage;
    const inPackages = await this.#openLoader(question);
    if (inPackages.found) return inPackages;
    const miss = isExpectedMiss(path) ? 'expected' : 'unexpected';
    const like = await this.#like.open(question.name, path, miss);
    if (like.found) return like;
    const reasons = [inTree.because, inPackages.because, inImage.because, like.because];
    return { found: false, because: reasons.filter(Boolean).join('; ') };
  }

  async #openLoader({ path, asker, clientAddress }: Question): Promise<Opened> {
    const nameAt = path.lastIndexOf('/') + 1;
    const { cpu } = firmwareOf(architectureOf(asker) ?? 0) ?? {};
    const name = path.slice(nameAt);
    const loader = loaderAskedAs(name, cpu);
    if (loader === undefined) return { found: false, because: '' };
    if (beginsBoot(path)) this.#scripts.beginBoot(asker, clientAddress);
    const opened = await this.#loaders.open(loader, path.slice(0, nameAt));
    if (!opened.found) return opened;
    if (name === loader || name === nameBesideShim(loader, opened.path))
      return { found: true, source: opened.source, label: path };
    // A shim goes on with nothing that another maker signed.
    await opened.source.close();
    return {
      found: false,
      because: `${loader} of this server is not of the build whose shim asks for ${name}`,
    };
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
