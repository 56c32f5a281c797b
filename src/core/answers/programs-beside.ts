import { parseToolProfile } from '../tools/tool-profile.ts';
import { toolProgram } from '../tools/tool-program.ts';
import { factsScript } from './facts-script.ts';

/**
 * Programs that the shell of an installer can fetch from the folder of its answer file, by name. They are of no
 * template: `facts.sh` looks at the hardware, and `tool.sh` is what a tool does where nobody sits before it.
 *
 * @param report where an install reports to.
 */
export function programsBeside(profile: string, report: string): ReadonlyMap<string, string> {
  const programs = new Map([['facts.sh', factsScript(`${report}/facts`)]]);
  const tool = parseToolProfile(profile);
  const program = tool && toolProgram(tool, report);
  if (program !== undefined) programs.set('tool.sh', program);
  return programs;
}
