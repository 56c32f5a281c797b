import { expect, test } from 'vitest';
import { renderSample, TEMPLATE_SAMPLES } from '../suite/template-samples.ts';

for (const sample of TEMPLATE_SAMPLES) {
  test(`the answer file as it was looked through: ${sample.name}`, async () => {
    await expect(renderSample(sample)).toMatchFileSnapshot(`../golden/${sample.name}`);
  });
}
