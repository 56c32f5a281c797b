import { expect, test } from 'vitest';
import { metricValue } from './metric-value.ts';

const PAGE = `# HELP muster_dhcp_leases Leases on record
# TYPE muster_dhcp_leases gauge
muster_dhcp_leases{subnet="bench",state="held"} 1000000
muster_dhcp_leases{subnet="bench",state="run out"} 0
muster_dhcp_lease_load_seconds 3.25
muster_dhcp_lease_load_seconds_more x
`;

for (const [series, value] of [
  ['muster_dhcp_leases{subnet="bench",state="held"}', 1_000_000],
  ['muster_dhcp_leases{subnet="bench",state="run out"}', 0],
  ['muster_dhcp_lease_load_seconds', 3.25],
] as const) {
  test(`reads ${series}`, () => expect(metricValue(PAGE, series)).toBe(value));
}

for (const series of [
  'muster_dhcp_leases',
  'muster_dhcp_lease_load',
  'muster_dhcp_lease_load_seconds_more',
]) {
  test(`refuses ${series}, which the page does not tell`, () =>
    expect(() => metricValue(PAGE, series)).toThrow(SyntaxError));
}
