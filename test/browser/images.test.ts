import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run, writeTree } from '../../src/formats/iso9660/suite/real-discs.ts';
import { MusterInNamespace, Segment } from '../clients/muster-in-namespace.ts';
import { BrowserInNamespace, describeInBrowser, ENGLISH } from './browser-world.ts';

describeInBrowser('images on the web page', () => {
  let segment: Segment;
  let muster: MusterInNamespace;
  let browsers: BrowserInNamespace;

  beforeAll(async () => {
    segment = await Segment.make();
    muster = new MusterInNamespace(segment.server, { settings: { MUSTER_API_LOGIN: 'off' } });
    await muster.up();
    browsers = await BrowserInNamespace.launch(segment.server);
  });
  afterAll(async () => {
    await browsers?.close();
    await muster?.close();
    await segment?.close();
  });

  test('a disc that is sent is recognised, its files are read, and it is removed', async () => {
    const disc = centosDisc(muster.folder);
    const browser = await browsers.open(ENGLISH);
    const { page } = browser;
    await page.goto('/images');
    await page.getByText('No image is here yet').waitFor();
    await browser.picture('images-empty');
    expect(await browser.axeFinds()).toEqual([]);
    await page.locator('input[type=file]').setInputFiles(disc);
    await page.getByText(/^It is CentOS/).waitFor();
    await browser.picture('images-sent');
    expect(await browser.axeFinds()).toEqual([]);
    const [image] = await muster.run<readonly { readonly name: string }[]>('image', 'ls');
    expect(image).toMatchObject({ title: expect.stringContaining('CentOS') });

    await page
      .getByRole('link', { name: image?.name ?? 'none' })
      .first()
      .click();
    await page.getByRole('button', { name: 'repodata' }).click();
    await page.getByRole('button', { name: /repomd.xml/ }).click();
    await page.getByText('<repomd/>').waitFor();
    await browser.picture('image-file');
    expect(await browser.axeFinds()).toEqual([]);

    await page.getByRole('link', { name: 'Images' }).first().click();
    await page.getByRole('button', { name: `Remove ${image?.name}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove the image' }).click();
    await page.getByText(`${image?.name} is removed`).waitFor();
    expect(await muster.run('image', 'ls')).toEqual([]);
    expect(browser.complaints).toEqual([]);
    await browser.close();
  });

  test('a disc that is dropped and is none says why', async () => {
    const browser = await browsers.open(ENGLISH);
    const { page } = browser;
    await page.goto('/images');
    await page.getByRole('heading', { level: 1, name: 'Images' }).waitFor();
    const none = join(muster.folder, 'none.iso');
    writeFileSync(none, 'no disc at all');
    await browser.drop(none, async () => await browser.picture('images-dragged'));
    await page.getByRole('listitem').filter({ hasText: 'none.iso' }).locator('.text-bad').last().waitFor();
    await browser.picture('images-refused');
    expect(await browser.axeFinds()).toEqual([]);
    expect(await muster.run('image', 'ls')).not.toContainEqual(expect.objectContaining({ name: 'none' }));
    await browser.close();
  });
});

/** @returns the path of a disc as `xorriso` makes it. */
function centosDisc(folder: string): string {
  const tree = join(folder, 'disc');
  writeTree(tree, {
    '.treeinfo':
      '[general]\nfamily = CentOS\nversion = 7\narch = x86_64\n[images-x86_64]\nkernel = images/pxeboot/vmlinuz\ninitrd = images/pxeboot/initrd.img\n',
    'images/pxeboot/vmlinuz': 'k'.repeat(9_000_000),
    'images/pxeboot/initrd.img': 'i'.repeat(9_000_000),
    'repodata/repomd.xml': '<repomd/>',
  });
  const disc = join(folder, 'CentOS-7-made.iso');
  run('xorriso', ['-as', 'mkisofs', '-quiet', '-R', '-V', 'CENTOS7', '-o', disc, tree]);
  return disc;
}
