import { z } from 'zod';
import { wholeNumber } from './fields.ts';
import { InstallProgress, LogLine, MAX_TAIL_LINES } from './install-log-schemas.ts';
import { byInstallId, row } from './route-row.ts';

const tail = wholeNumber(0, MAX_TAIL_LINES).exactOptional();

export const INSTALL_LOG_ROUTES = {
  getInstallProgress: row({
    method: 'GET',
    path: '/installs/{id}/progress',
    params: byInstallId,
    output: InstallProgress,
    answers: 'thing',
    role: 'viewer',
    sentence: 'How far an install is, and the steps it took',
  }),
  readInstallLog: row({
    method: 'GET',
    path: '/installs/{id}/log',
    params: byInstallId,
    query: z.strictObject({ tail: tail.describe('Only so many lines from its end') }),
    answers: 'bytes',
    role: 'viewer',
    sentence: 'The log of an install, as the installer sent it: text of lines; a header Range is followed',
  }),
  streamInstallLog: row({
    method: 'GET',
    path: '/installs/{id}/log/stream',
    params: byInstallId,
    query: z.strictObject({
      tail: tail.describe('Begin so many lines before its end; the header Last-Event-ID wins; left out: 0'),
    }),
    output: LogLine,
    answers: 'stream',
    role: 'viewer',
    sentence: 'Lines of the log of an install as they come, as server-sent events',
  }),
} as const;
