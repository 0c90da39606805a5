import {type AddressInfo, createServer, type Socket} from 'node:net';

export type PeerServer = {
	readonly port: number;
	/** Everything received on all connections, in order of arrival, as latin1. */
	received(): string;
	/** Connections so far. */
	connections(): number;
	/** Sockets that are open. */
	readonly sockets: Set<Socket>;
	close(): Promise<void>;
};

/** Starts a server that records what it receives, and with `echo` (default) sends it back. */
export async function startPeerServer(mode: 'echo' | 'silent' = 'echo'): Promise<PeerServer> {
	let received = '';
	let connections = 0;
	const sockets = new Set<Socket>();
	const server = createServer({noDelay: true, allowHalfOpen: true}, (socket) => {
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
