import { z } from 'zod';
import { bearingOf, type Reported } from '../services/installs/install-files.ts';
import type { InstallIntake } from '../services/installs/install-intake.ts';
import { type HttpAnswer, type HttpRequest, plainText } from './http-answer.ts';
import type { FileTimeline } from './file-timeline.ts';

export interface SayingDoorNeeds {
  readonly intake: Pick<InstallIntake, 'takeText' | 'takeReporting'>;
  readonly timeline: Pick<FileTimeline, 'refused'>;
}

/** Of a piece of a log that is posted; an installer posts the next one after it. */
export const MAX_LOG_BODY_BYTES = 1024 * 1024;
/** Of an event that is posted: curtin's have the logs of a failed install in them (`files`), which are passed over. */
export const MAX_REPORTING_BYTES = 1024 * 1024;
/** Characters of each word of an event. */
const MAX_EVENT_WORDS = 2_000;

/** What cloud-init, curtin and subiquity post (cloudinit.reporting); what else is in it is passed over. */
const words = z.string().transform((text) => text.slice(0, MAX_EVENT_WORDS));
const Event = z.object({
  name: words,
  description: words.default(''),
  event_type: words,
  result: words.exactOptional(),
});

/** `POST /installs/TOKEN/log`: a piece of the installer's log, in lines. */
export async function takeLog(
  needs: SayingDoorNeeds,
  request: HttpRequest,
  token: string,
): Promise<HttpAnswer | 'nothing here'> {
  const body = await request.readBody(MAX_LOG_BODY_BYTES);
  if (body === undefined) return plainText(413, `A piece of a log may have ${MAX_LOG_BODY_BYTES} bytes`);
  return answerTo(
    needs,
    request,
    'a piece of a log',
    await needs.intake.takeText(token, body, request.clientAddress),
  );
}

/** `POST /installs/TOKEN/reporting`: an event of the webhook of cloud-init's reporting. */
export async function takeReporting(
  needs: SayingDoorNeeds,
  request: HttpRequest,
  token: string,
): Promise<HttpAnswer | 'nothing here'> {
  const body = await request.readBody(MAX_REPORTING_BYTES);
  if (body === undefined) return plainText(413, `An event may have ${MAX_REPORTING_BYTES} bytes`);
  const event = readEvent(body);
  if (event === undefined)
    return plainText(400, 'An event is wanted, as JSON with name, description and event_type');
  const reported = await needs.intake.takeReporting(token, event, request.clientAddress);
  return answerTo(needs, request, 'an event', reported);
}

function readEvent(body: string): Parameters<InstallIntake['takeReporting']>[1] | undefined {
  try {
    const { name, description, event_type: type, result } = Event.parse(JSON.parse(body));
    return { name, description, type, ...(result === undefined ? {} : { result }) };
  } catch {
    return undefined;
  }
}

function answerTo(
  { timeline }: SayingDoorNeeds,
  { clientAddress }: HttpRequest,
  what: string,
  reported: Reported,
): HttpAnswer | 'nothing here' {
  if (reported.reported) return plainText(200, 'ok');
  const { because, refusal, installId, machineId, mac } = reported;
  timeline.refused(clientAddress, what, because, bearingOf({ installId, machineId, mac }));
  if (refusal === 'too much') return plainText(429, because);
  return refusal === 'not now' ? plainText(409, because) : 'nothing here';
}
