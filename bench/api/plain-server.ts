/** `tsx bench/api/plain-server.ts PORT FILE`: fastify that answers each row with the bytes that FILE has for it. */
import { readFileSync } from 'node:fs';
import { fastify } from 'fastify';
import { ROW_HEADER } from './api-load-wish.ts';

const [, , port = '', file = ''] = process.argv;
const answers = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, string>>;
const bytes = new Map(Object.entries(answers).map(([row, text]) => [row, Buffer.from(text)]));
const app = fastify();
app.all('/*', async (request, reply) => {
  const answer = bytes.get(String(request.headers[ROW_HEADER]));
  if (answer === undefined) return await reply.code(404).send();
  return await reply.header('content-type', 'application/json; charset=utf-8').send(answer);
});
await app.listen({ host: '127.0.0.1', port: Number(port) });
