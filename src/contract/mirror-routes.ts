import { byName, listOf, row } from './route-row.ts';
import { MirrorInput, MirrorChange, Mirror, MirrorRefresh } from './mirror-schemas.ts';

export const MIRROR_ROUTES = {
  listMirrors: row({
    method: 'GET',
    path: '/mirrors',
    output: listOf(Mirror),
    answers: 'thing',
    sentence: 'All package mirrors',
  }),
  addMirror: row({
    method: 'POST',
    path: '/mirrors',
    input: MirrorInput,
    output: Mirror,
    answers: 'created',
    sentence: 'Adds a package mirror; nothing is fetched before a machine asks for it',
  }),
  getMirror: row({
    method: 'GET',
    path: '/mirrors/{name}',
    params: byName,
    output: Mirror,
    answers: 'thing',
    sentence: 'One package mirror: what it keeps, what it saves, whether its upstream can be reached',
  }),
  changeMirror: row({
    method: 'PATCH',
    path: '/mirrors/{name}',
    params: byName,
    input: MirrorChange,
    output: Mirror,
    answers: 'thing',
    sentence: 'Changes a package mirror: how much it keeps, and whether it asks its upstream',
  }),
  deleteMirror: row({
    method: 'DELETE',
    path: '/mirrors/{name}',
    params: byName,
    answers: 'nothing',
    sentence: 'Takes a package mirror away, and all that is kept of it',
  }),
  refreshMirror: row({
    method: 'POST',
    path: '/mirrors/{name}/refresh',
    params: byName,
    output: listOf(MirrorRefresh),
    answers: 'thing',
    sentence: 'Asks the upstream now for the indexes that are kept',
  }),
  checkMirror: row({
    method: 'POST',
    path: '/mirrors/{name}/check',
    params: byName,
    output: Mirror,
    answers: 'thing',
    sentence: 'Begins to read all that is kept, and to throw away what is damaged',
  }),
} as const;
