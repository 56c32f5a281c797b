import { listOf, row } from './route-row.ts';
import { Policy, PolicyChange } from './policy-schemas.ts';
import { LoaderFinding, Status, Throughput } from './server-schemas.ts';

export const SERVER_ROUTES = {
  getStatus: row({
    method: 'GET',
    path: '/status',
    output: Status,
    answers: 'thing',
    role: 'viewer',
    sentence: 'How the server is: interfaces, ports, numbers',
  }),
  getThroughput: row({
    method: 'GET',
    path: '/throughput',
    output: Throughput,
    answers: 'thing',
    role: 'viewer',
    sentence: 'Bytes a second that machines were sent in the last ten minutes, by protocol',
  }),
  getPolicy: row({
    method: 'GET',
    path: '/policy',
    output: Policy,
    answers: 'thing',
    role: 'viewer',
    sentence: 'What holds for every machine',
  }),
  changePolicy: row({
    method: 'PATCH',
    path: '/policy',
    input: PolicyChange,
    output: Policy,
    answers: 'thing',
    role: 'admin',
    sentence: 'Changes what holds for every machine',
  }),
  listLoaders: row({
    method: 'GET',
    path: '/loaders',
    output: listOf(LoaderFinding),
    answers: 'thing',
    role: 'viewer',
    sentence: 'The boot loaders Muster knows of, and where each was found',
  }),
} as const;
