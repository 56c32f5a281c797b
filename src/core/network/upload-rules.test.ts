import { describe, expect, test } from 'vitest';
import { objectionToUploadFolder, objectionToUploadName, objectionToUploadSize } from './upload-rules.ts';

describe('a name for an upload', () => {
  for (const name of ['a', 'switch-01.cfg', 'core_2026-11-25.tgz', 'x'.repeat(200)]) {
    test(`may be ${name.slice(0, 30)}`, () => expect(objectionToUploadName(name)).toBeUndefined());
  }
  for (const [name, why] of [
    ['', /letters, digits/],
    ['.profile', /begins with a dot/],
    ['a/b', /no folders/],
    ['-rf', /letters, digits/],
    ['a b', /letters, digits/],
    ['a;b', /letters, digits/],
    ['ä', /letters, digits/],
    ['x'.repeat(201), /more than 200/],
  ] as const) {
    test(`may not be "${name.slice(0, 30)}"`, () => expect(objectionToUploadName(name)).toMatch(why));
  }
});

describe('an upload', () => {
  const limits = { fileBytes: 100, files: 2, totalBytes: 150 };
  const load = { files: 1, totalBytes: 60, freeBytes: 1000 };
  for (const [rule, bytes, change, why] of [
    ['has room', 90, {}, undefined],
    ['of unknown size has room', undefined, {}, undefined],
    ['may not be larger than a file may', 101, {}, /more than 100 bytes/],
    ['may not be one file too many', 1, { files: 2 }, /2 files/],
    ['may not make all too large', 91, {}, /all uploads together/],
    ['needs the disk', 90, { freeBytes: 89 }, /disk of the server is full/],
  ] as const) {
    test(rule, () => {
      const objection = objectionToUploadSize(bytes, { ...load, ...change }, limits);
      if (why === undefined) expect(objection).toBeUndefined();
      else expect(objection).toMatch(why);
    });
  }
});

describe('the folder of uploads', () => {
  const kept = {
    tftpRoot: '/srv/tftp',
    dataFolder: '/var/lib/muster',
    imagesFolder: '/var/lib/muster/images',
  };
  for (const [folder, why] of [
    ['/srv/uploads', undefined],
    ['/srv/tftp-uploads', undefined],
    ['/var/lib/muster/uploads', undefined],
    ['/srv/tftp', /inside tftp.root/],
    ['/srv/tftp/up', /inside tftp.root/],
    ['/srv', /tftp.root \(\/srv\/tftp\) is inside it/],
    ['/var/lib/muster', /folder of images .* is inside it/],
    ['/var/lib/muster/images/x', /inside the folder of images/],
    ['/', /is inside it/],
  ] as const) {
    test(`${why ? 'may not be' : 'may be'} ${folder}`, () => {
      const objection = objectionToUploadFolder(folder, kept);
      if (why === undefined) expect(objection).toBeUndefined();
      else expect(objection).toMatch(why);
    });
  }

  test('may not hold the database, wherever the images are', () => {
    const elsewhere = { dataFolder: '/data', imagesFolder: '/images' };
    expect(objectionToUploadFolder('/data', elsewhere)).toMatch(/database is inside/);
  });
});
