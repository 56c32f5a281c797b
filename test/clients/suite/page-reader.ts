/** Somebody who reads a page of the documentation and types its commands, as they stand there, where the server runs. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { run, writeTree } from '../../../src/formats/iso9660/suite/real-discs.ts';
import type { MusterInNamespace } from '../muster-in-namespace.ts';
import type { NetworkNamespace } from '../namespace.ts';
import type { RunningProgram } from '../running-program.ts';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
/** What the pages call the folder of somebody's ISOs. */
const ISOS = '/srv/isos';
/** Theirs, made for these tests. */
const PUBLIC_KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFr7gqDBdtuzcFwjUZ9WmiD0oe2G1nXgWYvS7lK0Hn4v reader@desk';

/** @param page its path from the root. */
export function readPage(page: string): string {
  return readFileSync(join(REPOSITORY, page), 'utf8');
}

/** The commands of a section of the second level, or of what stands before them, one text for each block. @param page its path from the root. */
export function commandsOf(page: string, heading: string): readonly string[] {
  const section = readPage(page)
    .split(/^## /m)
    .find((one) => one.startsWith(heading));
  if (section === undefined) throw new Error(`${page} has no section "${heading}"`);
  return [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);
}

export class PageReader {
  readonly #server: NetworkNamespace;
  readonly #folder: string;
  readonly #home: string;

  constructor(server: NetworkNamespace, muster: MusterInNamespace) {
    this.#server = server;
    this.#folder = muster.folder;
    this.#home = join(muster.folder, 'home');
    mkdirSync(join(this.#home, '.ssh'), { recursive: true });
    writeFileSync(join(this.#home, '.ssh/id_ed25519.pub'), `${PUBLIC_KEY}\n`);
    writeFileSync(
      join(this.#folder, 'muster'),
      `#!/bin/sh\nexec '${process.execPath}' '${REPOSITORY}bin/muster.mjs' "$@"\n`,
      { mode: 0o755 },
    );
  }

  /** An ISO of theirs. @param files what is on it, by path. */
  ownsIso(name: string, files: Readonly<Record<string, string>>): void {
    const tree = join(this.#home, `${name}.tree`);
    writeTree(tree, files);
    run('xorriso', ['-as', 'mkisofs', '-quiet', '-R', '-o', join(this.#home, name), tree]);
  }

  /** Types a block, whose end the test does not wait for. */
  starts(commands = 'exit 1'): RunningProgram {
    const program = this.#server.start('sh', ['-euc', commands.replaceAll(ISOS, this.#home)], {
      cwd: this.#home,
      env: {
        HOME: this.#home,
        // A newcomer's Muster has the usual folders, and this one its own.
        MUSTER_DATA_FOLDER: join(this.#folder, 'data'),
        PATH: `${this.#folder}:${process.env['PATH'] ?? ''}`,
        LC_ALL: 'C',
      },
    });
    program.endInput();
    return program;
  }

  /** Types a block whose every command must succeed. @returns what it prints. */
  async types(commands?: string): Promise<string> {
    const finished = await this.starts(commands).finished;
    expect(finished, `${commands}\n${finished.stderr}`).toMatchObject({ code: 0 });
    return finished.stdout;
  }
}
