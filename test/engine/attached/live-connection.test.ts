import {createServer, type Server} from 'node:net';
import {join} from 'node:path';
import {afterEach, expect, it} from 'vitest';
import {LiveConnection} from '../../../source/engine/attached/live-connection.js';
import {runtimeFolder} from '../../support/runtime-folder.js';

const folder = runtimeFolder();
const servers: Server[] = [];
let sockets = 0;

afterEach(() => {
	for (const server of servers.splice(0)) server.close();
});

/** A process that sends this line to whoever comes. */
async function processThatSays(line: string): Promise<string> {
	const path = join(folder.path, `${++sockets}.sock`);
	const server = createServer((socket) => {
		socket.on('error', () => {});
		socket.end(`${line}\n`);
	});
	servers.push(server);
	await new Promise<void>((resolve) => server.listen(path, resolve));
	return path;
}

const strange = 'another program answers on its socket';

it.each([
	['of a later version', {protocol: 2, process: {version: '9.0.0'}}, 'has redis-cache-tui 9.0.0, which uses another'],
	['of a version that says less', {protocol: 2}, 'has another version of redis-cache-tui, which uses another'],
	['without its facts', {protocol: 1, caches: []}, strange],
	['without a list of caches', {protocol: 1, process: {pid: 1, version: '1', node: '22', startedAt: 1}}, strange],
	[
		'with a cache that says nothing',
		{protocol: 1, process: {pid: 1, version: '1', startedAt: 1}, caches: [{}]},
		strange,
	],
])('a process %s is refused', async (_, hello, message) => {
	const path = await processThatSays(JSON.stringify({type: 'hello', ...hello}));
	await expect(LiveConnection.open(path)).rejects.toMatchObject({
		code: 'ERR_LIVE_PROTOCOL',
		message: expect.stringContaining(message),
	});
});

it('a process that says something else first is refused', async () => {
	const path = await processThatSays('{"type":"state"}');
	await expect(LiveConnection.open(path)).rejects.toMatchObject({code: 'ERR_LIVE_PROTOCOL', message: strange});
});
