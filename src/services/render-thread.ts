/** The thread that renders templates, one after another. */
import { parentPort } from 'node:worker_threads';
import { runTemplate } from '../core/answers/template-engine.ts';
import type { TemplateJob } from '../core/answers/template-job.ts';
import { loadTemplateEngine } from './load-template-engine.ts';
import type { RenderTidings } from './template-renderer.ts';

const port = parentPort;
if (!port) throw new Error('This module runs as a thread: startThread starts it');

const tell = (tidings: RenderTidings): void => port.postMessage(tidings);
const engine = await loadTemplateEngine();
port.on('message', (job: TemplateJob) => tell({ is: 'outcome', outcome: runTemplate(job, engine) }));
tell({ is: 'ready' });
