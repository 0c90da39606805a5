import {createServer, type Socket} from 'node:net';
import {createInterface} from 'node:readline';
import {parseArgs} from 'node:util';
import {setClock} from './clock.js';
import {serve} from './connection.js';
import {ScriptRunner} from './scripting/script-runner.js';
import {Scripts} from './scripting/scripts.js';
import {Server} from './server.js';

/*
 * Entry point of the built-in server's process: `main.js --port 6400 --requirepass -`. It ends when its standard input ends.
 * With `--requirepass -`, the first line of standard input is the password. Further lines such as `clock 250` set its clock, in
 * milliseconds ahead of the machine's.
 */
const {values} = parseArgs({
	options: {port: {type: 'string', default: '0'}, requirepass: {type: 'string', default: ''}},
});

process.stdin.on('error', () => process.exit(0));
const lines = createInterface({input: process.stdin});
lines.on('close', () => process.exit(0));
const password = await new Promise<string>((resolve) => {
	let isKnown = values.requirepass !== '-';
	if (isKnown) resolve(values.requirepass);
	lines.on('line', (line) => {
		if (isKnown) obey(line);
		else resolve(line);
		isKnown = true;
	});
});

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

function obey(line: string): void {
	const [, ms] = /^clock (-?\d+(?:\.\d+)?)$/.exec(line) ?? [];
	if (ms !== undefined) setClock(Number(ms));
}
