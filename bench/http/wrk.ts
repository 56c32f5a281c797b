import type { FileReport } from '../files/file-case.ts';

/** Tells its numbers so that they can be read, and asks for `file-0` to `file-N` in turn. */
export function wrkScript(path: string, count: number): string {
  return `local at = 0
request = function()
  at = (at + 1) % ${count}
  return wrk.format("GET", "${path}/file-" .. at)
end
done = function(summary)
  local errors = summary.errors
  print(string.format("report %d %d %d %d", summary.requests, summary.bytes, summary.duration,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
`;
}

/** @throws SyntaxError when this is not what `wrkScript` prints. */
export function decodeWrk(text: string): FileReport {
  const [, requests, bytes, microseconds, errors] = /^report (\d+) (\d+) (\d+) (\d+)$/m.exec(text) ?? [];
  if (errors === undefined) throw new SyntaxError(`wrk told nothing of its run: ${text}`);
  return {
    answers: Number(requests),
    bytes: Number(bytes),
    seconds: Number(microseconds) / 1e6,
    errors: Number(errors),
  };
}
