import {once} from 'node:events';
import {connect, type Socket} from 'node:net';
import {quantile} from '../budget.js';

const connections = 10;
const everyMs = 1;
const get = Buffer.from('*2\r\n$3\r\nGET\r\n$7\r\nmissing\r\n');
/** Bytes of a reply to it: `$-1\r\n`. */
const replyBytes = 5;

/**
 * Sends commands at a steady rate, whether they are answered or not, and returns the median of their times in
 * milliseconds.
 */
export async function steadyLoad(port: number, perSecond: number, seconds: number): Promise<number> {
	const times: number[] = [];
	const lines = await Promise.all(Array.from({length: connections}, () => openLine(port, times)));
	const end = performance.now() + seconds * 1000;
	const start = performance.now();
	let sent = 0;
	while (performance.now() < end) {
		const due = Math.floor(((performance.now() - start) / 1000) * perSecond);
		for (; sent < due; sent++) lines[sent % connections]?.send();
		await new Promise((resolve) => setTimeout(resolve, everyMs));
	}
	for (const {socket} of lines) socket.destroy();
	return quantile(times, 0.5);
}

async function openLine(port: number, times: number[]): Promise<{readonly socket: Socket; send(): void}> {
	const socket = connect({host: '127.0.0.1', port, noDelay: true});
	await once(socket, 'connect');
	const sentAt: number[] = [];
	let left = 0;
	socket.on('error', () => undefined);
	socket.on('data', ({length}) => {
		left += length;
		const now = performance.now();
		for (; left >= replyBytes; left -= replyBytes) times.push(now - (sentAt.shift() ?? now));
	});
	return {
		socket,
		send() {
			sentAt.push(performance.now());
			socket.write(get);
		},
	};
}
