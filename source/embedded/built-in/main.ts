import {createServer, type Socket} from 'node:net';
import type {Readable} from 'node:stream';
import {parseArgs} from 'node:util';
import {serve} from './connection.js';
import {ScriptRunner} from './scripting/script-runner.js';
import {Scripts} from './scripting/scripts.js';
import {Server} from './server.js';

/*
 * Entry point of the built-in server's process: `main.js --port 6400 --requirepass -`. It ends when its standard input
 * does, and with `--requirepass -` the first line of that is the password.
 */
const {values} = parseArgs({
	options: {port: {type: 'string', default: '0'}, requirepass: {type: 'string', default: ''}},
});

process.stdin.on('end', () => process.exit(0));
process.stdin.on('error', () => process.exit(0));
const password = values.requirepass === '-' ? await firstLineOf(process.stdin) : values.requirepass;
process.stdin.resume();

const runner = await ScriptRunner.load(() => server);
const server: Server = new Server(Number(values.port), new Scripts(runner), () => process.exit(0));
server.config.set([['requirepass', password]]);
const listener = createServer((socket: Socket) => {
	if (server.clients.size < server.config.maxClients) return serve(server, socket);
	server.stats.rejectedConnections++;
	socket.on('error', () => {});
	socket.end('-ERR max number of clients reached\r\n');
});
listener.once('error', (error) => {
	process.stderr.write(`${error.message}\n`);
	process.exit(1);
});
listener.listen({port: server.port, host: '127.0.0.1', backlog: 511});

function firstLineOf(input: Readable): Promise<string> {
	return new Promise((resolve) => {
		let text = '';
		const read = (chunk: Buffer) => {
			text += chunk.toString('latin1');
			const end = text.indexOf('\n');
			if (end < 0) return;
			input.off('data', read);
			resolve(text.slice(0, end));
		};
		input.on('data', read);
	});
}
