import { describe, expect, test } from 'vitest';
import { parseIpv4 } from '../../lib/addresses.ts';
import { namesOf, resolvePath } from '../../lib/resolve-path.ts';
import { mountedTrees } from '../../lib/mounted-trees.ts';
import type { AnswerFile, AnswerRequest } from './install-files.ts';
import { InstallFileTree } from './install-file-tree.ts';

const TOKEN = '0123456789abcdef0123456789abcdef';
const CLIENT = parseIpv4('192.168.122.100');
const SERVER = parseIpv4('192.168.122.1');

function treeOf(answer: AnswerFile) {
  const asked: AnswerRequest[] = [];
  const refused: string[] = [];
  const tree = new InstallFileTree({
    beside: mountedTrees('images', async () => [{ name: 'x', open: async () => undefined }]),
    openAnswer: async (request) => {
      asked.push(request);
      const isIt = request.token === TOKEN && request.file === 'ks.cfg';
      return isIt ? answer : { found: false, because: 'no install has this token' };
    },
    clientAddress: CLIENT,
    localAddress: SERVER,
    refused: ({ because }) => refused.push(because),
  });
  return { tree, asked, refused };
}

const ANSWER: AnswerFile = { found: true, content: 'text # ü\n', label: 'ks.cfg of web01' };
const at = async (tree: InstallFileTree, path: string) => {
  const resolved = await resolvePath(tree, namesOf(path));
  return resolved.found ? resolved.node : undefined;
};

describe('the answer file of the machine that asks', () => {
  test('is there with its size, is looked at before it is fetched, and read whole', async () => {
    const { tree, asked } = treeOf(ANSWER);
    const node = await at(tree, `/installs/${TOKEN}/ks.cfg`);
    expect(node).toMatchObject({ kind: 'file', size: 10 });
    const source = await tree.open(node!);
    expect(new TextDecoder().decode(await source.read(0, source.size))).toBe('text # ü\n');
    expect(
      asked.map(({ purpose, clientAddress, localAddress }) => [purpose, clientAddress, localAddress]),
    ).toEqual([
      ['look', CLIENT, SERVER],
      ['fetch', CLIENT, SERVER],
    ]);
  });

  test('is no longer given when its install ended between the two', async () => {
    let answer: AnswerFile = ANSWER;
    const { tree, refused } = treeOf(ANSWER);
    const changing = new InstallFileTree({
      beside: tree,
      openAnswer: async () => answer,
      clientAddress: CLIENT,
      localAddress: SERVER,
      refused: ({ because }) => refused.push(because),
    });
    const node = await at(changing, `installs/${TOKEN}/ks.cfg`);
    answer = { found: false, because: 'install i-1 is cancelled' };
    await expect(changing.open(node!)).rejects.toThrow('cancelled');
    expect(refused).toEqual(['install i-1 is cancelled']);
  });
});

describe('nobody can find out what there is', () => {
  test('folders are in no listing and list nothing, whether an install has that token or not', async () => {
    const { tree } = treeOf(ANSWER);
    expect((await tree.entries(tree.root, 0, 10)).map(({ name }) => name)).toEqual(['images']);
    for (const path of ['installs', `installs/${TOKEN}`, 'installs/nobody']) {
      const node = await at(tree, path);
      expect(node).toMatchObject({ kind: 'folder' });
      expect(await tree.entries(node!, 0, 10)).toEqual([]);
    }
  });

  test('another token and another file are told alike, with the reason for the timeline alone', async () => {
    const { tree, refused } = treeOf(ANSWER);
    expect(await at(tree, 'installs/nobody/ks.cfg')).toBeUndefined();
    expect(await at(tree, `installs/${TOKEN}/preseed.cfg`)).toBeUndefined();
    expect(refused).toEqual(['no install has this token', 'no install has this token']);
  });
});

test('the way back leads from the file to its folder, and to the images beside it', async () => {
  const { tree } = treeOf(ANSWER);
  expect(await at(tree, `installs/${TOKEN}/../../images`)).toMatchObject({ kind: 'folder' });
  const node = await at(tree, `installs/${TOKEN}/ks.cfg`);
  const folder = await tree.parent(node!);
  expect(await tree.parent(await tree.parent(folder))).toBe(tree.root);
  expect(await tree.child(tree.root, 'nothing')).toBeUndefined();
});
