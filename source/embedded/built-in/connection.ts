import type {Socket} from 'node:net';
import {error} from '../../resp/reply.js';
import {RequestParser} from '../../resp/request-parser.js';
import type {Client, Wire} from './client/client.js';
import {handleRequest} from './execute.js';
import type {Server} from './server.js';
import {maxLength} from './values/max-length.js';

/** Bytes of unread replies beyond which requests of a client are not read either. */
const maxUnsent = 1024 * 1024;
/** Bytes of requests of a blocked client beyond which no more are read from its socket. */
const maxWaiting = 1024 * 1024;
/** Bytes of unread messages beyond which a subscriber is disconnected: messages cannot be held back. */
const maxUnsentToSubscriber = 32 * 1024 * 1024;

/** Serves one connection. */
export function serve(server: Server, socket: Socket): void {
	const parser = new RequestParser(maxLength);
	socket.setNoDelay(true);
	const wire: Wire = {
		address: `${socket.remoteAddress}:${socket.remotePort}`,
		localAddress: `${socket.localAddress}:${socket.localPort}`,
		get buffered() {
			return parser.buffered;
		},
		get unsent() {
			return socket.writableLength;
		},
		write(text) {
			server.stats.netOutput += text.length;
			server.stats.writes++;
			socket.write(text, 'latin1');
			if (socket.writableLength > maxUnsent) socket.pause();
			if (client.isSubscriber && socket.writableLength > maxUnsentToSubscriber) socket.destroy();
		},
		end: () => socket.destroySoon(),
		destroy: () => socket.destroy(),
		proceed,
	};
	const client = server.connect(wire);

	function proceed(): void {
		if (socket.isPaused() && socket.writableLength <= maxUnsent) socket.resume();
		if (client.blocked?.kind === 'postponed') {
			const {args} = client.blocked;
			client.blocked = undefined;
			handleRequest(server, client, args);
		}
		while (!client.blocked && !client.closing && socket.writableLength <= maxUnsent) {
			const request = parser.next();
			if (request.kind === 'incomplete') return;
			if (request.kind === 'command') handleRequest(server, client, request.args);
			else refuse(client, request.error);
		}
	}

	socket.on('data', (chunk: Buffer) => {
		if (client.closing) return;
		server.stats.netInput += chunk.length;
		server.stats.reads++;
		parser.push(chunk);
		proceed();
		if (client.blocked && parser.buffered > maxWaiting) socket.pause();
		server.flush();
	});
	socket.on('drain', () => {
		if (client.blocked) return;
		proceed();
		server.flush();
	});
	socket.on('error', () => socket.destroy());
	socket.once('close', () => {
		server.disconnect(client);
		server.flush();
	});
}

function refuse(client: Client, text: string): void {
	client.server.stats.countError(text);
	client.send(error(text));
	client.close();
}
