import type { IncomingMessage } from 'node:http';
import type { InstallDetails } from '../services/installs/install-service.ts';

/** Larger reports are refused; the words of one are cut to far less. */
export const MAX_BODY_BYTES = 16 * 1024;

/** The body as text, or undefined when it is larger than `mostBytes` or broke off; Node throws the rest away. */
export function readBody(
  request: IncomingMessage,
  mostBytes: number = MAX_BODY_BYTES,
): Promise<string | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    let chunks: Buffer[] = [];
    let length = 0;
    // Not `for await`: leaving that early would end the connection before the answer is out.
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= mostBytes) chunks.push(chunk);
      else {
        chunks = [];
        resolve(undefined);
      }
    });
    request.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.once('error', () => resolve(undefined));
  });
}

/**
 * What an installer says: a form with `step`, `percent` and `message`, as `curl --data` and `wget --post-data` send
 * it, or a text, which is the message. What is not understood is left out, since the event itself matters more.
 */
export function parseReport(contentType: string, body: string): InstallDetails {
  // Proxmox's installer tells all of the machine at its end, which is no message.
  if (/^application\/json\b/i.test(contentType)) return {};
  if (!/^application\/x-www-form-urlencoded\b/i.test(contentType)) {
    const message = body.trim();
    return message === '' ? {} : { message };
  }
  const form = new URLSearchParams(body.trim());
  const step = form.get('step') ?? '';
  const message = form.get('message') ?? '';
  const percent = form.get('percent') ?? '';
  return {
    ...(step === '' ? {} : { step }),
    ...(message === '' ? {} : { message }),
    ...(/^\d{1,3}(?:\.\d{1,9})?$/.test(percent) ? { percent: Number(percent) } : {}),
  };
}
