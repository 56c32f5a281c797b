import { z } from 'zod';
import * as enrol from './enrol-schemas.ts';
import * as events from './event-schemas.ts';
import * as explanations from './explanation-schemas.ts';
import * as facts from './fact-schemas.ts';
import * as groups from './group-schemas.ts';
import * as hooks from './hook-schemas.ts';
import * as images from './image-schemas.ts';
import * as installLogs from './install-log-schemas.ts';
import * as installs from './install-schemas.ts';
import * as lints from './lint-schemas.ts';
import * as machineChanges from './machine-change-schemas.ts';
import * as machineImports from './machine-import-schemas.ts';
import * as machines from './machine-schemas.ts';
import * as mirrors from './mirror-schemas.ts';
import * as people from './people-schemas.ts';
import * as policies from './policy-schemas.ts';
import * as power from './power-schemas.ts';
import * as problems from './problem.ts';
import * as profiles from './profile-schemas.ts';
import * as servers from './server-schemas.ts';
import * as sites from './site-schemas.ts';
import * as snippets from './snippet-schemas.ts';
import * as subnets from './subnet-schemas.ts';
import * as tools from './tool-schemas.ts';
import * as waves from './wave-schemas.ts';

const MODULES: readonly Readonly<Record<string, unknown>>[] = [
  enrol,
  events,
  explanations,
  facts,
  groups,
  hooks,
  images,
  installLogs,
  installs,
  lints,
  machineChanges,
  machineImports,
  machines,
  mirrors,
  people,
  policies,
  power,
  problems,
  profiles,
  servers,
  sites,
  snippets,
  subnets,
  tools,
  waves,
];

/** The schemas of the contract by the names they are exported under: what has a name in the code has it in OpenAPI. */
export function namedSchemas(): readonly (readonly [name: string, schema: z.ZodType])[] {
  return MODULES.flatMap((module) =>
    Object.entries(module).flatMap(([name, value]) =>
      value instanceof z.ZodType && /^[A-Z][a-z]/.test(name) ? [[name, value] as const] : [],
    ),
  );
}
