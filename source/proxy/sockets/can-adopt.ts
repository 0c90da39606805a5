import {type AddressInfo, connect, createServer} from 'node:net';
import {clearTimeout, setTimeout} from '../../time/real-time.js';
import {adoptSocket, type TakeOver} from './adopt-socket.js';
import {ReadBuffers} from './read-buffers.js';

/** Milliseconds after which a connection that works would have ended. */
const maxMs = 2000;

const question = Buffer.from('question');
const answer = Buffer.from('answer');

let checked: Promise<boolean> | undefined;

/** True if `adoptSocket` works on this version of Node.js. Tried once for the process, with a connection to itself. */
export function canAdopt(): Promise<boolean> {
	checked ??= tryTakeOver(adoptSocket);
	return checked;
}

/** Opens a connection, takes over its accepted end, and checks that bytes and ends pass in both directions. */
export function tryTakeOver(takeOver: TakeOver): Promise<boolean> {
	return new Promise((resolve) => {
		let received = '';
		let replied = '';
		const server = createServer({allowHalfOpen: true}, (accepted) => {
			accepted.on('error', () => decide(false));
			try {
				const socket = takeOver(accepted, new ReadBuffers(), (bytes) => {
					received += bytes.toString('latin1');
					return false;
				});
				socket.on('error', () => decide(false));
				socket.on('end', () => socket.end(answer));
				closeAll.push(() => socket.destroy());
			} catch {
				accepted.destroy();
				decide(false);
			}
		});
		const timer = setTimeout(() => decide(false), maxMs);
		const closeAll = [() => clearTimeout(timer), () => server.close()];
		const decide = (works: boolean) => {
			for (const close of closeAll.splice(0)) close();
			resolve(works);
		};
		server.on('error', () => decide(false));
		server.listen(0, '127.0.0.1', () => {
			const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
			closeAll.push(() => client.destroy());
			client.on('error', () => decide(false));
			client.on('close', () => decide(received === question.toString() && replied === answer.toString()));
			client.on('data', (bytes) => {
				replied += bytes.toString('latin1');
			});
			client.end(question);
		});
	});
}
