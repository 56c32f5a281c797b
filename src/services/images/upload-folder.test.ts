import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeMemoryFolder } from '../../os/suite/memory-folder.ts';
import { UploadFolder } from './upload-folder.ts';

let folder = '';
let random = 0;

beforeEach(() => {
  folder = makeMemoryFolder('muster-uploads-');
});

afterEach(() => rmSync(folder, { recursive: true }));

function uploads(limits: { fileBytes?: number; files?: number; totalBytes?: number } = {}): UploadFolder {
  return new UploadFolder({
    folder,
    limits: { fileBytes: 100, files: 3, totalBytes: 200, ...limits },
    randomHex: (bytes) => (random += 1).toString(16).padStart(bytes * 2, '0'),
  });
}

async function begun(into: UploadFolder, name: string, announcedBytes?: number) {
  const answer = await into.begin(name, announcedBytes);
  if (!answer.begun) throw new Error(answer.because);
  return answer.file;
}

async function put(into: UploadFolder, name: string, content: string) {
  const file = await begun(into, name);
  const written = await file.write(Buffer.from(content));
  const kept = written.kept ? await file.finish() : written;
  if (!kept.kept) await file.abandon();
  return kept;
}

describe('an upload', () => {
  test('is under its name only when it is whole', async () => {
    const file = await begun(uploads(), '/switch.cfg', 6);
    await file.write(Buffer.from('abc'));
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^\.muster-upload-/)]);
    await file.write(Buffer.from('def'));
    expect(await file.finish()).toEqual({ kept: true });
    expect(readdirSync(folder)).toEqual(['switch.cfg']);
    expect(readFileSync(join(folder, 'switch.cfg'), 'utf8')).toBe('abcdef');
  });

  test('that is abandoned leaves nothing', async () => {
    const file = await begun(uploads(), 'a');
    await file.write(Buffer.from('abc'));
    await file.abandon();
    await file.abandon();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('never overwrites, not even a link that leads nowhere', async () => {
    const into = uploads();
    writeFileSync(join(folder, 'a'), 'first');
    symlinkSync('/nowhere', join(folder, 'b'));
    for (const name of ['a', 'b'])
      expect(await into.begin(name, undefined)).toMatchObject({ begun: false, kind: 'exists' });
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('first');
  });

  test('of two with one name the first that is whole wins', async () => {
    const into = uploads();
    const [one, other] = [await begun(into, 'a'), await begun(into, 'a')];
    await one.write(Buffer.from('one'));
    await other.write(Buffer.from('other'));
    expect(await other.finish()).toEqual({ kept: true });
    expect(await one.finish()).toMatchObject({ kept: false, kind: 'exists' });
    await one.abandon();
    expect(readdirSync(folder)).toEqual(['a']);
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('other');
  });

  test('that ends before the size it told is not kept', async () => {
    const file = await begun(uploads(), 'a', 4);
    await file.write(Buffer.from('abc'));
    expect(await file.finish()).toMatchObject({
      kept: false,
      because: expect.stringContaining('3 of the 4'),
    });
    await file.abandon();
  });

  for (const name of ['../a', '.a', 'sub/a', '/etc/passwd', 'a\nb', '']) {
    test(`may not be called ${JSON.stringify(name)}`, async () => {
      expect(await uploads().begin(name, undefined)).toMatchObject({ begun: false, kind: 'name' });
      expect(readdirSync(folder)).toEqual([]);
    });
  }
});

describe('a limit', () => {
  test('of a file holds for the size that is told and for the size it has', async () => {
    expect(await uploads().begin('a', 101)).toMatchObject({ begun: false, kind: 'full' });
    const file = await begun(uploads(), 'b');
    expect(await file.write(Buffer.alloc(100))).toEqual({ kept: true });
    expect(await file.write(Buffer.alloc(1))).toMatchObject({ kept: false, kind: 'full' });
    await file.abandon();
  });

  test('of files counts those that are there and those under way', async () => {
    const into = uploads();
    await put(into, 'a', 'x');
    writeFileSync(join(folder, 'by-hand'), 'x');
    const file = await begun(into, 'b');
    expect(await into.begin('c', undefined)).toMatchObject({ begun: false, kind: 'full' });
    await file.abandon();
    expect(await put(into, 'c', 'x')).toEqual({ kept: true });
  });

  test('of all bytes counts what others have told and written', async () => {
    const into = uploads();
    const [one, other] = [await begun(into, 'a', 100), await begun(into, 'b')];
    expect(await into.begin('c', 101)).toMatchObject({ begun: false, kind: 'full' });
    expect(await other.write(Buffer.alloc(100))).toEqual({ kept: true });
    expect(await into.begin('c', 1)).toMatchObject({ begun: false, kind: 'full' });
    await one.abandon();
    const last = await begun(into, 'd', 100);
    await last.abandon();
    await other.finish();
  });

  test('is free again when files are taken away', async () => {
    const into = uploads({ files: 1 });
    await put(into, 'a', 'x');
    expect(await into.begin('b', undefined)).toMatchObject({ begun: false });
    rmSync(join(folder, 'a'));
    expect(await put(into, 'b', 'x')).toEqual({ kept: true });
  });
});

test('what a crash left behind is removed, and nothing else', async () => {
  writeFileSync(join(folder, '.muster-upload-00000000000000ff'), 'half');
  writeFileSync(join(folder, '.muster-upload-of-mine'), 'x');
  mkdirSync(join(folder, '.muster-upload-0123456789abcdef'));
  writeFileSync(join(folder, 'b'), 'x');
  expect(await uploads().removePartials()).toBe(1);
  expect(readdirSync(folder).toSorted()).toEqual([
    '.muster-upload-0123456789abcdef',
    '.muster-upload-of-mine',
    'b',
  ]);
});
