import { MachineFacts } from './fact-schemas.ts';
import { byMachine, row } from './route-row.ts';

export const FACT_ROUTES = {
  factsOfMachine: row({
    method: 'GET',
    path: '/machines/{machine}/facts',
    params: byMachine,
    output: MachineFacts,
    answers: 'thing',
    role: 'viewer',
    sentence: 'The hardware of a machine, and who said what of it',
  }),
} as const;
