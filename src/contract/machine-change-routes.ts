import { MergedMachine, MergeInput, SplitInput } from './machine-change-schemas.ts';
import { Machine } from './machine-schemas.ts';
import { byMachine, row } from './route-row.ts';

export const MACHINE_CHANGE_ROUTES = {
  mergeMachine: row({
    method: 'POST',
    path: '/machines/{machine}/merge',
    params: byMachine,
    input: MergeInput,
    output: MergedMachine,
    answers: 'thing',
    role: 'operator',
    sentence:
      'Makes one machine of two: MAC addresses, labels, variables, installs and timeline of the other become its own; refused while an install of the other is open',
  }),
  splitMachine: row({
    method: 'POST',
    path: '/machines/{machine}/split',
    params: byMachine,
    input: SplitInput,
    output: Machine,
    answers: 'thing',
    role: 'operator',
    sentence: 'Makes a new machine that has one of its MAC addresses; refused while an install of it is open',
  }),
} as const;
