import {type AddressInfo, connect, createServer, type Server, type Socket} from 'node:net';
import {until} from '../support/until.js';

/** A plain socket to a proxy, and all that happened to it. */
export type WireClient = {
	readonly socket: Socket;
	/** What it received. */
	text(): string;
	/** How it ended, if it did: `end` (FIN), or an error's code. */
	ended(): string | undefined;
	/** When each piece came, and its length. */
	readonly pieces: {readonly at: number; readonly length: number}[];
	send(text: string): void;
	/** Sends and waits for that answer, on top of what was there. */
	ask(text: string, answer: string): Promise<void>;
};

export function client(port: number): WireClient {
	const socket = connect({host: '127.0.0.1', port, noDelay: true, allowHalfOpen: true});
	let received = '';
	let ended: string | undefined;
	const pieces: {at: number; length: number}[] = [];
	socket.on('data', (chunk) => {
		received += chunk.toString('latin1');
		pieces.push({at: performance.now(), length: chunk.length});
	});
	socket.on('end', () => {
		ended ??= 'end';
	});
	socket.on('error', (error: NodeJS.ErrnoException) => {
		ended = error.code ?? error.message;
	});
	return {
		socket,
		pieces,
		text: () => received,
		ended: () => ended,
		send: (text) => void socket.write(text, 'latin1'),
		async ask(text, answer) {
			const expected = received + answer;
			socket.write(text, 'latin1');
			await until(() => received.length >= expected.length, `an answer to ${JSON.stringify(text.slice(0, 40))}`);
			if (received !== expected)
				throw new Error(
					`expected ${JSON.stringify(expected.slice(-200))}, got ${JSON.stringify(received.slice(-200))}`,
				);
		},
	};
}

export type PeerServer = {
	readonly port: number;
	/** All that came in on all connections, in order of arrival. */
	received(): string;
	connections(): number;
	/** Sockets that are open now. */
	readonly sockets: Set<Socket>;
	close(): Promise<void>;
};

/** A server that records what it gets; with `echo` it sends it back. */
export async function peerServer(mode: 'echo' | 'silent' = 'echo'): Promise<PeerServer> {
	let received = '';
	let connections = 0;
	const sockets = new Set<Socket>();
	const server: Server = createServer({noDelay: true, allowHalfOpen: true}, (socket) => {
		connections++;
		sockets.add(socket);
		socket.on('error', () => {});
		socket.on('close', () => sockets.delete(socket));
		socket.on('end', () => socket.end());
		socket.on('data', (chunk) => {
			received += chunk.toString('latin1');
			if (mode === 'silent' || socket.write(chunk)) return;
			socket.pause();
			socket.once('drain', () => socket.resume());
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		port: (server.address() as AddressInfo).port,
		received: () => received,
		connections: () => connections,
		sockets,
		async close() {
			for (const socket of sockets) socket.destroy();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
