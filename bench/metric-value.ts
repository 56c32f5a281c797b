/**
 * The value of one sample in a page of metrics as Muster writes it (src/core/metrics).
 *
 * @param series its name with its labels, as it stands there: `muster_dhcp_leases{subnet="lab",state="held"}`
 * @throws SyntaxError when the page has no such sample.
 */
export function metricValue(page: string, series: string): number {
  const line = page.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  const value = Number(line?.slice(series.length));
  if (line === undefined || Number.isNaN(value)) throw new SyntaxError(`The metrics tell no "${series}"`);
  return value;
}
