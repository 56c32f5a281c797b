import { Install } from './install-schemas.ts';
import { listOf, row } from './route-row.ts';
import { Tool, ToolBootInput } from './tool-schemas.ts';

export const TOOL_ROUTES = {
  listTools: row({
    method: 'GET',
    path: '/tools',
    output: listOf(Tool),
    answers: 'thing',
    role: 'viewer',
    sentence: 'What machines can be booted into besides installers, and from which images',
  }),
  bootTool: row({
    method: 'POST',
    path: '/tools/boot',
    input: ToolBootInput,
    output: Install,
    answers: 'thing',
    role: 'operator',
    sentence:
      'Arms a tool like an install: the machine boots it once, the next time it boots from the network',
  }),
} as const;
