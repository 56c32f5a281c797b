import type { Page } from 'playwright-core';

/** How a page drew while it was watched, in milliseconds. */
export interface Frames {
  /** From each frame to the next. */
  readonly frames: readonly number[];
  /** Of each task of the page that took longer than 50 ms. */
  readonly longTasks: readonly number[];
}

/** Runs in the page. */
const WATCH = `
  window.watched = { frames: [], longTasks: [] };
  let last = performance.now();
  const frame = (now) => {
    window.watched.frames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.watched.longTasks.push(duration);
  }).observe({ type: 'longtask' });
`;

/** @param meanwhile what a person does, until the time is over. */
export async function watchFrames(page: Page, meanwhile: (page: Page) => Promise<void>): Promise<Frames> {
  await page.evaluate(WATCH);
  await meanwhile(page);
  return await page.evaluate<Frames>('window.watched');
}
