import {connect} from 'node:net';

type Probe = {
	readonly port: number;
	/** Empty for none. */
	readonly password: string;
	readonly pid: number;
	readonly timeoutMs: number;
};

/**
 * True if the process `pid` answers on `port`. The process id in INFO distinguishes it from another program that took the port
 * first.
 */
export function answers({port, password, pid, timeoutMs}: Probe): Promise<boolean> {
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
		const login = password === '' ? '' : `AUTH ${password}\r\n`;
		socket.once('connect', () => socket.write(`${login}INFO server\r\n`));
		socket.setEncoding('latin1');
		socket.on('data', (chunk: string) => {
			text += chunk;
			const found = /\bprocess_id:(\d+)\r\n/.exec(text)?.[1];
			if (found !== undefined) settle(Number(found) === pid);
			else if (text.startsWith('-') && text.includes('\r\n')) settle(false);
		});
	});
}
