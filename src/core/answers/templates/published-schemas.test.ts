import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { AGAMA, AUTOINSTALL } from '../suite/published-schemas.ts';
import { renderSample, TEMPLATE_SAMPLES } from '../suite/template-samples.ts';

const answersOf = (kind: string) =>
  TEMPLATE_SAMPLES.filter((sample) => sample.kind === kind && sample.beside === undefined);

describe('what the maker of the installer publishes of its answer files holds', () => {
  for (const sample of answersOf('autoinstall')) {
    test(sample.name, () => {
      const { autoinstall } = parse(renderSample(sample)) as { readonly autoinstall: unknown };
      expect(AUTOINSTALL.safeParse(autoinstall).error?.issues).toBeUndefined();
    });
  }
  for (const sample of answersOf('agama')) {
    test(sample.name, () => {
      expect(AGAMA.safeParse(JSON.parse(renderSample(sample))).error?.issues).toBeUndefined();
    });
  }

  test('and tells what is wrong', () => {
    for (const wrong of [
      { version: 2 },
      { version: 1, storag: {} },
      { version: 1, keyboard: {} },
      { version: 1, shutdown: 'halt' },
    ]) {
      expect(AUTOINSTALL.safeParse(wrong).success).toBe(false);
    }
  });
});
