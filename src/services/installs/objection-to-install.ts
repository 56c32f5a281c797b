import { installUrls, type MachineHttp } from '../../core/boot/machine-urls.ts';
import type { Image } from '../../core/images/image.ts';
import type { Profile } from '../../core/install/profile.ts';
import type { Machine } from '../../core/machines/machine.ts';
import type { AnswerService } from '../answers/answer-service.ts';
import type { InstallSources } from './install-sources.ts';
import { PREVIEW_TOKEN } from '../machines/profile-service.ts';

export interface ObjectionNeeds {
  readonly sources: Pick<InstallSources, 'decide'>;
  readonly answers: Pick<AnswerService, 'render'>;
  /** Where machines would fetch from, as far as that can be told without one that asks. */
  readonly machineHttp: () => MachineHttp;
}

/**
 * Why an install that is armed now could not end well, or undefined: there is no way to give the machine its image, or
 * its answer file cannot be made. An installer that finds none waits for somebody before its screen.
 */
export async function objectionToInstall(
  { sources, answers, machineHttp }: ObjectionNeeds,
  {
    machine,
    profile,
    image,
  }: { readonly machine: Machine; readonly profile: Profile; readonly image: Image },
): Promise<string | undefined> {
  const http = machineHttp();
  const way = await sources.decide({ image, machine, profile, localAddress: http.address });
  if (!way.decided) return way.because;
  // A tool that a person works with reads none.
  if (image.answerKind === 'none' || profile.attended === true) return undefined;
  const urls = installUrls(http, way.source, PREVIEW_TOKEN, image.answerKind);
  const answer = await answers.render(machine, profile.name, urls);
  return answer.rendered ? undefined : `the answer file of ${machine.name} cannot be made: ${answer.because}`;
}
