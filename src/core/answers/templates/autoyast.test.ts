import { describe, expect, test } from 'vitest';
import { renderDefault } from '../suite/answer-samples.ts';

describe('the product of SLE 15 is the one that its medium is called by', () => {
  for (const [title, product, module] of [
    ['SUSE Linux Enterprise Server 15.6', 'SLES', 'server-applications'],
    ['SUSE Linux Enterprise Desktop 15.6', 'SLED', 'desktop-applications'],
    ['SUSE Linux Enterprise HPC 15.6', 'SLE_HPC', 'server-applications'],
    ['SUSE Linux Enterprise Server for SAP Applications 15.6', 'SLES_SAP', 'server-applications'],
  ] as const) {
    test(title, () => {
      const text = renderDefault('autoyast', title, '15.6');
      expect([...text.matchAll(/<product>([^<]*)<\/product>/g)].map(([, name]) => name)).toEqual([
        'sle-module-basesystem',
        `sle-module-${module}`,
        product,
      ]);
    });
  }
});
