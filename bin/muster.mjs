#!/usr/bin/env node
import { existsSync } from 'node:fs';

const program = new URL('../dist/muster.mjs', import.meta.url);
if (existsSync(program)) {
  await import(program.href);
} else {
  process.stderr.write(
    'Muster is not built: run "npm run build" first, or "npm start" which does it by itself\n',
  );
  process.exitCode = 1;
}
