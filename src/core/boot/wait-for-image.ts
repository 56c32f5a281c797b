import type { BootPlan } from './boot-plan.ts';

/**
 * What a machine boots whose install waits for its image: its own disk, on which nothing is changed. The install stays
 * armed, and the next boot after the image is whole again begins it.
 */
export function waitForImage(plan: BootPlan & { readonly boot: 'installer' }, objection: string): BootPlan {
  return { boot: 'local disk', because: `install ${plan.installId} waits: ${objection}` };
}
