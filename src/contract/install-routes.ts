import { z } from 'zod';
import { machineReference, name, rowLimit } from './fields.ts';
import { pageOf, place } from './pages.ts';
import { byInstallId, row } from './route-row.ts';
import { ArmedInstalls, ArmedOne, Install, InstallInput, InstallsInput } from './install-schemas.ts';

export const INSTALL_ROUTES = {
  listInstalls: row({
    method: 'GET',
    path: '/installs',
    query: z.strictObject({
      machine: machineReference.exactOptional().describe('Only those of this machine'),
      profile: name.exactOptional().describe('Only those with this profile'),
      state: Install.shape.state.exactOptional().describe('Only those in this state'),
      after: place.exactOptional().describe('What the page before said as `next`'),
      limit: rowLimit.default(100).describe('At most this many'),
    }),
    output: pageOf(Install),
    answers: 'thing',
    role: 'viewer',
    sentence: 'Installs, newest first',
  }),
  armInstall: row({
    method: 'POST',
    path: '/installs',
    input: InstallInput,
    output: ArmedOne,
    answers: 'created',
    role: 'operator',
    sentence:
      'Arms an install: the next time the machine boots from the network, its installer is started, once',
  }),
  armInstalls: row({
    method: 'POST',
    path: '/installs/by-selector',
    input: InstallsInput,
    output: ArmedInstalls,
    answers: 'thing',
    role: 'operator',
    sentence: 'Arms an install on each machine that a selector chooses: on all of them, or on none',
  }),
  getInstall: row({
    method: 'GET',
    path: '/installs/{id}',
    params: byInstallId,
    output: Install,
    answers: 'thing',
    role: 'viewer',
    sentence: 'One install',
  }),
  cancelInstall: row({
    method: 'POST',
    path: '/installs/{id}/cancel',
    params: byInstallId,
    output: Install,
    answers: 'thing',
    role: 'operator',
    sentence: 'Cancels an install that is not over: the machine boots its own disk again',
  }),
} as const;
