import type {Socket} from 'node:net';

/**
 * Sends RST.
 *
 * A unix socket has no RST, and a connecting one would first wait for the connection: both are closed instead. So is a
 * socket whose FIN is on its way: libuv refuses to reset it (EINVAL), and Node would then never close its handle,
 * which a worker thread that ends waits for in a busy loop.
 */
export function resetSocket(socket: Socket, isTcp: boolean): void {
	const isEnding = socket.writableEnded && !socket.writableFinished;
	if (!isTcp || socket.connecting || isEnding) socket.destroy();
	else socket.resetAndDestroy();
}

/** Resets the socket once everything written to it has left this process. */
export function resetSocketAfterWrites(socket: Socket | undefined, isTcp: boolean): void {
	if (socket === undefined || socket.destroyed) return;
	if (socket.writableLength === 0 || !socket.writable) resetSocket(socket, isTcp);
	else socket.write('', () => resetSocket(socket, isTcp));
}
