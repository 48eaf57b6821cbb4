import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** Browsers send one request at a time on a connection, and SDKs too. A proxy may send a few. */
const mostAtOnce = 8;

/** How long the end of the program waits for answers that are being sent, in milliseconds. */
const longestAnswer = 20_000;

interface Connection {
  answers: Set<FastifyReply>;
  /** What answers are read from, such as files. */
  sources: Set<Readable>;
}

/**
 * Ends a connection that sends many requests without waiting for answers. Node starts them all at once: 64 kB from
 * anybody would open thousands of files, or prepare hundreds of megabytes of answers that nobody reads.
 */
export function limitConnections(app: FastifyInstance): void {
  const known = new WeakMap<Socket, Connection>();
  const open = new Set<Socket>();
  let isClosing = false;
  app.server.on('connection', (socket: Socket) => {
    if (isClosing) socket.destroy();
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  // Node waits for a connection that never sent a request, and no longer looks after its limits of time.
  app.addHook('preClose', async () => {
    isClosing = true;
    const isBusy = (socket: Socket) => Boolean(known.get(socket)?.answers.size);
    for (const socket of open) if (!isBusy(socket)) socket.destroy();
    // Node calls a connection idle as soon as the last byte is written, not when it was sent.
    for (const end = Date.now() + longestAnswer; [...open].some(isBusy) && Date.now() < end; )
      await new Promise((resume) => setTimeout(resume, 20));
  });

  function connectionOf(socket: Socket): Connection {
    const found = known.get(socket) ?? { answers: new Set(), sources: new Set() };
    if (known.has(socket)) return found;
    known.set(socket, found);
    // Node tells the end of a connection to its first answer. The others would keep their files open.
    socket.once('close', () => {
      for (const source of found.sources) source.destroy();
    });
    return found;
  }

  app.addHook('onRequest', (request, reply, done) => {
    const { socket } = request.raw;
    const { answers } = connectionOf(socket);
    if (answers.size >= mostAtOnce) socket.destroy();
    if (socket.destroyed) {
      reply.hijack();
      return;
    }
    answers.add(reply);
    const remove = () => answers.delete(reply);
    reply.raw.once('finish', remove).once('close', remove);
    done();
  });

  app.addHook('onSend', (request, _reply, payload, done) => {
    if (payload instanceof Readable) {
      const { socket } = request.raw;
      const { sources } = connectionOf(socket);
      sources.add(payload);
      payload.once('close', () => sources.delete(payload));
      if (socket.destroyed) payload.destroy();
    }
    done(null, payload);
  });
}
