import { describe, expect, test } from 'vitest';
import { parseReport } from './report-body.ts';

const form = 'application/x-www-form-urlencoded';

describe('a report', () => {
  for (const [what, contentType, body, expected] of [
    ['of a form', form, 'step=base+system&percent=55', { step: 'base system', percent: 55 }],
    ['of a form with a charset', `${form}; charset=UTF-8`, 'message=a%26b', { message: 'a&b' }],
    ['of a form with a line break at its end', form, 'percent=5\n', { percent: 5 }],
    ['of a text', 'text/plain', ' no disk\n', { message: 'no disk' }],
    ['of an unnamed type', '', 'no disk', { message: 'no disk' }],
    ['of JSON, as Proxmox posts it at its end', 'application/json', '{"fqdn":"a"}', {}],
    ['that is empty', form, '', {}],
    ['that is an empty text', 'text/plain', '\n', {}],
    ['with a percent that is none', form, 'percent=-5&step=x', { step: 'x' }],
    ['with a percent in hex', form, 'percent=0x10', {}],
    ['with other fields', form, 'a=b&percent=99.5', { percent: 99.5 }],
    ['with a broken escape', form, 'step=%zz', { step: '%zz' }],
  ] as const) {
    test(what, () => expect(parseReport(contentType, body)).toEqual(expected));
  }
});
