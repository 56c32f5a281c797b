import { z } from 'zod';
import { line, MAX_NAME_LENGTH, name } from './fields.ts';
import { byMachine, byName, listOf, row } from './route-row.ts';
import {
  DraftAnswer,
  MachineAnswer,
  Profile,
  ProfileDraft,
  ProfileInput,
  TemplateWord,
} from './profile-schemas.ts';

export const PROFILE_ROUTES = {
  listProfiles: row({
    method: 'GET',
    path: '/profiles',
    output: listOf(Profile),
    answers: 'thing',
    role: 'viewer',
    sentence: 'All profiles',
  }),
  getProfile: row({
    method: 'GET',
    path: '/profiles/{name}',
    params: byName,
    output: Profile,
    answers: 'thing',
    role: 'viewer',
    sentence: 'One profile',
  }),
  putProfile: row({
    method: 'PUT',
    path: '/profiles/{name}',
    params: byName,
    input: ProfileInput,
    output: Profile,
    answers: 'thing',
    role: 'operator',
    sentence: 'Adds a profile, or puts this in its place',
  }),
  deleteProfile: row({
    method: 'DELETE',
    path: '/profiles/{name}',
    params: byName,
    answers: 'nothing',
    role: 'operator',
    sentence: 'Takes a profile away; refused while an open install uses it',
  }),
  listVariables: row({
    method: 'GET',
    path: '/variables',
    output: listOf(TemplateWord),
    answers: 'thing',
    role: 'viewer',
    sentence: 'The variables, names and filters that templates of answer files may use, and what each is',
  }),
  renderMachine: row({
    method: 'GET',
    path: '/machines/{machine}/answer',
    params: byMachine,
    query: z.strictObject({
      profile: name.exactOptional().describe('By which profile; left out: that of its newest install'),
      file: line(MAX_NAME_LENGTH)
        .exactOptional()
        .describe('A file that its installer fetches beside the answer file, such as meta-data'),
    }),
    output: MachineAnswer,
    answers: 'thing',
    role: 'viewer',
    sentence:
      'The answer file of a machine, or one beside it, as its installer would get it; nothing changes',
  }),
  // Not for viewers: a template can be sent that shows what is hidden from them, and installers wait while it is rendered.
  renderDraft: row({
    method: 'POST',
    path: '/machines/{machine}/answer',
    params: byMachine,
    input: ProfileDraft,
    output: DraftAnswer,
    answers: 'thing',
    role: 'operator',
    notAudited: 'nothing is changed',
    sentence: 'The answer file of a machine by a profile that is not saved; nothing changes',
  }),
} as const;
