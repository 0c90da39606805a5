import {connect} from 'node:net';

/**
 * True if the process `pid` answers on `port`. Its process id in INFO tells it apart from another program that took the
 * port first. A server that requires a password counts as answering.
 */
export function answers(port: number, pid: number, timeoutMs: number): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect({port, host: '127.0.0.1'});
		let text = '';
		const settle = (result: boolean) => {
			socket.destroy();
			resolve(result);
		};
		socket.setTimeout(timeoutMs, () => settle(false));
		socket.once('error', () => settle(false));
		socket.once('close', () => settle(false));
		socket.once('connect', () => socket.write('INFO server\r\n'));
		socket.setEncoding('latin1');
		socket.on('data', (chunk: string) => {
			text += chunk;
			const found = /\bprocess_id:(\d+)\r\n/.exec(text)?.[1];
			if (found !== undefined) settle(Number(found) === pid);
			else if (text.startsWith('-') && text.includes('\r\n')) settle(text.startsWith('-NOAUTH'));
		});
	});
}
