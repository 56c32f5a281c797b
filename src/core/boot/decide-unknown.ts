import { waitsForPrograms } from '../machines/decide-enrolment.ts';
import type { Policy } from '../policy/policy.ts';
import type { BootPlan } from './boot-plan.ts';

/** What a machine boots that Muster does not know. None of it touches a disk. */
export function decideUnknown({
  unknownMachines,
  enrol,
}: Pick<Policy, 'unknownMachines' | 'enrol'>): BootPlan {
  switch (unknownMachines) {
    case 'menu':
      return { boot: 'menu', because: 'the machine is not known, and unknown machines get the menu' };
    case 'ignore':
      return { boot: 'nothing', because: 'the machine is not known, and unknown machines are ignored' };
    case 'discover':
      return {
        boot: 'discovery',
        because: 'the machine is not known, and unknown machines tell their hardware, which touches no disk',
      };
    case 'enrol':
      return {
        boot: 'nothing',
        // The ROM does not tell who made it; iPXE does, where it is asked.
        ...(waitsForPrograms(enrol.rules) ? { asks: 'who it is' } : {}),
        because: 'the machine is not known, and no rule made it known so far',
      };
    default:
      return unknownMachines satisfies never;
  }
}
