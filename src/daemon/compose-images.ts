import { join } from 'node:path';
import type { Settings } from '../core/settings/settings.ts';
import { isOpenForWriting } from '../os/open-for-writing.ts';
import { hashInThread } from '../services/images/hash-files.ts';
import { ImageArrivals } from '../services/images/image-arrivals.ts';
import { ImageChecks } from '../services/images/image-checks.ts';
import { ImageContents } from '../services/images/image-contents.ts';
import { identifyImage } from '../services/images/image-place.ts';
import { ImageService } from '../services/images/image-service.ts';
import { ImageWatch } from '../services/images/image-watch.ts';
import { MirrorService } from '../services/mirrors/mirror-service.ts';
import type { Foundation, Grounded } from './compose.ts';
import { faultData } from './log.ts';

/** The life of images: what is added, watched, checked and loaded. */
export function composeImages(
  { stores, settings, clock, events, log }: Grounded,
  { roots }: Pick<Foundation, 'roots'>,
) {
  const failed = (error: unknown): void => log.error('Images could not be looked after', faultData(error));
  const { images, arrivals } = stores;
  const uploadsFolder = settings['tftp.uploads.folder'];
  const imagesFolder = imagesFolderOf(settings);
  const imageChecks = new ImageChecks({ images, roots, events, hash: hashInThread, failed });
  const service = new ImageService({
    images,
    roots,
    events,
    clock,
    checks: imageChecks,
    dataFolder: settings.dataFolder ?? '/',
    ...(uploadsFolder === undefined ? {} : { uploadsFolder }),
  });
  const imageArrivals = new ImageArrivals({
    arrivals,
    images,
    service,
    events,
    clock,
    fetch,
    imagesFolder,
    failed,
  });
  const imageWatch = new ImageWatch({
    images,
    service,
    events,
    identify: identifyImage,
    imagesFolder,
    isClaimed: imageArrivals.isClaimed,
    isOpenForWriting,
    check: imageChecks.check,
    failed,
  });
  return { images: service, imageChecks, imageArrivals, imageWatch, imageContents: new ImageContents(roots) };
}

/** Where disc images are loaded to, and looked for. */
export function imagesFolderOf(settings: Settings): string {
  return settings['images.folder'] ?? join(settings.dataFolder ?? '/var/lib/muster', 'images');
}

/** Package mirrors. */
export function composeMirrors({
  stores,
  settings,
  clock,
  events,
  log,
}: Pick<Grounded, 'stores' | 'settings' | 'clock' | 'events' | 'log'>): MirrorService {
  return new MirrorService({
    mirrors: stores.mirrors,
    events,
    clock,
    folder: settings['mirrors.folder'] ?? join(settings.dataFolder ?? '/var/lib/muster', 'mirrors'),
    freeBytes: settings['mirrors.freeBytes'],
    checkSeconds: settings['mirrors.checkSeconds'],
    failed: (error) => log.error('A package mirror could not use its folder', faultData(error)),
  });
}
