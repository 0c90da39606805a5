import {chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {delimiter, join} from 'node:path';

/** A folder with a fake `ssh` program, in place of a login on another machine. */
export type FakeSsh = {
	/** A PATH that begins with the folder. */
	readonly path: string;
	/** The process ids of all started `ssh` processes, in order of their start. */
	pids(): readonly number[];
	/** The arguments of all started `ssh` processes. */
	calls(): readonly string[];
	remove(): void;
};

/**
 * Forwards a port as `ssh -N -L` does, to the given address and port. For the destination `nobody@…`, the login is refused.
 */
const program = (log: string): string => `#!${process.execPath}
const {appendFileSync} = require('node:fs');
const {connect, createServer} = require('node:net');
const args = process.argv.slice(2);
appendFileSync(${JSON.stringify(log)}, process.pid + ' ' + args.join(' ') + '\\n');
if (args.at(-1).startsWith('nobody@')) {
	console.error(args.at(-1) + ': Permission denied (publickey).');
	process.exit(255);
}
const [host, port, ...end] = args[args.indexOf('-L') + 1].split(':');
const to = end.length === 1 ? {path: end[0]} : {host: end[0], port: Number(end[1])};
createServer((socket) => {
	const far = connect(to);
	socket.on('error', () => far.destroy());
	far.on('error', (error) => {
		console.error('channel 2: open failed: connect failed: ' + error.message);
		socket.destroy();
	});
	socket.pipe(far).pipe(socket);
}).listen(Number(port), host);
`;

export function makeFakeSsh(): FakeSsh {
	const directory = mkdtempSync(join(tmpdir(), 'rct-ssh-'));
	const log = join(directory, 'calls');
	writeFileSync(log, '');
	writeFileSync(join(directory, 'ssh'), program(log));
	chmodSync(join(directory, 'ssh'), 0o755);
	const lines = () =>
		readFileSync(log, 'utf8')
			.split('\n')
			.filter((line) => line !== '');
	return {
		path: `${directory}${delimiter}${process.env.PATH ?? ''}`,
		pids: () => lines().map((line) => Number.parseInt(line, 10)),
		calls: () => lines().map((line) => line.replace(/^\d+ /, '')),
		remove: () => rmSync(directory, {recursive: true, force: true}),
	};
}
