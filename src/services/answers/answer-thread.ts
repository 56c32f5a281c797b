/** The thread that works on answer files, one piece of work after another. */
import { parentPort } from 'node:worker_threads';
import { lintAnswer } from '../../core/answers/lint/lint-answer.ts';
import { runTemplate } from '../../core/answers/template-engine.ts';
import type { AnswerWork, WorkKind, WorkMessage, WorkTidings } from './answer-work.ts';
import { hashPassword } from './hash-password.ts';
import { loadTemplateEngine } from './load-template-engine.ts';

const port = parentPort;
if (!port) throw new Error('This module runs as a thread: startThread starts it');

const tell = (tidings: WorkTidings): void => port.postMessage(tidings);
const engine = await loadTemplateEngine();

const WORK: { readonly [Kind in WorkKind]: (job: AnswerWork[Kind]['job']) => AnswerWork[Kind]['outcome'] } = {
  render: (job) => runTemplate(job, engine),
  lint: (job) => ({ linted: true, findings: lintAnswer(job) }),
  hash: ({ password }) => {
    try {
      return { hashed: true, hash: hashPassword(password) };
    } catch (error) {
      if (error instanceof RangeError) return { hashed: false, because: error.message };
      throw error;
    }
  },
};

port.on('message', (message: WorkMessage) => {
  const outcome = work(message);
  const isBroken = 'engine' in outcome && outcome.engine === 'broken';
  tell({ is: isBroken ? 'broken' : 'done', outcome });
});

function work(message: WorkMessage): AnswerWork[WorkKind]['outcome'] {
  switch (message.kind) {
    case 'render':
      return WORK.render(message.job);
    case 'lint':
      return WORK.lint(message.job);
    case 'hash':
      return WORK.hash(message.job);
    default:
      return message satisfies never;
  }
}

tell({ is: 'ready' });
